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
  /** How far leaves stray by chance, as what gains are divided by. */
  readonly noise: number;
  /** Learns the noise from the leaves that no cause holds yet (1 in `active`). */
  calibrate(active: Uint8Array): void;
  /** Gain in log-likelihood of a slice that moved as one over a slice that did not, were the noise known. */
  gain(sums: Sums, slice: number): number;
  /** What a gain is worth where the noise was learnt from so few leaves (Student's t for the normal distribution). */
  discounted(gain: number): number;
  /** What any slice within each slice gains at the most, at so much noise. */
  bounds(sums: Sums, noise: number): Float64Array;
  /** Standard deviation of what was expected of some leaves together. */
  deviation(leaves: Uint32Array): number;
  /** What speaks against a part of a slice moving as the rest of it does, where anything can be said of that. */
  apart?(whole: Sums, part: Sums): number;
  /** What candidates are ordered by. */
  score(sums: Sums, slice: number): number;
  /** Whether values of one further attribute tell a slice's change better than the slice does. */
  isSplit(slice: SliceLeaves, price: (attributes: number, slices: number) => number): boolean;
  /** Noise within the slices of these sums over that of all leaves; at least 1. */
  inflation(sums: Sums): number;
}

/** The leaves of one slice, and what is needed to look one attribute deeper. */
export interface SliceLeaves {
  readonly table: LeafTable;
  /** Positions of the attributes that the slice fixes. */
  readonly attributes: readonly number[];
  /** Attributes that are not to be looked into beside them. */
  readonly closed?: readonly number[];
  /** How many slices its cuboid has. */
  readonly size: number;
  readonly leaves: Uint32Array;
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
  const idOf = smallIds(table.values[attribute]!.length, leaves.length);
  let length = 0;
  const childOf = leaves.map((leaf) => {
    const child = idOf(codes[leaf]!, length);
    if (child === length) length++;
    return child;
  });
  return { length, childOf, sums: columns.map((column) => sumBy(column, leaves, childOf, length)) };
}

/** The sum of each column over some leaves. */
export function sumOf(columns: Sums, leaves: Uint32Array): Sums {
  return columns.map((column) => Float64Array.of(leaves.reduce((sum, leaf) => sum + column[leaf]!, 0)));
}

/** The attributes that a slice does not fix yet. */
export function openAttributes({ table, attributes, closed = [] }: SliceLeaves): number[] {
  const isOpen = (attribute: number): boolean => !attributes.includes(attribute) && !closed.includes(attribute);
  return table.names.map((_, attribute) => attribute).filter(isOpen);
}

/** The id that a code has already, or the next one; by a table, or a map where codes are far more than leaves. */
function smallIds(width: number, leaves: number): (code: number, next: number) => number {
  if (width > 16 * leaves) {
    const ids = new Map<number, number>();
    return (code, next) => {
      const known = ids.get(code);
      if (known === undefined) ids.set(code, next);
      return known ?? next;
    };
  }
  const ids = new Uint32Array(width);
  return (code, next) => {
    if (ids[code] === 0) ids[code] = next + 1;
    return ids[code]! - 1;
  };
}

function sumBy(column: Float64Array, leaves: Uint32Array, groupOf: Uint32Array, groups: number): Float64Array {
  const sums = new Float64Array(groups);
  for (let i = 0; i < leaves.length; i++) sums[groupOf[i]!]! += column[leaves[i]!]!;
  return sums;
}
