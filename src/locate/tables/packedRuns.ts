import { type Ranges4, Ranges4Builder } from "../ranges/ranges4.js";
import { EntryBuilder, hasNoId, idAt, type PackedIds } from "./packedEntries.js";
import { LevelBuilder, type TrieLevel } from "./packedTrie.js";

/**
 * IPv4 ranges as runs of /24s in address order, which is how a saved table holds them: from the first to the last they are
 * the index of the table. A run is of /24s that have one id, or a single /24 that is divided and has none.
 */
export interface PackedRuns extends PackedIds {
  /** Of each run how many /24s it has; 0 stands for {@link LONGEST_RUN}. */
  readonly lengths: Uint8Array;
  /** Of each divided /24 its ranges; a slot is the last octet at which a range begins. */
  readonly divided: TrieLevel;
}

export const LONGEST_RUN = 256;

/** What a divided /24 has instead of its id plus 1. */
const DIVIDED = 0;

/** /24s of the address space. */
const BLOCKS = 2 ** 24;
/** After how many ranges or runs the work pauses. */
const RANGES_A_STEP = 20_000;

/** The runs of ranges, in steps. */
export function* runsOf({ starts, ids, length }: Ranges4): Generator<undefined, PackedRuns> {
  const runs = new EntryBuilder(Math.max(length, 16));
  const divided = new LevelBuilder(1024);
  let last = -1;
  for (let i = 0; i < length; i++) {
    const slot = starts[i]! & 255;
    let block = starts[i]! >>> 8;
    if (slot !== 0) {
      if (block !== last) {
        runs.add(1, DIVIDED);
        divided.open(ids[i - 1]! + 1);
        last = block;
      }
      divided.add(slot, ids[i]! + 1);
      block++;
    }
    const end = i + 1 < length ? starts[i + 1]! >>> 8 : BLOCKS;
    for (; block < end; block += LONGEST_RUN) runs.add(Math.min(end - block, LONGEST_RUN), ids[i]! + 1);
    if (i % RANGES_A_STEP === 0) yield;
  }
  const { bytes, low, high } = runs.done();
  return { lengths: bytes, low, high, divided: divided.done() };
}

/** The ranges of runs, in steps. @param idOf - the id here of an id there */
export function* rangesOfRuns(runs: PackedRuns, idOf: (id: number) => number): Generator<undefined, Ranges4> {
  const { lengths, divided } = runs;
  const builder = new Ranges4Builder(lengths.length + divided.slots.length);
  let [start, node, at] = [0, 0, 0];
  for (let i = 0; i < lengths.length; i++) {
    if (hasNoId(runs, i)) {
      const end = at + divided.counts[node++]! + 1;
      for (; at < end; at++) builder.push(start + divided.slots[at]!, idOf(idAt(divided, at)));
    } else builder.push(start, idOf(idAt(runs, i)));
    start += 256 * (lengths[i]! || LONGEST_RUN);
    if (i % RANGES_A_STEP === 0) yield;
  }
  return builder.ranges();
}
