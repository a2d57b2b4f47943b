import { range } from "../cube/segments/range.js";
import { gammaShape } from "./gammaShape.js";
import { type LeafTable, leafTable } from "./leafTable.js";
import type { ForecastUncertainty } from "./ratioEvidence.js";
import { SliceIds } from "./sliceIds.js";

/** Attributes by themselves are fitted so many times: each moves the others a little. */
const ROUNDS = 3;
/** More leaves are fitted to each attribute alone. */
const MOST_PAIRED_LEAVES = 30_000;

/** What is usual of each leaf, and how sure that is. */
export interface UsualCounts extends ForecastUncertainty {
  readonly usual: Float64Array;
  readonly variance: Float64Array;
}

/**
 * What so many trials usually bring in events, leaf by leaf: a log-linear model fitted margin by margin (each attribute, each
 * pair of them, then each leaf), as iterative proportional fitting does (Deming and Stephan 1940), but by as much as the
 * margin has to say. How far the slices of a margin differ beyond chance is learned from all of them (empirical Bayes: the
 * shape of a gamma prior). Rare events leave most leaves without any; the model spreads what was seen over the trials, so
 * that a part of a slice is not judged by where two or three events happened to fall.
 *
 * What a leaf's own events say has the variance of that part of them which was taken; the rest rests on all events.
 *
 * @param dispersion - how many events come together as one
 */
export function usualCounts(
  attributes: Readonly<Record<string, readonly string[]>>,
  events: Float64Array,
  trials: Float64Array,
  dispersion: number,
): UsualCounts {
  const table = leafTable(attributes, events.length);
  const all = sum(events);
  const rate = all / Math.max(sum(trials), Number.MIN_VALUE);
  const fit: Fit = {
    fitted: trials.map((count) => rate * count),
    weight: new Float64Array(events.length),
    events,
    dispersion,
  };
  const single = table.codes.map((codes, a): Margin => ({ sliceOf: codes, slices: table.values[a]!.length }));
  for (let round = 0; round < ROUNDS; round++) for (const margin of single) fitMargin(fit, margin);
  if (table.length <= MOST_PAIRED_LEAVES) for (const margin of pairsOf(table, single)) fitMargin(fit, margin);
  fitMargin(fit, { sliceOf: range(events.length), slices: events.length });
  const variance = fit.fitted.map((usual, leaf) => usual * fit.weight[leaf]!);
  return { usual: fit.fitted, variance, common: 1 / Math.max(1, all) };
}

interface Margin {
  readonly sliceOf: Uint32Array;
  readonly slices: number;
}

interface Fit {
  readonly fitted: Float64Array;
  /** By how much each leaf's margins were followed, the one that was followed most: from 0 to 1. */
  readonly weight: Float64Array;
  readonly events: Float64Array;
  readonly dispersion: number;
}

function* pairsOf(table: LeafTable, single: readonly Margin[]): Generator<Margin> {
  const leaves = range(table.length);
  const ids = new SliceIds(table.length);
  for (const [a, { sliceOf, slices }] of single.entries())
    for (let later = a + 1; later < single.length; later++) {
      const by = { codes: table.codes[later]!, width: table.values[later]!.length };
      const split = ids.split({ sliceOf, slices, leaves, ...by });
      yield { sliceOf: split.sliceOf, slices: split.leafOf.length };
    }
}

/** Draws each slice of a margin to its own events, by as much as slices of it differ beyond chance. */
function fitMargin({ fitted, weight, events, dispersion }: Fit, { sliceOf, slices }: Margin): void {
  const [seen, usual] = [new Float64Array(slices), new Float64Array(slices)];
  for (let leaf = 0; leaf < fitted.length; leaf++) {
    seen[sliceOf[leaf]!]! += events[leaf]! / dispersion;
    usual[sliceOf[leaf]!]! += fitted[leaf]! / dispersion;
  }
  const shape = gammaShape(seen, usual);
  if (shape === Number.POSITIVE_INFINITY) return;
  for (let leaf = 0; leaf < fitted.length; leaf++) {
    const slice = sliceOf[leaf]!;
    fitted[leaf]! *= (seen[slice]! + shape) / (usual[slice]! + shape);
    weight[leaf] = Math.max(weight[leaf]!, usual[slice]! / (usual[slice]! + shape));
  }
}

function sum(column: Float64Array): number {
  return column.reduce((total, value) => total + value, 0);
}
