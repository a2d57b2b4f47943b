import type { TrieLevel } from "../packedTrie.js";

/** Nodes whose entries are checked at a time. */
export const NODES_AT_ONCE = 2048;

/** What the columns of a saved table are checked by. */
export interface SavedCheck {
  /** How many entries nodes with these counts have together; {@link NODES_AT_ONCE} at most. */
  entriesOf(counts: Uint8Array): number;
  /**
   * How many entries of nodes, {@link NODES_AT_ONCE} at most, are children, if each node begins at slot 0, slots ascend
   * within it, and ids lie below `ids`. Throws a plain Error where they do not.
   */
  children(part: TrieLevel, ids: number): number;
  areBelow(words: Uint32Array, limit: number): boolean;
  /** Whether no word is below the one before. */
  areAscending(words: Uint32Array): boolean;
}

/** {@link SavedCheck} by loops, which run everywhere. */
export const plainCheck: SavedCheck = {
  entriesOf: (counts) => counts.reduce((sum, count) => sum + count, counts.length),
  children({ counts, slots, low, high }, ids) {
    let children = 0;
    for (let node = 0, from = 0; node < counts.length; node++) {
      const end = from + counts[node]! + 1;
      if (slots[from] !== 0) throw noStart();
      for (let i = from; i < end; i++) {
        const entry = low[i]! + 65_536 * high[i]!;
        if (entry === 0) children++;
        if (entry > ids || (i > from && slots[i]! <= slots[i - 1]!)) throw outOfOrder();
      }
      from = end;
    }
    return children;
  },
  areBelow: (words, limit) => words.every((word) => word < limit),
  areAscending: (words) => words.every((word, i) => i === 0 || word >= words[i - 1]!),
};

export const noStart = (): Error => new Error("a node of its tree does not begin at its start");
export const outOfOrder = (): Error => new Error("a node of its tree is out of order or has ids that are none");
