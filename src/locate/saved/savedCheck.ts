import { LONGEST_RUN, type PackedRuns } from "../tables/packedRuns.js";
import type { TrieLevel } from "../tables/packedTrie.js";

/** Nodes whose entries are checked at a time. */
export const NODES_AT_ONCE = 1024;
/** Runs that are checked at a time. */
export const RUNS_AT_ONCE = 256 * NODES_AT_ONCE;

/** Some of the runs of a table. */
export type SomeRuns = Omit<PackedRuns, "divided">;

/** What the columns of a saved table are checked by. */
export interface SavedCheck {
  /** How many entries nodes with these counts have together; {@link NODES_AT_ONCE} at most. */
  entriesOf(counts: Uint8Array): number;
  /**
   * How many entries of nodes, {@link NODES_AT_ONCE} at most, are children, if each node begins at slot 0, slots ascend
   * within it, and ids lie below `ids`. Throws a plain Error where they do not.
   */
  children(part: TrieLevel, ids: number): number;
  /** How many /24s runs with these lengths have together; {@link RUNS_AT_ONCE} at most. */
  blocks(lengths: Uint8Array): number;
  /**
   * How many of some runs, {@link RUNS_AT_ONCE} at most, are divided /24s, if those have length 1 and the ids of all others
   * lie below `ids`. Throws a plain Error where they do not.
   */
  divided(runs: SomeRuns, ids: number): number;
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
  blocks: (lengths) => lengths.reduce((sum, length) => sum + (length || LONGEST_RUN), 0),
  divided({ lengths, low, high }, ids) {
    let divided = 0;
    for (let i = 0; i < lengths.length; i++) {
      const entry = low[i]! + 65_536 * high[i]!;
      if (entry > ids || (entry === 0 && lengths[i] !== 1)) throw wrongRun();
      if (entry === 0) divided++;
    }
    return divided;
  },
  areBelow: (words, limit) => words.every((word) => word < limit),
  areAscending: (words) => words.every((word, i) => i === 0 || word >= words[i - 1]!),
};

export const noStart = (): Error => new Error("a node of its tree does not begin at its start");
export const wrongRun = (): Error => new Error("a run of its ranges has an id that is none");
export const outOfOrder = (): Error => new Error("a node of its tree is out of order or has ids that are none");
