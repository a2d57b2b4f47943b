import type { PackedTrie, TrieLevel } from "./packedTrie.js";

/** After how many entries the work pauses. */
const ENTRIES_A_STEP = 500_000;

/**
 * Checks a trie that somebody else may have made, in steps: whether each level's columns and the nodes of the next
 * agree, slots ascend from 0, and ids lie below `ids`. Throws a plain Error where they do not.
 */
export function* checkTrie(trie: PackedTrie, ids: number): Generator<undefined, void> {
  let expected = 1;
  for (const level of trie) {
    if (level.counts.length !== expected) throw new Error("a level of its tree lacks nodes or has too many");
    expected = yield* checkLevel(level, ids);
  }
  if (expected !== 0) throw new Error("its tree is deeper than an address");
}

/** Checks a level and returns how many nodes the next must have. */
function* checkLevel({ counts, slots, low, high }: TrieLevel, ids: number): Generator<undefined, number> {
  let end = 0;
  let children = 0;
  let pause = ENTRIES_A_STEP;
  if (low.length !== slots.length || high.length !== slots.length)
    throw new Error("a level of its tree differs in length");
  for (let k = 0; k < counts.length; k++) {
    const from = end;
    end += counts[k]! + 1;
    if (end > slots.length) throw new Error("a level of its tree is cut off");
    if (slots[from] !== 0) throw new Error("a node of its tree does not begin at its start");
    let isRight = true;
    for (let i = from; i < end; i++) {
      const entry = low[i]! + 65_536 * high[i]!;
      if (entry === 0) children++;
      if (entry > ids || (i > from && slots[i]! <= slots[i - 1]!)) isRight = false;
    }
    if (!isRight) throw new Error("a node of its tree is out of order or has ids that are none");
    if (end >= pause) {
      pause = end + ENTRIES_A_STEP;
      yield;
    }
  }
  if (end !== slots.length) throw new Error("a level of its tree is too long");
  return children;
}
