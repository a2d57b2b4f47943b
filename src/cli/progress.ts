import type { SingleBar } from "cli-progress";
import type { ReadProgress } from "../read/readOptions.js";

/** Shows how far a long read has come; silent where stderr is not a terminal. */
export interface Progress {
  update(progress: ReadProgress): void;
  stop(): void;
}

/** Below this the work is done before a bar could be read. */
const MIN_BYTES = 8 * 1024 * 1024;

/** Of a pipe the length is not known: no share and no time left, but what has come. */
const FORMATS = {
  file: "reading [{bar}] {percentage}% | {megabytes} MB | {requests} requests | {eta_formatted} left",
  stream: "reading | {megabytes} MB | {requests} requests | {duration_formatted}",
};

export async function openProgress(): Promise<Progress> {
  if (!process.stderr.isTTY) return { update: () => {}, stop: () => {} };
  const progress = await import("cli-progress");
  let bar: SingleBar | undefined;
  return {
    update({ bytes, storedBytes, totalBytes, events }) {
      if (Math.max(bytes, totalBytes ?? 0) < MIN_BYTES) return;
      const facts = { megabytes: (bytes / 1e6).toFixed(0), requests: events.toLocaleString("en-US") };
      if (bar) return bar.update(storedBytes, facts);
      const format = totalBytes === undefined ? FORMATS.stream : FORMATS.file;
      bar = new progress.SingleBar(
        { stream: process.stderr, clearOnComplete: true, hideCursor: true, format },
        progress.Presets.rect,
      );
      bar.start(totalBytes ?? Number.MAX_SAFE_INTEGER, storedBytes, facts);
    },
    stop() {
      bar?.stop();
    },
  };
}
