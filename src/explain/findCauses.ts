import { type Cuboid, type Lattice, latticeOf, release } from "./cuboids.js";
import { childrenOf, type Evidence, openAttributes, type SliceLeaves, type Sums, sumOf } from "./evidence.js";
import { type Exceptions, exceptionsOf } from "./exceptions.js";
import type { LeafTable } from "./leafTable.js";
import { SliceIndex } from "./sliceIndex.js";

/** A slice that carries a part of the change. */
export interface FoundSlice {
  readonly cuboid: Cuboid;
  readonly slice: number;
  /** Ascending; without those of exceptions, and of causes that were found before. */
  readonly leaves: Uint32Array;
  readonly exceptions: Exceptions | null;
  /** Log-likelihood gain less the price of having looked at so many slices; above 0. */
  readonly net: number;
}

/** What was found, and how far was looked. */
export interface Search {
  readonly found: readonly FoundSlice[];
  /** No slice of up to so many attributes was left out that was worth its price. */
  readonly depth: number;
}

/** The price of each attribute that a slice fixes. */
const ATTRIBUTE_PENALTY = 0.5;
/** So many candidates are looked into for causes inside them before the strongest is taken as it is. */
const MAX_LOOKED_INTO = 400;

/**
 * Greedy search by minimum description length: takes the strongest slice that its children do not tell better, lets its
 * leaves go, learns the noise anew from the rest, and goes on until no slice is worth the words that name it.
 *
 * Every slice of every cuboid is looked at in every round, but for those that the lattice has pruned; where noise falls
 * below what it was pruned for, it is made anew. What was found early, under noise that later causes inflated, is judged
 * again in the end.
 */
export function findCauses(table: LeafTable, maxAttributes: number, evidence: Evidence, maxCauses: number): Search {
  const active = new Uint8Array(table.length).fill(1);
  const price = (attributes: number, slices: number): number => priceOf(evidence, attributes, slices);
  const found: FoundSlice[] = [];
  let lattice: Lattice | null = null;
  let index = new SliceIndex();
  let depth = maxAttributes;
  while (found.length < maxCauses) {
    evidence.calibrate(active);
    if (lattice === null || evidence.noise < lattice.noise) {
      lattice = latticeOf(table, maxAttributes, evidence, active, price);
      index = new SliceIndex();
    }
    depth = Math.min(depth, lattice.depth);
    const next = strongest(table, lattice, index, evidence, active);
    if (next === null) break;
    found.push(next);
    const released = new Uint8Array(table.length);
    for (const leaf of next.leaves) {
      active[leaf] = 0;
      released[leaf] = 1;
    }
    release(lattice, evidence, next.leaves, released);
  }
  evidence.calibrate(active);
  const judged = found.map((cause) => ({ ...cause, net: netGain(evidence, cause) }));
  return { found: judged.filter((cause) => cause.net > 0), depth };
}

interface Candidate {
  readonly score: number;
  readonly net: number;
  readonly cuboid: Cuboid;
  readonly slice: number;
}

function strongest(
  table: LeafTable,
  lattice: Lattice,
  index: SliceIndex,
  evidence: Evidence,
  active: Uint8Array,
): FoundSlice | null {
  const candidates = candidatesOf(lattice, evidence);
  // Of slices with the same leaves the one of fewer attributes comes first: the sort is stable, cuboids are by size.
  candidates.sort((a, b) => b.score - a.score);
  const price = (attributes: number, slices: number): number => priceOf(evidence, attributes, slices);
  let first: FoundSlice | null = null;
  for (const { net, cuboid, slice } of candidates.slice(0, MAX_LOOKED_INTO)) {
    const leaves = index.leavesOf(cuboid, slice).filter((leaf) => active[leaf] === 1);
    const inside: SliceLeaves = { table, attributes: cuboid.attributes, size: cuboid.size, leaves };
    const whole = { cuboid, slice, leaves, exceptions: null, net };
    first ??= whole;
    const isSplit = evidence.isSplit(inside, price);
    const exceptions = exceptionsOf(evidence, inside, (values) => price(1, values));
    if (exceptions !== null && !isChildShorter(exceptions, inside, evidence, price))
      if (isWholeButFor(exceptions, inside, evidence, price))
        return { ...whole, leaves: exceptions.leaves, exceptions };
    if (!isSplit) return whole;
  }
  return first;
}

/** Whether a child says as much as the slice without its exceptions, in fewer words: Japan, not all of Asia but India. */
function isChildShorter(
  { leaves, price: words }: Exceptions,
  inside: SliceLeaves,
  evidence: Evidence,
  price: (attributes: number, slices: number) => number,
): boolean {
  const depth = inside.attributes.length;
  const worth = (sums: Sums, slice: number): number => evidence.discounted(evidence.gain(sums, slice));
  const own = worth(sumOf(evidence.columns, leaves), 0) - words - price(depth, inside.size);
  return openAttributes(inside).some((attribute) => {
    const { sums, length } = childrenOf(evidence.columns, inside, attribute);
    const cost = price(depth + 1, inside.size * length);
    for (let child = 0; length > 1 && child < length; child++) if (worth(sums, child) - cost >= own) return true;
    return false;
  });
}

/** Whether a slice moved as one but for its exceptions: neither it nor what is left is told better by anything else. */
function isWholeButFor(
  { attribute, leaves }: Exceptions,
  inside: SliceLeaves,
  evidence: Evidence,
  price: (attributes: number, slices: number) => number,
): boolean {
  const { hierarchies } = inside.table;
  const closed = [...hierarchies.keys()].filter((other) => hierarchies[other] === hierarchies[attribute]);
  return !evidence.isSplit({ ...inside, closed }, price) && !evidence.isSplit({ ...inside, leaves }, price);
}

/** The slices that are worth their price. */
function candidatesOf({ cuboids }: Lattice, evidence: Evidence): Candidate[] {
  const candidates: Candidate[] = [];
  for (const cuboid of cuboids) {
    const { attributes, size, sums, leafOf } = cuboid;
    const price = priceOf(evidence, attributes.length, size);
    for (let slice = 0; slice < leafOf.length; slice++) {
      const gain = evidence.gain(sums, slice);
      // A discounted gain is no larger.
      if (gain <= price) continue;
      const net = evidence.discounted(gain) - price;
      if (net > 0) candidates.push({ score: evidence.score(sums, slice), net, cuboid, slice });
    }
  }
  return candidates;
}

function netGain(evidence: Evidence, { cuboid, leaves, exceptions }: FoundSlice): number {
  const gain = evidence.discounted(evidence.gain(sumOf(evidence.columns, leaves), 0));
  return gain - priceOf(evidence, cuboid.attributes.length, cuboid.size) - (exceptions?.price ?? 0);
}

/** The price of naming a slice: one of so many (Bonferroni), and a word an attribute. */
function priceOf({ leastGain }: Evidence, attributes: number, slices: number): number {
  return leastGain + ATTRIBUTE_PENALTY * attributes + Math.log(slices);
}
