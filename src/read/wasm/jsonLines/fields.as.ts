import { ipv4, readIpv4 } from "./ipv4.as";
import { number, readNumber } from "./number.as";
import { setAddress, setBytes, setCode, setLatency, setStatus, setTime, setUser } from "./rows.as";
import { Shape } from "./shapes.as";
import { skipValue } from "./skip.as";
import { isAbsent, pathEnd, plainEnd } from "./text.as";
import { epochMs, readTime, timeMs } from "./time.as";
import { code, derived, findValue, MAX_VALUE_BYTES } from "./values.as";

const QUOTE: i32 = 34;
const COMMA: i32 = 44;
const CLOSE: i32 = 125;
const SPACE: i32 = 32;

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
  missed = -1;
}

/** A value that competes with others of the line, which is the `line`th: the lowest rank wins. */
export function readContested(shape: Shape, at: usize, line: i32): usize {
  if (isAbsent(at)) return skipValue(at);
  const stamp = stamps + ((<usize>shape.target) << 2);
  const rank = ranks + ((<usize>shape.target) << 3);
  if (load<i32>(stamp) === line) {
    if (load<f64>(rank) === shape.rank) return 0;
    if (load<f64>(rank) < shape.rank) return skipValue(at);
  }
  store<i32>(stamp, line);
  store<f64>(rank, shape.rank);
  return readField(shape, at);
}

/** Reads the value at `at` to the row; returns where it ends, or 0 if it is not for this. */
export function readField(shape: Shape, at: usize): usize {
  const c: i32 = load<u8>(at);
  const role = shape.role;
  if (c === QUOTE) {
    if (role === ADDRESS) return readAddress(at + 1);
    if (role === USER) return readUser(at);
    if (role === DIMENSION || role === PATH) return readDimension(role, shape.dimension, at);
    if (role === TIME) return readClock(at + 1);
    return role === IGNORED || isAbsent(at) ? skipValue(at) : 0;
  }
  if (<u32>(c - 48) < 10 && role !== IGNORED) return readNumeric(shape, at);
  return role === IGNORED || c === 110 ? skipValue(at) : 0;
}

function readNumeric(shape: Shape, at: usize): usize {
  const end = readNumber(at);
  if (end === 0) return 0;
  const c: i32 = load<u8>(end);
  if (c !== COMMA && c !== CLOSE && c !== SPACE) return 0;
  const role = shape.role;
  if (role === TIME) setTime(epochMs(number));
  else if (role === STATUS) {
    const status = <i32>number;
    if (<f64>status !== number || <u32>(status - 100) > 899) return 0;
    setStatus(status);
  } else if (role === LATENCY) setLatency(number * shape.scale);
  else if (role === BYTES) setBytes(number);
  else return 0;
  return end;
}

function readAddress(at: usize): usize {
  const end = readIpv4(at);
  if (end === 0) return 0;
  setAddress(ipv4);
  return end + 1;
}

function readClock(at: usize): usize {
  const end = readTime(at);
  if (end === 0) return 0;
  setTime(timeMs);
  return end + 1;
}

function readUser(at: usize): usize {
  const end = plainEnd(at + 1);
  if (load<u8>(end) !== QUOTE) return 0;
  if (!isAbsent(at)) setUser(at + 1, end);
  return end + 1;
}

function readDimension(role: i32, dimension: i32, at: usize): usize {
  if (isAbsent(at)) return skipValue(at);
  const start = at + 1;
  const isPath = role === PATH;
  // A path that does not begin with a slash may be a URL.
  if (isPath && load<u8>(start) !== 47) return 0;
  const end = isPath ? pathEnd(start) : plainEnd(start);
  let stop = end;
  if (load<u8>(end) !== QUOTE) {
    const c: i32 = load<u8>(end);
    if (!isPath || (c !== 63 && c !== 35)) return 0;
    stop = plainEnd(end);
    if (load<u8>(stop) !== QUOTE) return 0;
  }
  if (end - start > MAX_VALUE_BYTES) return 0;
  if (findValue(dimension, start, end)) {
    setCode(dimension, code, derived);
    return stop + 1;
  }
  missed = dimension;
  missedStart = start;
  missedEnd = end;
  return 0;
}
