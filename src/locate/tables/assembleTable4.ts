import { table4Filler } from "./fillTable4.js";
import { hasNoId, idAt } from "./packedEntries.js";
import { LONGEST_RUN, type PackedRuns } from "./packedRuns.js";
import { INDEX4_ENTRIES, INNER, type Table4 } from "./table4.js";
import type { TableMemory } from "./tableMemory.js";

/** After how many runs the work pauses. */
const RUNS_A_STEP = 100_000;

/** The table of runs, in steps, so that the caller can let others run in between. The runs are trusted; their ids lie below 2^31. */
export function* assembleTable4(runs: PackedRuns, memory: TableMemory): Generator<undefined, Table4> {
  const { slots } = runs.divided;
  const table = {
    direct: memory.uint32(INDEX4_ENTRIES),
    lows: memory.uint8(slots.length + 1),
    ids: memory.uint32(slots.length),
  };
  yield;
  table.lows.set(slots);
  yield;
  const filler = table4Filler(memory);
  if (filler !== undefined) yield* filler.fill(table, runs);
  else yield* fillPlain(table, runs);
  return table;
}

/** Fills the index and the ids of ranges within divided /24s by loops, which run everywhere. */
function* fillPlain({ direct, ids }: Table4, runs: PackedRuns): Generator<undefined, void> {
  const { lengths, divided } = runs;
  for (let i = 0; i < ids.length; i++) ids[i] = idAt(divided, i);
  yield;
  let [at, node, first] = [0, 0, 0];
  for (let i = 0; i < lengths.length; i++) {
    const end = at + (lengths[i]! || LONGEST_RUN);
    if (hasNoId(runs, i)) {
      direct[at] = INNER + first;
      first += divided.counts[node++]! + 1;
    } else direct.fill(idAt(runs, i), at, end);
    at = end;
    if (i % RUNS_A_STEP === 0) yield;
  }
}
