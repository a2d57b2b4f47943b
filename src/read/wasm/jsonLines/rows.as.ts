import { copyName, hashHigh, hashLow } from "./names.as";

/** Where the columns of the rows are. */
@unmanaged
class Columns {
  timeMs: usize;
  address: usize;
  status: usize;
  latencyMs: usize;
  bytes: usize;
  userLow: usize;
  userHigh: usize;
  userStart: usize;
  userEnd: usize;
  /** Codes of the first dimension; those of each further one are `codesStride` bytes behind. */
  codes: usize;
  codesStride: usize;
  names: usize;
}

/** Rows read since {@link startRows}, and the bytes of their names. */
export let rows: i32 = 0;
export let nameBytes: u32 = 0;

let columns: Columns = changetype<Columns>(0);
let dimensions: i32 = 0;
let pathDimension: i32 = -1;
let routeDimension: i32 = -1;
let nameBase: u32 = 0;
let namesBefore: u32 = 0;
let hasAddress: bool = false;

/** Says where the addresses of the columns are. */
export function bindColumns(at: usize): void {
  columns = changetype<Columns>(at);
}

/**
 * Starts rows anew.
 *
 * @param dimensionCount - how many dimensions there are
 * @param path - the dimension whose derived codes the dimension `route` gets; -1 if there is none
 * @param earlierNames - bytes of names that stand before those of these rows
 */
export function startRows(dimensionCount: i32, path: i32, route: i32, earlierNames: u32): void {
  dimensions = dimensionCount;
  pathDimension = path;
  routeDimension = route;
  nameBase = earlierNames;
  nameBytes = 0;
  rows = 0;
}

/** Starts the next row: absent in every column. */
export function beginRow(): void {
  const row = <usize>rows;
  hasAddress = false;
  namesBefore = nameBytes;
  store<f64>(columns.timeMs + (row << 3), -1);
  store<f64>(columns.bytes + (row << 3), NaN);
  store<f32>(columns.latencyMs + (row << 2), NaN);
  store<u16>(columns.status + (row << 1), 0);
  store<u32>(columns.userLow + (row << 2), 0);
  store<u32>(columns.userHigh + (row << 2), 0);
  store<u32>(columns.userStart + (row << 2), 0);
  store<u32>(columns.userEnd + (row << 2), 0);
  let at = columns.codes + (row << 2);
  for (let d = 0; d < dimensions; d++, at += columns.codesStride) store<u32>(at, 0);
}

/** Counts the row in if it has a time and an address; tells whether it does. */
export function endRow(): bool {
  if (!hasAddress || load<f64>(columns.timeMs + ((<usize>rows) << 3)) < 0) return false;
  rows++;
  return true;
}

/** Takes the row back. */
export function dropRow(): void {
  nameBytes = namesBefore;
}

/** Sets the time, epoch milliseconds; a negative one is none. */
export function setTime(timeMs: f64): void {
  store<f64>(columns.timeMs + ((<usize>rows) << 3), timeMs);
}

export function setAddress(ipv4: u32): void {
  store<u32>(columns.address + ((<usize>rows) << 2), ipv4);
  hasAddress = true;
}

export function setStatus(status: i32): void {
  store<u16>(columns.status + ((<usize>rows) << 1), <u16>status);
}

export function setLatency(latencyMs: f64): void {
  store<f32>(columns.latencyMs + ((<usize>rows) << 2), <f32>latencyMs);
}

export function setBytes(bytes: f64): void {
  store<f64>(columns.bytes + ((<usize>rows) << 3), bytes);
}

/** Sets the user to the name from `start` to `end`. */
export function setUser(start: usize, end: usize): void {
  const row = (<usize>rows) << 2;
  copyName(start, end, columns.names + nameBytes);
  store<u32>(columns.userLow + row, hashLow);
  store<u32>(columns.userHigh + row, hashHigh);
  store<u32>(columns.userStart + row, nameBase + nameBytes);
  nameBytes += <u32>(end - start);
  store<u32>(columns.userEnd + row, nameBase + nameBytes);
}

/** Sets the code of a dimension, and of the route where the dimension is the path and there is no route yet. */
export function setCode(dimension: i32, code: u32, derived: u32): void {
  const codes = columns.codes + ((<usize>rows) << 2);
  store<u32>(codes + columns.codesStride * <usize>dimension, code);
  if (dimension !== pathDimension) return;
  const route = codes + columns.codesStride * <usize>routeDimension;
  if (load<u32>(route) === 0) store<u32>(route, derived);
}
