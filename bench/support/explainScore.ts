import type { Leaves } from "../../src/explain/localize.js";

type Slices = readonly Readonly<Record<string, string>>[];

/** Hits, false alarms and misses of named slices; those with exactly the same leaves are the same. */
export interface SliceScore {
  hits: number;
  falseAlarms: number;
  misses: number;
}

/** Compares named slices with the true ones. `harmless` ones count neither way. */
export function scoreSlices(leaves: Leaves, named: Slices, truth: Slices, harmless: Slices = []): SliceScore {
  const keys = (slices: Slices): Set<string> => new Set(slices.map((slice) => leafKey(leaves, slice)));
  const [got, want, allowed] = [keys(named), keys(truth), keys(harmless)];
  const hits = [...got].filter((key) => want.has(key)).length;
  const falseAlarms = [...got].filter((key) => !want.has(key) && !allowed.has(key)).length;
  return { hits, falseAlarms, misses: want.size - hits };
}

/** F1 over all instances together. */
export function f1(scores: readonly SliceScore[]): number {
  const sum = (name: keyof SliceScore): number => scores.reduce((total, score) => total + score[name], 0);
  return (2 * sum("hits")) / (2 * sum("hits") + sum("falseAlarms") + sum("misses"));
}

/** The leaves of a slice that have anything in them, as one text. */
export function leafKey(
  { attributes, real, predicted, realTotal }: Leaves,
  slice: Readonly<Record<string, string>>,
): string {
  const fixed = Object.entries(slice).map(([name, value]) => ({ column: attributes[name]!, value }));
  const members: number[] = [];
  for (let leaf = 0; leaf < real.length; leaf++) {
    const isEmpty = realTotal === undefined ? real[leaf] === 0 && predicted[leaf] === 0 : realTotal[leaf] === 0;
    if (!isEmpty && fixed.every(({ column, value }) => column[leaf] === value)) members.push(leaf);
  }
  return members.join();
}
