import type { Events } from "../core/events.js";

/** What can be pushed: a batch of events, objects with the fields of NDJSON lines, or whole lines of a log. */
export type MonitorInput = Events | object | Iterable<object> | string | readonly string[] | Uint8Array;

/** Where a push is from. */
export interface PushOptions {
  /** Name of the source: a file, a host, a partition. Time is told for each by itself. Default one source. */
  readonly source?: string;
  /**
   * The offset of the first row in the source (a line's number, its first byte, a message's offset): what was delivered before
   * is told by it. Default none: every push is new.
   */
  readonly offset?: number;
  /** The offset behind the last row. Default `offset` + the number of rows. */
  readonly nextOffset?: number;
}

/** An input by its kind. */
export type KnownInput =
  | { readonly kind: "events"; readonly events: Events }
  | { readonly kind: "lines"; readonly lines: string | Uint8Array; readonly rows: number }
  | { readonly kind: "objects"; readonly objects: readonly object[] };

const NEWLINE = 10;

/** Tells what was pushed. */
export function knownInput(input: MonitorInput): KnownInput {
  if (typeof input === "string") return { kind: "lines", lines: input, rows: lineCount(input) };
  if (input instanceof Uint8Array) return { kind: "lines", lines: input, rows: newlineCount(input) };
  if (isEvents(input)) return { kind: "events", events: input };
  if (!(Symbol.iterator in input)) return { kind: "objects", objects: [input] };
  const rows = [...(input as Iterable<object | string>)];
  if (rows.length === 0 || typeof rows[0] !== "string") return { kind: "objects", objects: rows as object[] };
  return { kind: "lines", lines: rows.join("\n"), rows: rows.length };
}

/** An input without its first rows, which were delivered before. */
export function withoutFirst(input: KnownInput, rows: number): KnownInput {
  if (rows === 0 || input.kind === "events") return input;
  if (input.kind === "objects") return { kind: "objects", objects: input.objects.slice(rows) };
  const text = typeof input.lines === "string" ? input.lines : new TextDecoder().decode(input.lines);
  return { kind: "lines", lines: text.split("\n").slice(rows).join("\n"), rows: Math.max(0, input.rows - rows) };
}

/** How many rows an input has. */
export function rowsOf(input: KnownInput): number {
  if (input.kind === "events") return input.events.length;
  return input.kind === "objects" ? input.objects.length : input.rows;
}

function isEvents(input: object): input is Events {
  return "timeMs" in input && input.timeMs instanceof Float64Array && "places" in input && "client" in input;
}

function lineCount(text: string): number {
  if (text === "") return 0;
  let count = text.endsWith("\n") ? 0 : 1;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) count++;
  return count;
}

function newlineCount(bytes: Uint8Array): number {
  if (bytes.length === 0) return 0;
  let count = bytes[bytes.length - 1] === NEWLINE ? 0 : 1;
  for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) count++;
  return count;
}
