/** What an entry says in its two highest bits: the rest is a node, or where a list lies in `entries`; otherwise an id. */
export const IS_NODE = 0x80000000;
export const IS_LIST = 0x40000000;
const REST = 0x3fffffff;
/** Words a node: four times 64 bits, of which each says whether an entry begins at a slot, and a number of entries. */
export const NODE_WORDS = 12;
/** Entries a list has at most. */
export const LISTED = 4;
/** Bits of each of the three slots in a list's first word; an unused one is 256. */
export const SLOT_BITS = 9;

/**
 * IPv6 ranges as a tree over the bytes of addresses, the first two of which go by an index. An entry that leads to a node
 * or a list holds for one slot, every other entry up to where the next one begins.
 *
 * All nodes above the seventh byte are of one kind, so that a batch of addresses goes down level by level without
 * branches, and reads for different addresses do not wait for each other. Below, most nodes are short lists.
 */
export interface Table6 {
  /** The entry of each first two bytes. */
  readonly root: Uint32Array;
  /**
   * Nodes: of each 64 slots two words of bits, the lowest first, and how many entries lie in `entries` before the
   * first of these slots, less 1.
   */
  readonly nodes: Uint32Array;
  /** Entries of nodes side by side; lists among them, a word of slots before the entries of each. */
  readonly entries: Uint32Array;
}

/** The id of an address. */
export function findIpv6(table: Table6, w0: number, w1: number, w2: number, w3: number): number {
  const { root, nodes, entries } = table;
  let entry = root[w0 >>> 16]!;
  for (let level = 2; entry >= IS_LIST; level++) {
    const word = level < 4 ? w0 : level < 8 ? w1 : level < 12 ? w2 : w3;
    const slot = (word >>> (24 - 8 * (level & 3))) & 255;
    entry = entries[entry >= IS_NODE ? inNode(nodes, entry & REST, slot) : inList(entries, entry & REST, slot)]!;
  }
  return entry;
}

/**
 * Writes the ids of many addresses, level by level: reads for different addresses do not wait for each other.
 *
 * @param words - four of each address
 * @param ids - receives the ids; length at least `count`
 */
export function findIpv6s({ root, nodes, entries }: Table6, words: Uint32Array, count: number, ids: Uint32Array): void {
  for (let i = 0; i < count; i++) ids[i] = root[words[4 * i]! >>> 16]!;
  let isDone = false;
  for (let level = 2; !isDone; level++) {
    isDone = true;
    const [word, shift] = [level >>> 2, 24 - 8 * (level & 3)];
    for (let i = 0; i < count; i++) {
      const entry = ids[i]!;
      if (entry < IS_LIST) continue;
      const slot = (words[4 * i + word]! >>> shift) & 255;
      const next = entries[entry >= IS_NODE ? inNode(nodes, entry & REST, slot) : inList(entries, entry & REST, slot)]!;
      if (next >= IS_LIST) isDone = false;
      ids[i] = next;
    }
  }
}

/** Where the entry of a slot lies. */
export function inNode(nodes: Uint32Array, node: number, slot: number): number {
  const at = NODE_WORDS * node + 3 * (slot >>> 6);
  const upTo = 0xffffffff >>> (31 - (slot & 31));
  const isHigh = (slot & 32) !== 0;
  const low = nodes[at]! & (isHigh ? 0xffffffff : upTo);
  const high = isHigh ? nodes[at + 1]! & upTo : 0;
  return (nodes[at + 2]! + countBits(low) + countBits(high)) | 0;
}

function countBits(bits: number): number {
  let b = bits - ((bits >>> 1) & 0x55555555);
  b = (b & 0x33333333) + ((b >>> 2) & 0x33333333);
  return Math.imul((b + (b >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

export function inList(entries: Uint32Array, list: number, slot: number): number {
  const slots = entries[list]!;
  let at = list + 1;
  for (let shift = 0; shift < SLOT_BITS * (LISTED - 1); shift += SLOT_BITS) {
    if (slot >= ((slots >>> shift) & 511)) at++;
  }
  return at;
}
