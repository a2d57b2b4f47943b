import { setTimeout as sleep } from "node:timers/promises";
import type { Events } from "../../../core/events.js";
import { decompressed } from "../../../read/source/decompress.js";
import { headOfFile } from "../../../read/source/follow/fileIdentity.js";
import { followFile, type LogFile, type LogPosition } from "../../../read/source/follow/followFile.js";
import { LineCutter } from "../../../read/source/follow/lineCutter.js";
import { findFile } from "../../../read/source/follow/rotatedFiles.js";
import { LineBatches, type LineBatchesOptions } from "./lineBatches.js";
import type { LogBatch, LogItem } from "./logBatch.js";

export interface ReadLogOptions extends LineBatchesOptions {
  readonly from: "start" | "end" | LogPosition;
  readonly signal: AbortSignal;
  /** Told of a file before its first lines are given, with all files of the log that may be needed again. */
  readonly onFile: (files: readonly LogFile[]) => Promise<void>;
  /** Told what is not as it should be. */
  readonly onWarning: (text: string) => void;
}

/** Standard input that gives nothing for so long is idle. */
const IDLE_MS = 250;
/** Files of a log that are remembered. */
const MOST_FILES = 64;

/** The events of a log as they are written, by batches; of a file that is compressed, and then it ends. */
export async function* readLog(path: string, options: ReadLogOptions): AsyncGenerator<LogItem> {
  const { from, signal, onFile, onWarning } = options;
  const lines = new LineBatches(path, options);
  let files: readonly LogFile[] = typeof from === "object" ? from.files : [];
  if (typeof from === "object") await prime(lines, path, from);
  for await (const event of followFile(path, { from, signal })) {
    if (event.kind === "idle") yield "idle";
    else if (event.kind === "lost")
      onWarning(`${path}: what followed byte ${event.offset} was rotated away and is gone`);
    else if (event.kind === "file") {
      lines.startFile();
      files = [...files.filter(({ base }) => base < event.file.base), event.file].slice(-MOST_FILES);
      await onFile(files);
    } else {
      if (event.tooLong > 0) options.onReject("too-long", event.tooLong);
      for (const events of lines.read(event.bytes)) yield batchOf(path, events, event);
    }
  }
}

/** The events of standard input, by batches, until it ends. */
export async function* readStdin(
  stdin: AsyncIterable<Uint8Array>,
  options: Omit<ReadLogOptions, "from" | "onFile">,
): AsyncGenerator<LogItem> {
  const name = "standard input";
  const lines = new LineBatches(name, options);
  const cutter = new LineCutter(0);
  const chunks = decompressed(stdin, name)[Symbol.asyncIterator]();
  let next = chunks.next();
  let isIdle = false;
  const aborted = new Promise<"aborted">((resolve) => {
    options.signal.addEventListener("abort", () => resolve("aborted"), { once: true });
  });
  while (!options.signal.aborted) {
    const timer = new AbortController();
    const idle = sleep(IDLE_MS, "idle" as const, { signal: timer.signal }).catch(() => "idle" as const);
    const got = await Promise.race([next, aborted, ...(isIdle ? [] : [idle])]);
    timer.abort();
    if (got === "aborted") return;
    if (got === "idle") {
      isIdle = true;
      yield "idle";
      continue;
    }
    isIdle = false;
    const cuts = got.done ? [cutter.flush()] : pieces(got.value).map((piece) => cutter.push(piece));
    for (const cut of cuts) {
      if (cut === undefined) continue;
      if (cut.tooLong > 0) options.onReject("too-long", cut.tooLong);
      for (const events of lines.read(cut.bytes)) yield batchOf(name, events);
    }
    if (got.done) return;
    next = chunks.next();
  }
}

const PIECE_BYTES = 1 << 16;

function pieces(chunk: Uint8Array): Uint8Array[] {
  const count = Math.ceil(chunk.length / PIECE_BYTES);
  return Array.from({ length: count }, (_, i) => chunk.subarray(i * PIECE_BYTES, (i + 1) * PIECE_BYTES));
}

function batchOf(source: string, events: Events, offsets?: LogBatch["offsets"]): LogBatch {
  let firstMs = Number.POSITIVE_INFINITY;
  for (let row = 0; row < events.length; row++) if (events.timeMs[row]! < firstMs) firstMs = events.timeMs[row]!;
  const { offset, nextOffset } = offsets ?? {};
  return {
    source,
    events,
    firstMs: events.length === 0 ? Number.NEGATIVE_INFINITY : firstMs,
    offsets: offset === undefined ? undefined : { offset, nextOffset: nextOffset! },
  };
}

/** Formats that say what their fields are at the head of a file have to be told from there. */
async function prime(lines: LineBatches, path: string, { files, offset }: LogPosition): Promise<void> {
  const file = files.findLast(({ base }) => base <= offset);
  const at = file && (await findFile(path, file));
  if (at === undefined) return;
  const head = await headOfFile(at, PIECE_BYTES);
  const end = head.lastIndexOf(10) + 1;
  if (end > 0) lines.prime(head.subarray(0, end));
}
