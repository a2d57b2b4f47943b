import { storeHash } from "./names.as";

/** Room for rows, and for dimensions of theirs. */
export const MAX_ROWS: i32 = 1 << 12;
export const MAX_DIMENSIONS: i32 = 64;

/**
 * Columns whose distance is a power of two would share few sets of the cache, and a load would wait for the store to
 * another column at the same place of its page.
 */
const GAP: usize = 192;
const TWO: usize = 2 * MAX_ROWS + GAP;
const FOUR: usize = 4 * MAX_ROWS + GAP;
const EIGHT: usize = 8 * MAX_ROWS + GAP;

// Where the columns are: addresses that are known beforehand are part of the instructions. Constants lie below.
export const TIME_MS: usize = 1 << 12;
export const BYTES: usize = TIME_MS + EIGHT;
export const ADDRESS: usize = BYTES + EIGHT;
export const LATENCY_MS: usize = ADDRESS + FOUR;
export const STATUS: usize = LATENCY_MS + FOUR;
export const USER_LOW: usize = STATUS + TWO;
export const USER_HIGH: usize = USER_LOW + FOUR;
export const USER_START: usize = USER_HIGH + FOUR;
export const USER_END: usize = USER_START + FOUR;
/** Codes of the first dimension; those of each further one are {@link CODES_STRIDE} bytes behind. */
export const CODES: usize = USER_END + FOUR;
export const CODES_STRIDE: usize = FOUR;
export const END: usize = CODES + <usize>MAX_DIMENSIONS * CODES_STRIDE;

/** Rows read since {@link startRows}, and the bytes of their names. */
export let rows: i32 = 0;
export let nameBytes: u32 = 0;

let dimensions: i32 = 0;
let pathDimension: i32 = -1;
let routeDimension: i32 = -1;
let hasTime: bool = false;
let hasAddress: bool = false;
let names: usize = 0;
let nameBase: u32 = 0;

const NOT_NUMBERS = memory.data<f64>([NaN, NaN]);
const NOT_FLOATS = memory.data<f32>([NaN, NaN, NaN, NaN]);

/** Says where names go; sixteen bytes behind the last may be overwritten. The memory of the columns must be 0. */
export function bindNames(at: usize): void {
  names = at;
  clearRows(0, MAX_ROWS);
}

/**
 * Starts rows anew.
 *
 * @param dimensionCount - how many dimensions there are
 * @param path - the dimension whose derived codes the dimension `route` gets; -1 if there is none
 * @param earlierNames - bytes of names that stand before those of these rows
 */
export function startRows(dimensionCount: i32, path: i32, route: i32, earlierNames: u32): void {
  clearRows(0, rows);
  dimensions = dimensionCount;
  pathDimension = path;
  routeDimension = route;
  nameBase = earlierNames;
  nameBytes = 0;
  rows = 0;
}

/** Starts a row. @inline */
export function startRow(): void {
  hasTime = false;
  hasAddress = false;
}

/** Whether the row has a time and an address. @inline */
export function isComplete(): bool {
  return hasTime && hasAddress;
}

/** Says how many rows were read. */
export function setRows(count: i32): void {
  rows = count;
}

/** Makes a row absent again. */
export function dropRow(row: i32): void {
  clearRows(row, 1);
}

/** Takes back all names beyond the first so many bytes. */
export function cutNames(bytes: u32): void {
  nameBytes = bytes;
}

/** Makes `count` rows absent in every column; those behind them are. */
function clearRows(first: usize, count: usize): void {
  fill(BYTES + (first << 3), count << 3, v128.load(NOT_NUMBERS));
  fill(LATENCY_MS + (first << 2), count << 2, v128.load(NOT_FLOATS));
  const zero = i32x4.splat(0);
  fill(STATUS + (first << 1), count << 1, zero);
  fill(USER_LOW + (first << 2), count << 2, zero);
  fill(USER_HIGH + (first << 2), count << 2, zero);
  fill(USER_START + (first << 2), count << 2, zero);
  fill(USER_END + (first << 2), count << 2, zero);
  for (let d = 0; d < dimensions; d++) fill(CODES + CODES_STRIDE * d + (first << 2), count << 2, zero);
}

function fill(start: usize, bytes: usize, value: v128): void {
  for (let at = start; at < start + bytes; at += 16) v128.store(at, value);
}

/** Sets the time, epoch milliseconds. @inline */
export function setTime(row: usize, timeMs: f64): void {
  store<f64>(row << 3, timeMs, TIME_MS);
  hasTime = true;
}

/** @inline */
export function setAddress(row: usize, ipv4: u32): void {
  store<u32>(row << 2, ipv4, ADDRESS);
  hasAddress = true;
}

/** @inline */
export function setStatus(row: usize, status: i32): void {
  store<u16>(row << 1, status, STATUS);
}

/** @inline */
export function setLatency(row: usize, latencyMs: f64): void {
  store<f32>(row << 2, <f32>latencyMs, LATENCY_MS);
}

/** @inline */
export function setBytes(row: usize, bytes: f64): void {
  store<f64>(row << 3, bytes, BYTES);
}

/**
 * Sets the user to the name from `start` to `end`, of which `head` is the first sixteen bytes.
 *
 * @inline
 */
export function setUser(row: usize, head: v128, start: usize, end: usize): void {
  const first = nameBytes;
  const last = first + <u32>(end - start);
  v128.store(names + first, head);
  if (end - start > 16) memory.copy(names + first + 16, start + 16, end - start - 16);
  nameBytes = last;
  store<u32>(row << 2, nameBase + first, USER_START);
  store<u32>(row << 2, nameBase + last, USER_END);
  storeHash(start, end, USER_LOW + (row << 2), USER_HIGH + (row << 2));
}

/**
 * Sets the code of a dimension, and of the route where the dimension is the path and there is no route yet.
 *
 * @inline
 */
export function setCode(row: usize, dimension: i32, code: u32, derived: u32): void {
  const codes = row << 2;
  store<u32>(codes + CODES_STRIDE * dimension, code, CODES);
  if (dimension !== pathDimension) return;
  const route = codes + CODES_STRIDE * routeDimension;
  if (load<u32>(route, CODES) === 0) store<u32>(route, derived, CODES);
}
