import type { Cube } from "../cube/cube.js";
import type { AnyMeasure } from "../cube/measures/measure.js";
import type { RowOrder } from "../cube/segments/sortGroupBy.js";
import { cubeFigure } from "./cubeFigure.js";
import { memberRows, tableRows } from "./rowSums.js";

/** Sums of groups by key: one row a key that occurs, ascending. */
export interface Aggregate {
  readonly length: number;
  /** One column a key. */
  readonly keys: readonly Uint32Array[];
  /** One of the groups of each row. */
  readonly sample: Uint32Array;
  readonly count: Float64Array;
  /** Sums of the squares of weights; {@link count} itself where every request is one. */
  readonly squares: () => Float64Array;
  /** A figure that was asked for, or any that is the sum of a column; NaN where there is nothing to measure. */
  readonly figure: (name: string) => Float64Array;
}

/**
 * Sums groups of a cube by keys.
 *
 * @param groups - the groups to sum
 * @param keys - columns by position in `groups`; column k holds integers below sizes[k]
 * @param figures - names of the figures that are wanted, all of which the cube has
 */
export function aggregate(
  cube: Cube,
  groups: Uint32Array,
  keys: readonly Uint32Array[],
  sizes: readonly number[],
  figures: readonly string[],
): Aggregate {
  const { segment } = cube;
  const listed = [...new Set(figures)].filter((name) => cubeFigure(cube, name)!.figure.sum === undefined);
  const rows = (listed.length > 0 ? null : tableRows(groups, keys, sizes)) ?? memberRows(groups, keys, sizes);
  const { length, heads, sum } = rows;
  const known = rows.members ? listFigures(cube, rows.members, listed) : new Map<string, Float64Array>();
  const count = sum(segment.count);
  known.set("count", count);
  const { squares } = segment;
  return {
    length,
    keys: keys.map((column) => heads.map((position) => column[position]!)),
    sample: heads.map((position) => groups[position]!),
    count,
    squares: once(() => (squares ? sum(squares) : count)),
    // Summed when first asked for: most tables have few measures.
    figure: (name) => {
      const found = known.get(name) ?? sum(cubeFigure(cube, name)!.figure.sum!(segment));
      known.set(name, found);
      return found;
    },
  };
}

/** Figures that are read from lists: each measure is asked for all of its own at once. */
function listFigures(cube: Cube, members: RowOrder, names: readonly string[]): Map<string, Float64Array> {
  const found = new Map<string, Float64Array>();
  const measureOf = (name: string): AnyMeasure => cubeFigure(cube, name)!.measure;
  for (const measure of new Set(names.map(measureOf))) {
    const own = names.filter((name) => measureOf(name) === measure);
    const columns = measure.read!(cube.segment, members, own, cube.parts);
    for (const [i, name] of own.entries()) found.set(name, columns[i]!);
  }
  return found;
}

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}
