import { type Ranges6, Ranges6Builder } from "../ranges/ranges6.js";
import { hasNoId, idAt } from "./packedEntries.js";
import type { PackedTrie } from "./packedTrie.js";

/** After how many nodes the work pauses. */
const NODES_A_STEP = 10_000;

/** The IPv6 ranges of a trie, in steps. @param idOf - the id here of an id there */
export function* ranges6OfTrie(trie: PackedTrie, idOf: (id: number) => number): Generator<undefined, Ranges6> {
  const builder = new Ranges6Builder(trie.reduce((sum, { slots }) => sum + slots.length, 0));
  yield* walk(trie, (w, id) => builder.push(w[0]!, w[1]!, w[2]!, w[3]!, idOf(id)));
  return builder.ranges();
}

/** Visits the entries that are ids, in address order, with the words of the address from which on each holds. */
function* walk(trie: PackedTrie, visit: (words: Uint32Array, id: number) => void): Generator<undefined, void> {
  const words = new Uint32Array(4);
  // Where the walk is in each level, and where the node ends that it is in: levels are in address order.
  const at = new Uint32Array(trie.length);
  const ends = new Uint32Array(trie.length);
  const nodes = new Uint32Array(trie.length);
  let steps = 0;
  const enter = (level: number): void => {
    ends[level] = at[level]! + trie[level]!.counts[nodes[level]!++]! + 1;
  };
  enter(0);
  for (let level = 0; level >= 0; ) {
    const { slots } = trie[level]!;
    const i = at[level]!;
    if (i === ends[level]) {
      setByte(words, level--, 0);
      continue;
    }
    at[level] = i + 1;
    setByte(words, level, slots[i]!);
    if (hasNoId(trie[level]!, i)) {
      enter(++level);
      if (++steps % NODES_A_STEP === 0) yield;
    } else visit(words, idAt(trie[level]!, i));
  }
}

function setByte(words: Uint32Array, level: number, byte: number): void {
  const shift = 24 - 8 * (level & 3);
  words[level >>> 2] = (words[level >>> 2]! & ~(255 << shift)) | (byte << shift);
}
