import type { Cuboid } from "./cuboids.js";
import type { LeafTable } from "./leafTable.js";

/** Sums of an {@link Evidence}'s columns, an array a column with an entry a slice. */
export type Sums = readonly Float64Array[];

/**
 * What the leaves of a slice say together: sums of columns, and what they are worth.
 *
 * The columns are added over the leaves of a slice, so that a slice is judged without looking at its leaves.
 */
export interface Evidence {
  /** A column of so many values as there are leaves, each. */
  readonly columns: Sums;
  /** What a cause has to gain beyond the price of having looked at so many slices. */
  readonly leastGain: number;
  /** Learns how far leaves stray by chance from those that no cause holds yet (1 in `active`). */
  calibrate(active: Uint8Array): void;
  /** Gain in log-likelihood of a slice that moved as one over a slice that did not. */
  gain(sums: Sums, slice: number): number;
  /** Standard deviation of what was expected of some leaves together. */
  deviation(leaves: readonly number[]): number;
  /** What candidates are ordered by. */
  score(sums: Sums, slice: number): number;
  /** Whether values of one further attribute tell a slice's change better than the slice does. */
  isSplit(slice: SliceLeaves, penalty: (attributes: number, slices: number) => number): boolean;
}

/** The leaves of one slice, and what is needed to look one attribute deeper. */
export interface SliceLeaves {
  readonly table: LeafTable;
  readonly cuboid: Cuboid;
  readonly slice: number;
  readonly leaves: readonly number[];
  /** Sums of the slices of this cuboid. */
  readonly sums: Sums;
}

/** The slices within a slice that one more attribute makes: their sums, and how many there are. */
export interface Children {
  readonly sums: Sums;
  readonly length: number;
  /** Position among the children of each of the slice's leaves. */
  readonly childOf: Uint32Array;
}

export function childrenOf(columns: Sums, { table, leaves }: SliceLeaves, attribute: number): Children {
  const codes = table.codes[attribute]!;
  const positions = new Map<number, number>();
  const childOf = Uint32Array.from(leaves, (leaf) => {
    const known = positions.get(codes[leaf]!);
    if (known === undefined) positions.set(codes[leaf]!, positions.size);
    return known ?? positions.size - 1;
  });
  return {
    length: positions.size,
    childOf,
    sums: columns.map((column) => sumBy(column, leaves, childOf, positions.size)),
  };
}

/** The attributes that a slice does not fix yet. */
export function openAttributes({ table, cuboid }: SliceLeaves): number[] {
  return table.names.map((_, attribute) => attribute).filter((attribute) => !cuboid.attributes.includes(attribute));
}

function sumBy(column: Float64Array, leaves: readonly number[], groupOf: Uint32Array, groups: number): Float64Array {
  const sums = new Float64Array(groups);
  for (const [i, leaf] of leaves.entries()) sums[groupOf[i]!]! += column[leaf]!;
  return sums;
}
