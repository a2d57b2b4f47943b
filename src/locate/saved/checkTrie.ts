import type { PackedTrie, TrieLevel } from "../tables/packedTrie.js";
import { NODES_AT_ONCE, type SavedCheck } from "./savedCheck.js";

/** After how many entries the work pauses. */
const ENTRIES_A_STEP = 500_000;

/**
 * Checks a trie that somebody else may have made, in steps: whether each level's columns and the nodes of the next
 * agree, slots ascend from 0, and ids lie below `ids`. Throws a plain Error where they do not.
 */
export function* checkTrie(trie: PackedTrie, ids: number, check: SavedCheck): Generator<undefined, void> {
  let expected = 1;
  for (const level of trie) {
    if (level.counts.length !== expected) throw new Error("a level of its tree lacks nodes or has too many");
    expected = yield* checkLevel(level, ids, check);
  }
  if (expected !== 0) throw new Error("its tree is deeper than an address");
}

/** Checks a level and returns how many of its entries are children. */
export function* checkLevel(level: TrieLevel, ids: number, check: SavedCheck): Generator<undefined, number> {
  const { counts, slots, low, high } = level;
  let from = 0;
  let children = 0;
  let pause = ENTRIES_A_STEP;
  if (low.length !== slots.length || high.length !== slots.length)
    throw new Error("a level of its tree differs in length");
  for (let node = 0; node < counts.length; node += NODES_AT_ONCE) {
    const nodes = counts.subarray(node, node + NODES_AT_ONCE);
    const to = from + check.entriesOf(nodes);
    if (to > slots.length) throw new Error("a level of its tree is cut off");
    const [own, ownLow, ownHigh] = [slots.subarray(from, to), low.subarray(from, to), high.subarray(from, to)];
    children += check.children({ counts: nodes, slots: own, low: ownLow, high: ownHigh }, ids);
    from = to;
    if (to >= pause) {
      pause = to + ENTRIES_A_STEP;
      yield;
    }
  }
  if (from !== slots.length) throw new Error("a level of its tree is too long");
  return children;
}
