import { Presets, SingleBar } from "cli-progress";

/** Shows how far a long read has come; silent where stderr is not a terminal. */
export interface Progress {
  update(bytesRead: number, bytesTotal: number | undefined, events: number): void;
  stop(): void;
}

/** Below this the work is done before a bar could be read. */
const MIN_BYTES = 8 * 1024 * 1024;

export function openProgress(): Progress {
  if (!process.stderr.isTTY) return { update: () => {}, stop: () => {} };
  const bar = new SingleBar(
    {
      stream: process.stderr,
      clearOnComplete: true,
      hideCursor: true,
      format: "reading [{bar}] {percentage}% | {megabytes} MB | {events} events | {eta_formatted} left",
    },
    Presets.rect,
  );
  let started = false;
  return {
    update(bytesRead, bytesTotal, events) {
      if (Math.max(bytesRead, bytesTotal ?? 0) < MIN_BYTES) return;
      const facts = { megabytes: (bytesRead / 1e6).toFixed(0), events: events.toLocaleString("en-US") };
      if (bytesTotal === undefined) process.stderr.write(`\rreading | ${facts.megabytes} MB | ${facts.events} events`);
      else if (started) bar.update(bytesRead, facts);
      else bar.start(bytesTotal, bytesRead, facts);
      started = true;
    },
    stop() {
      if (started) bar.stop();
    },
  };
}
