import type { PackedRuns } from "../tables/packedRuns.js";
import { INDEX4_ENTRIES } from "../tables/table4.js";
import { checkLevel } from "./checkTrie.js";
import { RUNS_AT_ONCE, type SavedCheck } from "./savedCheck.js";

/**
 * Checks runs that somebody else may have made, in steps: whether they are the whole address space, divided /24s and
 * their ranges agree, and ids lie below `ids`. Throws a plain Error where they do not.
 */
export function* checkRuns(runs: PackedRuns, ids: number, check: SavedCheck): Generator<undefined, void> {
  const { lengths, low, high, divided } = runs;
  if (low.length !== lengths.length || high.length !== lengths.length) throw new Error("its runs differ in length");
  let blocks = 0;
  let nodes = 0;
  for (let from = 0; from < lengths.length; from += RUNS_AT_ONCE) {
    const to = Math.min(from + RUNS_AT_ONCE, lengths.length);
    const part = { lengths: lengths.subarray(from, to), low: low.subarray(from, to), high: high.subarray(from, to) };
    blocks += check.blocks(part.lengths);
    nodes += check.divided(part, ids);
    yield;
  }
  if (blocks !== INDEX4_ENTRIES) throw new Error("its runs are not the whole address space");
  if (nodes !== divided.counts.length) throw new Error("a divided /24 lacks ranges");
  if ((yield* checkLevel(divided, ids, check)) !== 0) throw new Error("a range of a divided /24 has no id");
}
