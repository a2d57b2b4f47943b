import { IS_LIST, IS_NODE, inList, inNode, type Table6 } from "../tables/table6.js";

/**
 * Called with the slots [from, to) of the byte `level` of addresses that begin with the bytes of `words` before it: all of
 * them have the id. The words are overwritten afterwards.
 */
export type Visit6 = (words: Uint32Array, level: number, from: number, to: number, id: number) => void;

const REST = 0x3fffffff;
const SLOTS = 256;

/** Walks an IPv6 table in address order: every address lies in one of the runs visited. */
export function forEachEntry6(table: Table6, visit: Visit6): void {
  const words = new Uint32Array(4);
  for (let first = 0; first < SLOTS; first++) {
    words[0] = (first << 24) >>> 0;
    walk(
      table,
      words,
      1,
      (slot) => (first << 8) | slot,
      (at) => table.root[at]!,
      visit,
    );
  }
}

/** Visits the runs of a byte, and goes into the slots that lead on. */
function walk(
  table: Table6,
  words: Uint32Array,
  level: number,
  indexOf: (slot: number) => number,
  entryAt: (index: number) => number,
  visit: Visit6,
): void {
  const { nodes, entries } = table;
  for (let slot = 0; slot < SLOTS; ) {
    const entry = entryAt(indexOf(slot));
    let to = slot + 1;
    if (entry >= IS_LIST) {
      const rest = entry & REST;
      setByte(words, level, slot);
      const below = (s: number): number => (entry >= IS_NODE ? inNode(nodes, rest, s) : inList(entries, rest, s));
      walk(table, words, level + 1, below, (at) => entries[at]!, visit);
      setByte(words, level, 0);
    } else {
      while (to < SLOTS && entryAt(indexOf(to)) === entry) to++;
      visit(words, level, slot, to, entry);
    }
    slot = to;
  }
}

function setByte(words: Uint32Array, level: number, byte: number): void {
  const shift = 24 - 8 * (level & 3);
  words[level >>> 2] = (words[level >>> 2]! & ~(255 << shift)) | (byte << shift);
}
