import { longNumber, readLongNumber } from "./longNumber.as";
import { setBytes, setCode, setLatency, setTime, startRow } from "./rows.as";
import { BYTES, IGNORED, IGNORED_STRING, isString, LATENCY, REFUSED, Shape, TIME } from "./shapes.as";
import { skipValue } from "./skip.as";
import { closingQuote, isAbsentString, pathEnd, pathStopsOf, plainEnd, stopsOf } from "./text.as";
import { clockMs, epochMs, readClockTime } from "./time.as";
import { findValue, MAX_VALUE_BYTES, ROW_CODE, ROW_DERIVED } from "./values.as";

const QUOTE: i32 = 34;

/** Whether the line that was not read is of an unknown shape. */
export let isNewShape: bool = false;

/** The value that was met and is not known: its dimension, -1 if there was none; where it begins and ends. */
export let missed: i32 = -1;
export let missedStart: usize = 0;
export let missedEnd: usize = 0;

/** Lines begun. */
let lines: i32 = 0;
/** For each target, the line that last had a value of it, and that value's rank. */
let stamps: usize = 0;
let ranks: usize = 0;

/** Says where there is room for what fields compete with; the memory must be 0. */
export function bindFields(stampsAt: usize, ranksAt: usize): void {
  stamps = stampsAt;
  ranks = ranksAt;
}

/** Forgets what was missed. */
export function forgetMissed(): void {
  isNewShape = false;
  missed = -1;
}

/** Starts the next line. @inline */
export function startLine(): void {
  lines++;
  startRow();
}

/** Notes that no known shape goes on at `at`, unless it is a value that goes on there. */
export function stopAt(at: usize): usize {
  const c: i32 = load<u8>(at);
  isNewShape = c === QUOTE || c === 44 || c === 125 || c === 32 || c === 123;
  return 0;
}

/** What is to be done with a value that competes with others of the line: the lowest rank wins. */
export function compete(shape: Shape, op: i32, at: usize): i32 {
  const isText = isString(shape);
  const skip = isText ? IGNORED_STRING : IGNORED;
  if (isText ? isAbsentString(at) : load<u8>(at) === 110) return skip;
  const stamp = stamps + ((<usize>shape.target) << 2);
  const rank = ranks + ((<usize>shape.target) << 3);
  if (load<i32>(stamp) === lines) {
    if (load<f64>(rank) === shape.rank) return REFUSED;
    if (load<f64>(rank) < shape.rank) return skip;
  }
  store<i32>(stamp, lines);
  store<f64>(rank, shape.rank);
  return op;
}

/** Where a null ends; 0 if the value is another. */
export function skipNull(at: usize): usize {
  const c: i32 = load<u8>(at);
  isNewShape = c === QUOTE;
  return c === 110 ? skipValue(at) : 0;
}

/** Where the closing quote is of an empty string or a dash; 0 if the string is another. */
export function skipAbsentString(at: usize): usize {
  return isAbsentString(at) ? closingQuote(at) : 0;
}

/** Reads a number, or null, of any length and as any field; returns where it ends, or 0 if it is not for this. */
export function readAnyNumber(shape: Shape, op: i32, at: usize, row: usize): usize {
  const end = readLongNumber(at);
  if (end === 0) {
    const behindNull = skipNull(at);
    return op === TIME ? 0 : behindNull;
  }
  if (op === LATENCY) setLatency(row, longNumber * shape.scale);
  else if (op === BYTES) setBytes(row, longNumber);
  else {
    const ms = epochMs(longNumber);
    if (ms < 0) return 0;
    setTime(row, ms);
  }
  return end;
}

/** Reads a time of day with its date; returns where its closing quote is, or 0 if it is none. */
export function readClock(at: usize, row: usize): usize {
  const end = readClockTime(at);
  if (end !== 0) setTime(row, clockMs);
  return end;
}

/**
 * Reads a value of a dimension; returns where its closing quote is, or 0 if it is not known.
 *
 * @inline
 */
export function readDimension(shape: Shape, isPath: bool, at: usize, row: usize): usize {
  const head = v128.load(at);
  const stops = isPath ? pathStopsOf(head) : stopsOf(head);
  const end = stops !== 0 ? at + ctz(stops) : isPath ? pathEnd(at + 16) : plainEnd(at + 16);
  if (end - at <= 1) {
    if (isAbsentString(at)) return end;
  }
  let stop = end;
  if (load<u8>(end) !== QUOTE) {
    stop = isPath ? queryEnd(end) : 0;
    if (stop === 0) return 0;
  }
  // A path that does not begin with a slash may be a URL.
  if (isPath) {
    if (load<u8>(at) !== 47) return 0;
  }
  const value = findValue(shape.dimension, head, at, end);
  if (value === 0) return miss(shape.dimension, at, end);
  setCode(row, shape.dimension, load<u32>(value, ROW_CODE), load<u32>(value, ROW_DERIVED));
  return stop;
}

/** Where the query or fragment ends that begins at `at`; 0 if it is none, or not plain. */
function queryEnd(at: usize): usize {
  const c: i32 = load<u8>(at);
  if (c !== 63 && c !== 35) return 0;
  const end = plainEnd(at);
  return load<u8>(end) === QUOTE ? end : 0;
}

/** Notes a value that is not known, unless it is too long to be. */
function miss(dimension: i32, start: usize, end: usize): usize {
  if (end - start > MAX_VALUE_BYTES) return 0;
  missed = dimension;
  missedStart = start;
  missedEnd = end;
  return 0;
}
