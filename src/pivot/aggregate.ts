import type { Cube } from "../cube/cube.js";
import { groupDistinct } from "../cube/groupDistinct.js";
import { groupMeans, groupQuantiles } from "../cube/groupQuantiles.js";
import { orderRows, type RowOrder } from "../cube/orderRows.js";

/** What a table's measures ask of its rows. */
export interface AggregateNeeds {
  readonly quantiles: readonly number[];
  readonly mean: boolean;
  readonly clients: boolean;
  readonly users: boolean;
}

/** Sums of groups by key: one row a key that occurs, ascending. */
export interface Aggregate {
  readonly length: number;
  /** One column a key. */
  readonly keys: readonly Uint32Array[];
  /** One of the groups of each row. */
  readonly sample: Uint32Array;
  readonly count: Float64Array;
  readonly errors: () => Float64Array;
  readonly clientErrors: () => Float64Array;
  readonly denied: () => Float64Array;
  readonly bytes: () => Float64Array;
  /** By quantile; NaN where no latency is known. */
  readonly quantiles: ReadonlyMap<number, Float64Array>;
  readonly mean: Float64Array | null;
  readonly clients: Float64Array | null;
  readonly users: Float64Array | null;
}

/**
 * Sums groups of a cube by keys.
 *
 * @param groups - the groups to sum
 * @param keys - columns by position in `groups`; column k holds integers below sizes[k]
 */
export function aggregate(
  cube: Cube,
  groups: Uint32Array,
  keys: readonly Uint32Array[],
  sizes: readonly number[],
  needs: AggregateNeeds,
): Aggregate {
  const rows = orderRows(keys, sizes, groups.length);
  const heads = rows.starts.subarray(0, rows.groups).map((start) => rows.order[start]!);
  const order = new Uint32Array(groups.length);
  for (let k = 0; k < order.length; k++) order[k] = groups[rows.order[k]!]!;
  const members: RowOrder = { ...rows, order };
  const { segment } = cube;
  const quantiles = needs.quantiles.length > 0 ? groupQuantiles(segment, members, needs.quantiles) : [];
  return {
    length: rows.groups,
    keys: keys.map((column) => heads.map((position) => column[position]!)),
    sample: heads.map((position) => groups[position]!),
    count: sums(segment.count, members),
    // Summed when first asked for: most tables have few measures.
    errors: once(() => sums(segment.errors, members)),
    clientErrors: once(() => sums(segment.clientErrors, members)),
    denied: once(() => sums(segment.denied, members)),
    bytes: once(() => sums(segment.bytes, members)),
    quantiles: new Map(needs.quantiles.map((q, i) => [q, quantiles[i]!])),
    mean: needs.mean ? groupMeans(segment, members) : null,
    clients: needs.clients ? groupDistinct(cube, members, "clients") : null,
    users: needs.users ? groupDistinct(cube, members, "users") : null,
  };
}

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

function sums(column: ArrayLike<number>, { order, starts, groups }: RowOrder): Float64Array {
  const totals = new Float64Array(groups);
  for (let row = 0; row < groups; row++) {
    let total = 0;
    for (let k = starts[row]!; k < starts[row + 1]!; k++) total += column[order[k]!]!;
    totals[row] = total;
  }
  return totals;
}
