import { knownField } from "../fields/knownFields.js";
import { ROLE } from "../fields/role.js";
import { timeBytes } from "../fields/timeBytes.js";
import { parseJson } from "../json/parseJson.js";
import type { Envelope, InnerLine } from "./envelope.js";

/** Steps to a value: a key, or every element of a list. */
type Path = readonly (string | typeof EACH)[];
const EACH = Symbol("each element");

/** Shorter texts hold no line of a log. */
const MIN_LINE = 20;
const MAX_PATHS = 64;
const MAX_DEPTH = 6;

/** Names of the time beside those that events have. */
const TIMES = new Set(["__REALTIME_TIMESTAMP", "_SOURCE_REALTIME_TIMESTAMP", "ingestionTime", "time_nanos"]);

/**
 * Envelopes that the JSON objects of some lines may be: one for each of their texts that is long enough to be a line. Docker
 * has it in `log`, journald in `MESSAGE`, Filebeat in `message`, Loki in the second element of `values`; what it is called
 * does not matter.
 */
export function jsonEnvelopes(lines: readonly string[]): readonly Envelope[] {
  const paths = new Map<string, Path>();
  for (const line of lines.slice(0, 5)) {
    const value = objectOf(line);
    if (value !== undefined) addPaths(value, [], paths);
  }
  return [...paths].map(([name, path]) => ({
    name: `JSON, ${name}`,
    open(line) {
      const value = objectOf(line);
      if (value === undefined) return undefined;
      const inner: InnerLine[] = [];
      collect(value, path, { timeMs: Number.NaN, isPrompt: false }, inner);
      return inner.length > 0 ? inner : undefined;
    },
  }));
}

function objectOf(line: string): object | undefined {
  if (!/^\s*[{[]/.test(line)) return undefined;
  const value = parseJson(line);
  return typeof value === "object" && value !== null ? value : undefined;
}

function addPaths(value: unknown, path: Path, into: Map<string, Path>): void {
  if (into.size >= MAX_PATHS || path.length > MAX_DEPTH) return;
  if (textOf(value).length >= MIN_LINE) {
    into.set(path.map((step) => (step === EACH ? "[]" : step)).join("."), path);
    return;
  }
  if (Array.isArray(value)) {
    const isPair = value.length === 2 && typeof value[1] === "string" && /^\d+$/.test(String(value[0]));
    if (isPair) addPaths(value[1], [...path, "1"], into);
    else for (const one of value.slice(0, 3)) addPaths(one, [...path, EACH], into);
  } else if (typeof value === "object" && value !== null)
    for (const [key, one] of Object.entries(value)) addPaths(one, [...path, key], into);
}

/** A text, or the bytes of one, as journald writes what is no UTF-8 or has control characters. */
function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  const isBytes =
    Array.isArray(value) &&
    value.length >= MIN_LINE &&
    value.every((one) => Number.isInteger(one) && one >= 0 && one < 256);
  return isBytes ? decoder.decode(Uint8Array.from(value as number[])) : "";
}

interface Times {
  readonly timeMs: number;
  readonly isPrompt: boolean;
}

function collect(value: unknown, path: Path, times: Times, into: InnerLine[]): void {
  const [step, ...rest] = path;
  if (step === undefined) {
    for (const text of textOf(value).split(/\r?\n/))
      if (text.trim() !== "") into.push({ text, offsetMs: Number.NaN, ...times });
  } else if (step === EACH) {
    if (Array.isArray(value)) for (const one of value) collect(one, rest, times, into);
  } else if (Array.isArray(value)) {
    const timeMs = timeOf(value[0]);
    collect(value[Number(step)], rest, Number.isNaN(timeMs) ? times : { timeMs, isPrompt: false }, into);
  } else if (typeof value === "object" && value !== null && Object.hasOwn(value, step)) {
    collect((value as Record<string, unknown>)[step], rest, timesOf(value as Record<string, unknown>, times), into);
  }
}

function timesOf(object: Readonly<Record<string, unknown>>, outer: Times): Times {
  // Docker and journald write the line as it comes; who ships it may be behind.
  const isPrompt = "__REALTIME_TIMESTAMP" in object || ("log" in object && "stream" in object && "time" in object);
  for (const [name, value] of Object.entries(object)) {
    if (!TIMES.has(name) && knownField(name).role !== ROLE.time) continue;
    const timeMs = timeOf(value);
    if (!Number.isNaN(timeMs)) return { timeMs, isPrompt };
  }
  return outer;
}

function timeOf(value: unknown): number {
  if (typeof value !== "string" && typeof value !== "number") return Number.NaN;
  const bytes = encoder.encode(String(value));
  return timeBytes(bytes, 0, bytes.length);
}

const decoder = new TextDecoder();
const encoder = new TextEncoder();
