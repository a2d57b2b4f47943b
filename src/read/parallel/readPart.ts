import { readSync } from "node:fs";
import type { Events } from "../../core/events.js";
import type { ColumnLocator } from "../columns/eventColumns.js";
import { EventColumns } from "../columns/eventColumns.js";
import type { Format } from "../format/formats.js";
import { type DecodeOptions, makeDecoder } from "../format/makeDecoder.js";
import type { LineSink } from "../lineDecoder.js";
import { type RejectedLine, type RejectReason, SAMPLES_A_REASON } from "../readReport.js";
import { MAX_LINE_BYTES } from "../source/lineBlocks.js";
import { sampleText } from "../sourceTally.js";
import type { PartResult, PartTask } from "./partTask.js";

const SLACK_BYTES = 64;
const NEWLINE = 10;
/** Rows that a part's columns begin with; they grow. */
const FIRST_ROWS = 1 << 16;

export interface PartReader {
  readonly fd: number;
  readonly format: Format;
  readonly decode: DecodeOptions;
  readonly routes: boolean;
  readonly locator: ColumnLocator;
  /** Overwritten by each part. */
  buffer: Uint8Array;
}

/** Reads the lines that begin in a part of a file. */
export function readPart(reader: PartReader, task: PartTask): PartResult {
  const sink = new PartSink();
  const columns = new EventColumns({
    capacity: FIRST_ROWS,
    maxValues: Number.POSITIVE_INFINITY,
    routes: reader.routes,
  });
  const decoder = makeDecoder(reader.format, columns, reader.decode, sink);
  const { from, to, tooLong } = loadLines(reader, task);
  for (let at = from; at < to; ) {
    at = decoder.scan(reader.buffer, at, to, true);
    if (columns.length === columns.capacity && at < to) columns.grow();
  }
  if (tooLong !== undefined) {
    sink.line++;
    sink.reject("line-too-long", tooLong, 0, tooLong.length);
  }
  return partResult(task.id, columns.take(reader.locator), sink, to - from);
}

interface LoadedLines {
  /** The lines are buffer[from, to). */
  readonly from: number;
  readonly to: number;
  /** The first bytes of a line behind them that is too long. */
  readonly tooLong: Uint8Array | undefined;
}

/** Reads the part from the byte before it to the end of its last line. */
function loadLines(reader: PartReader, task: PartTask): LoadedLines {
  const before = Math.max(0, task.start - 1);
  const wanted = task.end - before;
  if (reader.buffer.length < wanted + SLACK_BYTES)
    reader.buffer = new Uint8Array(wanted + 2 * MAX_LINE_BYTES + SLACK_BYTES);
  let length = fill(reader, before, 0, wanted);
  // A line belongs to the part that its first byte is in: this part's first begins behind a newline.
  const from = task.start === 0 ? markBytes(reader.buffer) : reader.buffer.indexOf(NEWLINE) + 1;
  if (length === 0 || (task.start > 0 && (from === 0 || from > length))) return { from: 0, to: 0, tooLong: undefined };
  const lastByte = length - 1;
  let newline = reader.buffer[lastByte] === NEWLINE ? lastByte : -1;
  let isEnd = false;
  while (newline < 0 && !isEnd && length - lastByte <= 2 * MAX_LINE_BYTES) {
    const more = fill(reader, before + length, length, READ_ON_BYTES);
    newline = reader.buffer.subarray(0, length + more).indexOf(NEWLINE, length);
    isEnd = more === 0;
    length += more;
  }
  if (newline >= 0) return { from, to: newline + 1, tooLong: undefined };
  const lineStart = Math.max(from, reader.buffer.lastIndexOf(NEWLINE, length - 1) + 1);
  if (!isEnd) return { from, to: lineStart, tooLong: reader.buffer.slice(lineStart, lineStart + 256) };
  if (length > from) reader.buffer[length++] = NEWLINE;
  return { from, to: length, tooLong: undefined };
}

const READ_ON_BYTES = 1 << 16;

/** Reads bytes of the file from `position` to the buffer from `at`; returns how many there were. */
function fill(reader: PartReader, position: number, at: number, count: number): number {
  if (at + count + SLACK_BYTES > reader.buffer.length) {
    const larger = new Uint8Array(2 * reader.buffer.length + count);
    larger.set(reader.buffer.subarray(0, at));
    reader.buffer = larger;
  }
  let read = 0;
  while (read < count) {
    const got = readSync(reader.fd, reader.buffer, at + read, count - read, position + read);
    if (got === 0) break;
    read += got;
  }
  return read;
}

/** Length of a byte-order mark. */
function markBytes(bytes: Uint8Array): number {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
}

/** Counts the lines of a part, and keeps its first rejected ones. */
class PartSink implements LineSink {
  line = 0;
  skipped = 0;
  readonly reasons: Partial<Record<RejectReason, number>> = {};
  readonly samples: Omit<RejectedLine, "file">[] = [];

  reject(reason: RejectReason, bytes: Uint8Array, start: number, end: number): void {
    const count = (this.reasons[reason] ?? 0) + 1;
    this.reasons[reason] = count;
    if (count <= SAMPLES_A_REASON) this.samples.push({ line: this.line, reason, text: sampleText(bytes, start, end) });
  }
}

function partResult(id: number, events: Events, sink: PartSink, readBytes: number): PartResult {
  const { client, user, dimensions } = events;
  return {
    id,
    length: events.length,
    timeMs: events.timeMs,
    family: client.family,
    address: client.value,
    words: client.words,
    place: events.place,
    network: events.network,
    status: events.status,
    latencyMs: events.latencyMs,
    bytes: events.bytes,
    userLow: user.low,
    userHigh: user.high,
    userStart: user.starts,
    userEnd: user.ends,
    names: user.bytes,
    dimensions: [...dimensions].map(([name, { codes, dictionary }]) => ({ name, codes, values: dictionary.values })),
    lines: sink.line,
    skipped: sink.skipped,
    reasons: sink.reasons,
    samples: sink.samples,
    readBytes,
  };
}
