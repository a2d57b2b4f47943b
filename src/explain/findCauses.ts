import type { Cuboid } from "./cuboids.js";
import type { Evidence, SliceLeaves, Sums } from "./evidence.js";
import type { LeafTable } from "./leafTable.js";

/** A slice that carries a part of the change. */
export interface FoundSlice {
  readonly cuboid: Cuboid;
  readonly slice: number;
  readonly leaves: readonly number[];
  /** Log-likelihood gain less the price of having looked at so many slices; above 0. */
  readonly net: number;
}

/** The price of each attribute that a slice fixes. */
const ATTRIBUTE_PENALTY = 0.5;
/** So many candidates are looked into for causes inside them before the strongest is taken as it is. */
const MAX_LOOKED_INTO = 400;

/**
 * Greedy search by minimum description length: takes the strongest slice that its children do not tell better, lets its
 * leaves go, learns the noise anew from the rest, and goes on until no slice is worth the words that name it.
 *
 * Every slice of every cuboid is looked at in every round. What was found early, under noise that later causes inflated,
 * is judged again in the end.
 */
export function findCauses(
  table: LeafTable,
  cuboids: readonly Cuboid[],
  evidence: Evidence,
  maxCauses: number,
): FoundSlice[] {
  const active = new Uint8Array(table.length).fill(1);
  const sums = cuboids.map((cuboid) => sliceSums(cuboid, evidence));
  const found: FoundSlice[] = [];
  while (found.length < maxCauses) {
    evidence.calibrate(active);
    const next = strongest(table, cuboids, sums, evidence, active);
    if (next === null) break;
    found.push(next);
    for (const leaf of next.leaves) active[leaf] = 0;
    release(next.leaves, cuboids, sums, evidence);
  }
  evidence.calibrate(active);
  return found.map((cause) => ({ ...cause, net: netGain(evidence, cause) })).filter((cause) => cause.net > 0);
}

function sliceSums({ sliceOf, size }: Cuboid, { columns }: Evidence): Sums {
  return columns.map((column) => {
    const sums = new Float64Array(size);
    for (let leaf = 0; leaf < sliceOf.length; leaf++) sums[sliceOf[leaf]!]! += column[leaf]!;
    return sums;
  });
}

/** Takes the leaves of a cause out of all sums. */
function release(
  leaves: readonly number[],
  cuboids: readonly Cuboid[],
  sums: readonly Sums[],
  evidence: Evidence,
): void {
  for (const [c, { sliceOf }] of cuboids.entries())
    for (const [i, column] of evidence.columns.entries())
      for (const leaf of leaves) sums[c]![i]![sliceOf[leaf]!]! -= column[leaf]!;
}

function strongest(
  table: LeafTable,
  cuboids: readonly Cuboid[],
  sums: readonly Sums[],
  evidence: Evidence,
  active: Uint8Array,
): FoundSlice | null {
  const candidates: { score: number; net: number; c: number; slice: number }[] = [];
  for (const [c, { size, attributes }] of cuboids.entries()) {
    const cost = penalty(evidence, attributes.length, size);
    for (let slice = 0; slice < size; slice++) {
      const net = evidence.gain(sums[c]!, slice) - cost;
      if (net > 0) candidates.push({ score: evidence.score(sums[c]!, slice), net, c, slice });
    }
  }
  // Of slices with the same leaves the one of fewer attributes comes first: the sort is stable, cuboids are by size.
  candidates.sort((a, b) => b.score - a.score);
  let first: FoundSlice | null = null;
  for (const { net, c, slice } of candidates.slice(0, MAX_LOOKED_INTO)) {
    const cuboid = cuboids[c]!;
    const leaves = leavesOf(cuboid, slice, active);
    const found = { cuboid, slice, leaves, net };
    first ??= found;
    const inside: SliceLeaves = { table, cuboid, slice, leaves, sums: sums[c]! };
    if (!evidence.isSplit(inside, (attributes, slices) => penalty(evidence, attributes, slices))) return found;
  }
  return first;
}

function leavesOf({ sliceOf }: Cuboid, slice: number, active: Uint8Array): number[] {
  const leaves: number[] = [];
  for (let leaf = 0; leaf < sliceOf.length; leaf++)
    if (sliceOf[leaf] === slice && active[leaf] === 1) leaves.push(leaf);
  return leaves;
}

function netGain(evidence: Evidence, { cuboid, leaves }: FoundSlice): number {
  const sums = evidence.columns.map((column) => Float64Array.of(leaves.reduce((sum, leaf) => sum + column[leaf]!, 0)));
  return evidence.gain(sums, 0) - penalty(evidence, cuboid.attributes.length, cuboid.size);
}

/** The price of naming a slice: one of so many (Bonferroni), and a word an attribute. */
function penalty({ leastGain }: Evidence, attributes: number, slices: number): number {
  return leastGain + ATTRIBUTE_PENALTY * attributes + Math.log(slices);
}
