/** Codes of the value that {@link findValue} found last: its own, and that of its route where it is a path. */
export let code: u32 = 0;
export let derived: u32 = 0;

/** Longer values are not kept. */
export const MAX_VALUE_BYTES: usize = 255;

/**
 * Known values of all dimensions. A row: the first 16 bytes of the value, its dimension and length, its code, its derived
 * code, and where the whole of it is.
 */
const ROW_BYTES: usize = 32;
const ROWS: i32 = 1 << 13;
const ARENA_BYTES: usize = 1 << 19;

const LANES = memory.data<u8>([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]);

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

/** Looks up a value of at most {@link MAX_VALUE_BYTES}; tells whether it is known. */
export function findValue(dimension: i32, start: usize, end: usize): bool {
  const length = end - start;
  const head = headOf(start, length);
  const tag = tagOf(dimension, length);
  for (let probe = 0, row = firstRow(head, tag, start, end); probe < 2; probe++, row += ROW_BYTES) {
    if (load<u32>(row + 16) !== tag || !i8x16.all_true(i8x16.eq(v128.load(row), head))) continue;
    if (length > 16 && !isSame(load<u32>(row + 28), start, length)) continue;
    code = load<u32>(row + 20);
    derived = load<u32>(row + 24);
    return true;
  }
  return false;
}

/** Remembers a value with its codes. Where there is no room for it, another is forgotten, or all. */
export function learnValue(dimension: i32, start: usize, end: usize, ownCode: u32, derivedCode: u32): void {
  const length = end - start;
  if (length > MAX_VALUE_BYTES) return;
  if (arenaUsed + length > ARENA_BYTES) {
    memory.fill(rows, 0, (<usize>ROWS + 1) * ROW_BYTES);
    arenaUsed = 0;
  }
  const head = headOf(start, length);
  const tag = tagOf(dimension, length);
  let row = firstRow(head, tag, start, end);
  if (load<u32>(row + 16) !== 0 && load<u32>(row + ROW_BYTES + 16) === 0) row += ROW_BYTES;
  v128.store(row, head);
  store<u32>(row + 16, tag);
  store<u32>(row + 20, ownCode);
  store<u32>(row + 24, derivedCode);
  store<u32>(row + 28, <u32>(arena + arenaUsed));
  if (length <= 16) return;
  memory.copy(arena + arenaUsed, start, length);
  arenaUsed += length;
}

function tagOf(dimension: i32, length: usize): u32 {
  return ((dimension + 1) << 8) | <u32>length;
}

/** The first 16 bytes of a value; those behind its end are 0. */
function headOf(start: usize, length: usize): v128 {
  const last = length < 16 ? length - 1 : 15;
  return v128.and(v128.load(start), i8x16.le_u(v128.load(LANES), i8x16.splat(<i8>last)));
}

function firstRow(head: v128, tag: u32, start: usize, end: usize): usize {
  let hash = <u64>i64x2.extract_lane(head, 0) * 0x9e3779b97f4a7c15;
  hash ^= rotl(<u64>i64x2.extract_lane(head, 1) * 0xc2b2ae3d27d4eb4f, 31) + <u64>tag * 0x165667b19e3779f9;
  for (let at = start + 16; at < end; at += 8)
    hash = rotl(hash, 27) * 0x9e3779b97f4a7c15 + load<u64>(at + 8 <= end ? at : end - 8);
  hash = (hash ^ (hash >> 32)) * 0x165667b19e3779f9;
  return rows + <usize>(hash >> 51) * ROW_BYTES;
}

/** Whether the bytes beyond the first sixteen agree: sixteen at a time, the last ones up to the end. */
function isSame(known: usize, start: usize, length: usize): bool {
  for (let at: usize = 16; at < length; at += 16) {
    const from = at + 16 <= length ? at : length - 16;
    if (!i8x16.all_true(i8x16.eq(v128.load(known + from), v128.load(start + from)))) return false;
  }
  return true;
}
