import type { SingleBar } from "cli-progress";
import type { ReadProgress } from "../read/readOptions.js";

/** Shows how far a long job has come, phase by phase; silent where stderr is not a terminal. */
export interface Progress {
  /** The log is being read. */
  update(progress: ReadProgress): void;
  /** What was read is being judged: so many of the steps are done. */
  judge(done: number, steps: number): void;
  stop(): void;
}

/** Where progress is shown, and the clock, which tests replace. */
export interface ProgressTerminal {
  readonly stream: NodeJS.WriteStream;
  readonly nowMs: () => number;
}

/** Below this the work is done before a bar could be read. */
const MIN_BYTES = 8 * 1024 * 1024;
/** How long a phase must have run before it is said how long it will. */
const FIRST_GUESS_MS = 2000;

/** Of a pipe the length is not known: no share and no time left, but what has come. */
const FORMATS = {
  file: "reading [{bar}] {percentage}% | {megabytes} MB | {requests} requests{left}",
  stream: "reading | {megabytes} MB | {requests} requests | {duration_formatted}",
  judge: "judging [{bar}] {percentage}%{left}",
};

export async function openProgress(
  { stream, nowMs }: ProgressTerminal = { stream: process.stderr, nowMs: Date.now },
): Promise<Progress> {
  if (!stream.isTTY) return { update: () => {}, judge: () => {}, stop: () => {} };
  const progress = await import("cli-progress");
  let bar: SingleBar | undefined;
  let [phase, sinceMs] = ["", 0];
  const show = (format: keyof typeof FORMATS, done: number, all: number, facts: object): void => {
    if (phase !== format) {
      bar?.stop();
      [phase, sinceMs] = [format, nowMs()];
      bar = new progress.SingleBar(
        { stream, clearOnComplete: true, hideCursor: true, format: FORMATS[format] },
        progress.Presets.rect,
      );
      bar.start(all, done, { ...facts, left: "" });
    } else bar?.update(done, { ...facts, left: timeLeft(nowMs() - sinceMs, done / all) });
  };
  return {
    update({ bytes, storedBytes, totalBytes, events }) {
      if (Math.max(bytes, totalBytes ?? 0) < MIN_BYTES) return;
      const facts = { megabytes: (bytes / 1e6).toFixed(0), requests: events.toLocaleString("en-US") };
      show(totalBytes === undefined ? "stream" : "file", storedBytes, totalBytes ?? Number.MAX_SAFE_INTEGER, facts);
    },
    judge(done, steps) {
      // A log of which no reading was shown is judged as soon.
      if (bar !== undefined) show("judge", done, steps, {});
    },
    stop() {
      bar?.stop();
      bar = undefined;
    },
  };
}

/** How long a phase will go on at its pace so far; nothing where that cannot be told. */
function timeLeft(ranMs: number, share: number): string {
  if (ranMs < FIRST_GUESS_MS || !(share > 0)) return "";
  const seconds = Math.round((ranMs / share - ranMs) / 1000);
  return seconds < 60 ? ` | ${seconds} s left` : ` | ${Math.round(seconds / 60)} min left`;
}
