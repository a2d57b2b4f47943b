/** What an entry of `blocks` says in its two highest bits; the rest is an id, a block, or a bucket. */
export const IS_BLOCK = 0x40000000;
export const IS_BUCKET = 0x80000000;
const REST = 0x3fffffff;
/** An id in `rows` from here on is this plus the position in `deep` of the ranges within one /64. */
export const IS_DEEP = 0x80000000;
/** The first entries of `blocks`, one for each first 16 bits of an address; blocks of 256 entries follow. */
export const ROOT = 65536;
/** Words a range in `deep`: the third and fourth word of its start, its id, and 1 if it is the /64's last. */
export const DEEP_WORDS = 4;
/** Up to so many rows a scan is faster than halving. */
const SCANNED_ROWS = 8;

/**
 * IPv6 ranges behind steps of 16, 8 and 8 bits, which answer most addresses or lead to the bucket of a divided /32.
 * There an index over the first bits of the second word leads to within some rows of the answer.
 */
export interface Table6 {
  readonly blocks: Uint32Array;
  /** Per bucket: where its slots begin in `slots`, and by how many bits the second word is shifted to find one. */
  readonly buckets: Uint32Array;
  /** Per slot the row that holds its first address; each bucket has one slot more, with its last row. */
  readonly slots: Uint32Array;
  /** Per row: the second word at which it begins, and its id. */
  readonly rows: Uint32Array;
  /** Ranges that begin within a /64. */
  readonly deep: Uint32Array;
}

/** The id of an address. */
export function findIpv6(table: Table6, w0: number, w1: number, w2: number, w3: number): number {
  const { blocks } = table;
  let entry = blocks[w0 >>> 16]!;
  if (entry < IS_BLOCK) return entry;
  entry = blocks[ROOT + (((entry & REST) << 8) | ((w0 >>> 8) & 255))]!;
  if (entry < IS_BLOCK) return entry;
  entry = blocks[ROOT + (((entry & REST) << 8) | (w0 & 255))]!;
  return entry < IS_BUCKET ? entry : findInBucket(table, entry & REST, w1, w2, w3);
}

function findInBucket(table: Table6, bucket: number, w1: number, w2: number, w3: number): number {
  const { buckets, slots, rows } = table;
  const slot = buckets[2 * bucket]! + (w1 >>> buckets[2 * bucket + 1]!);
  let row = slots[slot]!;
  let end = slots[slot + 1]! + 1;
  // The last row that begins at or before w1 is in [row, end).
  while (end - row > SCANNED_ROWS) {
    const middle = (row + end) >>> 1;
    if (rows[2 * middle]! <= w1) row = middle;
    else end = middle;
  }
  while (row + 1 < end && rows[2 * row + 2]! <= w1) row++;
  const id = rows[2 * row + 1]!;
  return id < IS_DEEP ? id : findDeep(table.deep, id & 0x7fffffff, w2, w3);
}

/** The id of the last range at or before the address, among those within its /64. */
function findDeep(deep: Uint32Array, first: number, w2: number, w3: number): number {
  let at = first;
  while (deep[at + 3] === 0) {
    const next = at + DEEP_WORDS;
    const start = deep[next]!;
    if (start > w2 || (start === w2 && deep[next + 1]! > w3)) break;
    at = next;
  }
  return deep[at + 2]!;
}
