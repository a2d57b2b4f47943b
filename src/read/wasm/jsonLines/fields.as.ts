import { ipv4Of } from "./ipv4.as";
import { dottedLength, numberAt, othersThanDigits, wholeNumber } from "./number.as";
import { setAddress, setBytes, setCode, setLatency, setStatus, setTime, setUser } from "./rows.as";
import { QUOTED, Shape } from "./shapes.as";
import { skipValue } from "./skip.as";
import { closingQuote, isAbsentString, pathEnd, pathStopsOf, plainEnd, stopsOf } from "./text.as";
import { epochMs, readTime, timeMs } from "./time.as";
import { findValue, MAX_VALUE_BYTES, ROW_CODE, ROW_DERIVED } from "./values.as";

const QUOTE: i32 = 34;

// The roles of src/read/fields/role.ts that are read here.
const IGNORED: i32 = 0;
const TIME: i32 = 1;
const ADDRESS: i32 = 2;
const STATUS: i32 = 3;
const LATENCY: i32 = 4;
const BYTES: i32 = 5;
const USER: i32 = 6;
const DIMENSION: i32 = 7;
const PATH: i32 = 8;

/** Among what was seen, a bit an operation: that there was a time, that there was an address. */
export const TIME_SEEN: i32 = (1 << TIME) | (1 << (TIME | QUOTED));
export const ADDRESS_SEEN: i32 = 1 << (ADDRESS | QUOTED);

/** What {@link compete} says of a value. */
export const READ: i32 = 1;
export const SKIP: i32 = 2;

/** Whether the line that was not read is of an unknown shape. */
export let isNewShape: bool = false;

/** The value that was met and is not known: its dimension, -1 if there was none; where it begins and ends. */
export let missed: i32 = -1;
export let missedStart: usize = 0;
export let missedEnd: usize = 0;

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

/** Notes that no known shape goes on at `at`, unless it is a value that goes on there. */
export function stopAt(at: usize): usize {
  const c: i32 = load<u8>(at);
  isNewShape = c === QUOTE || c === 44 || c === 125 || c === 32 || c === 123;
  return 0;
}

/** What is to be done with a value that competes with others of the `line`th line: the lowest rank wins. */
export function compete(shape: Shape, op: i32, at: usize, line: i32): i32 {
  if (op & QUOTED ? isAbsentString(at) : load<u8>(at) === 110) return SKIP;
  const stamp = stamps + ((<usize>shape.target) << 2);
  const rank = ranks + ((<usize>shape.target) << 3);
  if (load<i32>(stamp) === line) {
    if (load<f64>(rank) === shape.rank) return 0;
    if (load<f64>(rank) < shape.rank) return SKIP;
  }
  store<i32>(stamp, line);
  store<f64>(rank, shape.rank);
  return READ;
}

/** Where the value at `at` ends; 0 if that cannot be told. */
export function skip(op: i32, at: usize): usize {
  return op & QUOTED ? closingQuote(at) : skipValue(at);
}

/**
 * Reads the value at `at` to the row; returns where it ends, or 0 if it is not for this.
 *
 * @inline
 */
export function readValue(shape: Shape, op: i32, at: usize, row: usize): usize {
  switch (op) {
    case ADDRESS | QUOTED:
      return readAddress(at, row);
    case STATUS:
      return readStatus(at, row);
    case TIME:
    case LATENCY:
    case BYTES:
      return readNumber(shape, op, at, row);
    case USER | QUOTED:
      return readUser(at, row);
    case DIMENSION | QUOTED:
    case PATH | QUOTED:
      return readDimension(shape, op === (PATH | QUOTED), at, row);
    case TIME | QUOTED:
      return readClock(at, row);
    case IGNORED:
    case IGNORED | QUOTED:
      return skip(op, at);
    default:
      return skipAbsent(op, at);
  }
}

/** Where a value without meaning ends; 0 if the value has one. */
function skipAbsent(op: i32, at: usize): usize {
  if (op & QUOTED) return isAbsentString(at) ? closingQuote(at) : 0;
  const c: i32 = load<u8>(at);
  isNewShape = c === QUOTE;
  return c === 110 && op !== TIME ? skipValue(at) : 0;
}

/** @inline */
function readAddress(at: usize, row: usize): usize {
  const text = v128.load(at);
  const length = dottedLength(text);
  const address = ipv4Of(text, length);
  if (address < 0) return 0;
  setAddress(row, <u32>address);
  return at + length;
}

/** A status has three digits. What comes behind them is for the next shape to tell. @inline */
function readStatus(at: usize, row: usize): usize {
  const digits = (load<u32>(at) & 0xffffff) - 0x303030;
  // A byte that is no digit has a high half, or gets one.
  if (((digits | (digits + 0x060606)) & 0xf0f0f0) !== 0 || (digits & 15) === 0) return skipAbsent(STATUS, at);
  setStatus(row, 100 * (digits & 15) + 10 * ((digits >> 8) & 15) + (digits >> 16));
  return at + 3;
}

/** @inline */
function readNumber(shape: Shape, op: i32, at: usize, row: usize): usize {
  const text = v128.load(at);
  if (op === TIME) {
    // Milliseconds have thirteen digits from 2001 to 2286. Where they end is foreseen, and need not be waited for.
    if ((othersThanDigits(text) & 0x3fff) === 0x2000 && load<u8>(at + 13) !== 46 && load<u8>(at) !== 48) {
      setTime(row, wholeNumber(v128.load(at - 3), 13));
      return at + 13;
    }
  }
  const length = dottedLength(text);
  const value = numberAt(at, text, length);
  if (value < 0) return skipAbsent(op, at);
  if (op === LATENCY) setLatency(row, value * shape.scale);
  else if (op === BYTES) setBytes(row, value);
  else {
    const ms = epochMs(value);
    if (ms < 0) return 0;
    setTime(row, ms);
  }
  return at + length;
}

function readClock(at: usize, row: usize): usize {
  const end = readTime(at);
  if (end !== 0) setTime(row, timeMs);
  return end;
}

/** @inline */
function readUser(at: usize, row: usize): usize {
  const head = v128.load(at);
  const stops = stopsOf(head);
  const end = stops !== 0 ? at + ctz(stops) : plainEnd(at + 16);
  if (end - at <= 1) {
    if (isAbsentString(at)) return end;
  }
  setUser(row, head, at, end);
  return end;
}

/** @inline */
function readDimension(shape: Shape, isPath: bool, at: usize, row: usize): usize {
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
