import { range } from "../cube/segments/range.js";
import type { Evidence, Sums } from "./evidence.js";
import type { LeafTable } from "./leafTable.js";
import { SliceIds } from "./sliceIds.js";

/** Conjunctions of values of some attributes that occur, with what their leaves say: the GROUP BY of those attributes. */
export interface Cuboid {
  /** Positions of the attributes, ascending; none for the one slice that holds every leaf. */
  readonly attributes: readonly number[];
  /** How many slices it has, pruned ones with it; never less than there are. */
  readonly size: number;
  /** Ascending leaves of the slices that are kept. */
  readonly leaves: Uint32Array;
  /** Slice of each of these leaves. */
  readonly sliceOf: Uint32Array;
  /** One leaf of each slice that is kept. */
  readonly leafOf: Uint32Array;
  /** Sums of the evidence's columns, a value a slice. */
  readonly sums: Sums;
}

/** The cuboids that were searched. */
export interface Lattice {
  /** By number of attributes. */
  readonly cuboids: readonly Cuboid[];
  /** Every slice of up to so many attributes is in it, or holds no slice that is worth its price. */
  readonly depth: number;
  /** Noise for which that holds: with less of it, more slices are worth their price. */
  readonly noise: number;
}

/** The price of naming one of so many slices by so many attributes, in nats. */
export type Price = (attributes: number, slices: number) => number;

/** So many leaves, counted once a cuboid, are held at the most: some 200 MB with their slices. */
const MAX_ENTRIES = 25_000_000;
/** So many cuboids at the most: beyond, what each costs by itself counts. */
const MAX_CUBOIDS = 4096;
/** Noise may fall by so much before the lattice has to be made anew. */
const NOISE_MARGIN = 0.6;

/**
 * The cuboids of up to `maxAttributes` attributes, a layer at a time, each from the one without its last attribute. Of a
 * hierarchy at most one level is in a slice: a city fixes its country.
 *
 * Branch and bound: no slice gains more than its leaves of one direction do one by one, so a slice whose leaves together
 * do not gain the price of anything deeper is not split further. The depth ends before the layer that passes the limits.
 */
export function latticeOf(
  table: LeafTable,
  maxAttributes: number,
  evidence: Evidence,
  active: Uint8Array,
  price: Price,
): Lattice {
  const leaves = range(table.length).filter((leaf) => active[leaf] === 1);
  const all: Cuboid[] = [
    withSums(
      { attributes: [], size: 1, leaves, sliceOf: new Uint32Array(leaves.length), leafOf: leaves.slice(0, 1) },
      evidence,
    ),
  ];
  const noise = evidence.noise * NOISE_MARGIN;
  const ids = new SliceIds(table.length);
  let layer = [...all];
  let entries = leaves.length;
  for (let depth = 1; depth <= maxAttributes; depth++) {
    const next: Cuboid[] = [];
    for (const cuboid of layer) {
      const attributes = table.names.map((_, attribute) => attribute).filter((a) => mayJoin(table, cuboid, a));
      if (attributes.length === 0) continue;
      const open = openLeaves(cuboid, evidence.bounds(cuboid.sums, noise), price(depth, cuboid.size));
      entries += attributes.length * open.length;
      if (entries > MAX_ENTRIES || all.length + next.length + attributes.length > MAX_CUBOIDS)
        return { cuboids: all, depth: depth - 1, noise };
      for (const attribute of attributes)
        next.push(withSums(withAttribute(cuboid, open, attribute, table, ids), evidence));
    }
    layer = next;
    all.push(...next);
  }
  return { cuboids: all, depth: maxAttributes, noise };
}

function mayJoin(table: LeafTable, { attributes }: Cuboid, attribute: number): boolean {
  const isLater = attribute > (attributes.at(-1) ?? -1);
  return isLater && attributes.every((other) => table.hierarchies[other]! !== table.hierarchies[attribute]!);
}

/** Positions among a cuboid's leaves of those whose slice may hold a slice that is worth its price. */
function openLeaves({ sliceOf }: Cuboid, bounds: Float64Array, price: number): Uint32Array {
  const open = new Uint32Array(sliceOf.length);
  let count = 0;
  for (let i = 0; i < sliceOf.length; i++) if (bounds[sliceOf[i]!]! > price) open[count++] = i;
  return open.subarray(0, count);
}

type Unsummed = Omit<Cuboid, "sums">;

/** Splits each slice of a cuboid by one more attribute. */
function withAttribute(
  parent: Cuboid,
  open: Uint32Array,
  attribute: number,
  table: LeafTable,
  ids: SliceIds,
): Unsummed {
  const width = table.values[attribute]!.length;
  const isWhole = open.length === parent.leaves.length;
  const leaves = isWhole ? parent.leaves : open.map((i) => parent.leaves[i]!);
  const { sliceOf, leafOf } = ids.split({
    sliceOf: isWhole ? parent.sliceOf : open.map((i) => parent.sliceOf[i]!),
    slices: parent.leafOf.length,
    leaves,
    codes: table.codes[attribute]!,
    width,
  });
  // What was pruned has at most a slice a leaf.
  const pruned = table.length - leaves.length;
  const size = Math.max(1, Math.min(leafOf.length + pruned, parent.size * width));
  return { attributes: [...parent.attributes, attribute], size, leaves, sliceOf, leafOf };
}

function withSums(cuboid: Unsummed, { columns }: Evidence): Cuboid {
  const { leaves, sliceOf, leafOf } = cuboid;
  const sums = columns.map((column) => {
    const sum = new Float64Array(leafOf.length);
    for (let i = 0; i < leaves.length; i++) sum[sliceOf[i]!]! += column[leaves[i]!]!;
    return sum;
  });
  return { ...cuboid, sums };
}

/** Takes the leaves of a cause out of all sums. `released` is 1 for these leaves. */
export function release(lattice: Lattice, { columns }: Evidence, gone: Uint32Array, released: Uint8Array): void {
  const positions = new Uint32Array(gone.length);
  for (const { leaves, sliceOf, sums } of lattice.cuboids) {
    const count = positionsOf(leaves, gone, released, positions);
    for (const [c, column] of columns.entries()) {
      const sum = sums[c]!;
      for (let k = 0; k < count; k++) sum[sliceOf[positions[k]!]!]! -= column[leaves[positions[k]!]!]!;
    }
  }
}

/** Where among ascending leaves those are that are gone: by a search for each where they are few, else by a scan. */
function positionsOf(leaves: Uint32Array, gone: Uint32Array, released: Uint8Array, out: Uint32Array): number {
  let count = 0;
  if (gone.length * SEARCH_STEPS >= leaves.length) {
    for (let i = 0; i < leaves.length; i++) if (released[leaves[i]!] === 1) out[count++] = i;
    return count;
  }
  for (const leaf of gone) {
    const i = positionOf(leaves, leaf);
    if (i >= 0) out[count++] = i;
  }
  return count;
}

/** What a binary search costs beside a step of a scan. */
const SEARCH_STEPS = 20;

/** Binary search; -1 where it is not among them. */
function positionOf(sorted: Uint32Array, leaf: number): number {
  let [low, high] = [0, sorted.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < leaf) low = middle + 1;
    else high = middle;
  }
  return sorted[low] === leaf ? low : -1;
}
