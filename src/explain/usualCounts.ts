import { range } from "../cube/segments/range.js";
import { type LeafTable, leafTable } from "./leafTable.js";
import { SliceIds } from "./sliceIds.js";

/** Events that stand behind each margin's own, so that a few do not bend it. */
const PRIOR_EVENTS = 3;
const ROUNDS = 3;
/** More leaves are fitted to each attribute alone. */
const MOST_PAIRED_LEAVES = 30_000;

/**
 * What so many trials usually bring in events, leaf by leaf: a log-linear model by iterative proportional fitting (Deming and
 * Stephan 1940) of the margins of each attribute and each pair of them, drawn to each leaf's own count by as much as it has
 * to say (a gamma prior of one event). Rare events leave most leaves without any; the model spreads what was seen over the
 * trials, so that a part of a slice is not judged by where two or three events happened to fall.
 */
export function usualCounts(
  attributes: Readonly<Record<string, readonly string[]>>,
  events: Float64Array,
  trials: Float64Array,
): Float64Array {
  const table = leafTable(attributes, events.length);
  const rate = sum(events) / Math.max(sum(trials), Number.MIN_VALUE);
  const fitted = trials.map((count) => rate * count);
  const margins = marginsOf(table);
  for (let round = 0; round < ROUNDS; round++) for (const margin of margins) fitMargin(fitted, events, margin);
  return fitted.map((usual, leaf) => (usual * (events[leaf]! + 1)) / (usual + 1));
}

interface Margin {
  readonly sliceOf: Uint32Array;
  readonly slices: number;
}

function marginsOf(table: LeafTable): Margin[] {
  const leaves = range(table.length);
  const single = table.codes.map((codes, a): Margin => ({ sliceOf: codes, slices: table.values[a]!.length }));
  if (table.length > MOST_PAIRED_LEAVES) return single;
  const ids = new SliceIds(table.length);
  const pairs = single.flatMap(({ sliceOf, slices }, a) =>
    table.codes.slice(a + 1).map((codes, later): Margin => {
      const split = ids.split({ sliceOf, slices, leaves, codes, width: table.values[a + 1 + later]!.length });
      return { sliceOf: split.sliceOf, slices: split.leafOf.length };
    }),
  );
  return [...single, ...pairs];
}

function fitMargin(fitted: Float64Array, events: Float64Array, { sliceOf, slices }: Margin): void {
  const [seen, usual] = [new Float64Array(slices), new Float64Array(slices)];
  for (let leaf = 0; leaf < fitted.length; leaf++) {
    seen[sliceOf[leaf]!]! += events[leaf]!;
    usual[sliceOf[leaf]!]! += fitted[leaf]!;
  }
  const factors = seen.map((count, slice) => (count + PRIOR_EVENTS) / (usual[slice]! + PRIOR_EVENTS));
  for (let leaf = 0; leaf < fitted.length; leaf++) fitted[leaf]! *= factors[sliceOf[leaf]!]!;
}

function sum(column: Float64Array): number {
  return column.reduce((total, value) => total + value, 0);
}
