import { lastBytes } from "./number.as";

/** Longer values are not kept. */
export const MAX_VALUE_BYTES: usize = 255;

/**
 * Known values of all dimensions. A row: the first 16 bytes of the value, its dimension and length, its code, its derived
 * code (that of its route where it is a path), and where the whole of it is.
 */
const ROW_BYTES: usize = 32;
const ROW_TAG: usize = 16;
export const ROW_CODE: usize = 20;
export const ROW_DERIVED: usize = 24;
const ROW_TEXT: usize = 28;
const ROWS: i32 = 1 << 13;
const ARENA_BYTES: usize = 1 << 19;

let rows: usize = 0;
let arena: usize = 0;
let arenaUsed: usize = 0;

/** Bytes that {@link bindValues} is to be given. */
export function valueBytes(): usize {
  return (<usize>ROWS + 1) * ROW_BYTES + ARENA_BYTES + 32;
}

/** Says where the table of known values is; the memory must be 0. */
export function bindValues(at: usize): void {
  rows = at;
  arena = at + (<usize>ROWS + 1) * ROW_BYTES;
}

/**
 * The row of the value from `start` to `end`, of which `text` begins with the first bytes; 0 if it is not known.
 *
 * @inline
 */
export function findValue(dimension: i32, text: v128, start: usize, end: usize): usize {
  const length = end - start;
  if (length <= 16) {
    const head = headOf(text, length);
    const tag = tagOf(dimension, length);
    const row = rowOf(mix(head, tag));
    if (load<u32>(row, ROW_TAG) === tag) {
      if (i8x16.bitmask(i8x16.eq(v128.load(row), head)) === 0xffff) return row;
    }
  }
  return findAnyValue(dimension, start, end);
}

/** The same for values of any length, the less frequent of two in the same place among them. */
function findAnyValue(dimension: i32, start: usize, end: usize): usize {
  const length = end - start;
  if (length > MAX_VALUE_BYTES) return 0;
  const head = headOf(v128.load(start), length);
  const tag = tagOf(dimension, length);
  const row = firstRow(head, tag, start, end);
  if (isRowOf(row, head, tag, start, length)) return row;
  return isRowOf(row + ROW_BYTES, head, tag, start, length) ? row + ROW_BYTES : 0;
}

/** Remembers a value with its codes. Where there is no room for it, another is forgotten, or all. */
export function learnValue(dimension: i32, start: usize, end: usize, code: u32, derived: u32): void {
  const length = end - start;
  if (length > MAX_VALUE_BYTES) return;
  if (arenaUsed + length > ARENA_BYTES) {
    memory.fill(rows, 0, (<usize>ROWS + 1) * ROW_BYTES);
    arenaUsed = 0;
  }
  const head = headOf(v128.load(start), length);
  const tag = tagOf(dimension, length);
  let row = firstRow(head, tag, start, end);
  if (load<u32>(row, ROW_TAG) !== 0 && load<u32>(row + ROW_BYTES, ROW_TAG) === 0) row += ROW_BYTES;
  v128.store(row, head);
  store<u32>(row, tag, ROW_TAG);
  store<u32>(row, code, ROW_CODE);
  store<u32>(row, derived, ROW_DERIVED);
  store<u32>(row, <u32>(arena + arenaUsed), ROW_TEXT);
  if (length <= 16) return;
  memory.copy(arena + arenaUsed, start, length);
  arenaUsed += length;
}

/** @inline */
function tagOf(dimension: i32, length: usize): u32 {
  return ((dimension + 1) << 8) | <u32>length;
}

/** The first 16 bytes of a value; those behind its end are 0. @inline */
function headOf(text: v128, length: usize): v128 {
  return v128.andnot(text, lastBytes(16 - (length < 16 ? length : 16)));
}

/** The first of two rows where a value may be. */
function firstRow(head: v128, tag: u32, start: usize, end: usize): usize {
  let hash = mix(head, tag);
  for (let at = start + 16; at < end; at += 8)
    hash = (rotl(hash, 27) ^ load<u64>(at + 8 <= end ? at : end - 8)) * 0x9e3779b97f4a7c15;
  return rowOf(hash);
}

/** @inline */
function mix(head: v128, tag: u32): u64 {
  const low = (<u64>i64x2.extract_lane(head, 0) ^ <u64>tag) * 0x9e3779b97f4a7c15;
  return low ^ (<u64>i64x2.extract_lane(head, 1) * 0xc2b2ae3d27d4eb4f);
}

/** @inline */
function rowOf(hash: u64): usize {
  return rows + <usize>(hash >> 51) * ROW_BYTES;
}

function isRowOf(row: usize, head: v128, tag: u32, start: usize, length: usize): bool {
  if (load<u32>(row, ROW_TAG) !== tag || i8x16.bitmask(i8x16.eq(v128.load(row), head)) !== 0xffff) return false;
  return length <= 16 || isSame(load<u32>(row, ROW_TEXT), start, length);
}

/** Whether the bytes beyond the first sixteen agree: sixteen at a time, the last ones up to the end. */
function isSame(known: usize, start: usize, length: usize): bool {
  for (let at: usize = 16; at < length; at += 16) {
    const from = at + 16 <= length ? at : length - 16;
    if (!i8x16.all_true(i8x16.eq(v128.load(known + from), v128.load(start + from)))) return false;
  }
  return true;
}
