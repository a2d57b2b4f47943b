import type { Cube } from "../cube/cube.js";
import { groupDistinct } from "../cube/measures/groupDistinct.js";
import { groupMeans, groupQuantiles } from "../cube/measures/groupQuantiles.js";
import type { RowOrder } from "../cube/segments/sortGroupBy.js";
import { memberRows, tableRows } from "./rowSums.js";

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
  const { segment } = cube;
  const needsLists = needs.quantiles.length > 0 || needs.mean || needs.clients || needs.users;
  const rows = (needsLists ? null : tableRows(groups, keys, sizes)) ?? memberRows(groups, keys, sizes);
  const { length, heads, sum } = rows;
  return {
    length,
    keys: keys.map((column) => heads.map((position) => column[position]!)),
    sample: heads.map((position) => groups[position]!),
    count: sum(segment.count),
    // Summed when first asked for: most tables have few measures.
    errors: once(() => sum(segment.errors)),
    clientErrors: once(() => sum(segment.clientErrors)),
    denied: once(() => sum(segment.denied)),
    bytes: once(() => sum(segment.bytes)),
    ...(rows.members ? listSums(cube, rows.members, needs) : NO_LIST_SUMS),
  };
}

type ListSums = Pick<Aggregate, "quantiles" | "mean" | "clients" | "users">;
const NO_LIST_SUMS: ListSums = { quantiles: new Map(), mean: null, clients: null, users: null };

function listSums(cube: Cube, members: RowOrder, needs: AggregateNeeds): ListSums {
  const { segment } = cube;
  const quantiles = needs.quantiles.length > 0 ? groupQuantiles(segment, members, needs.quantiles) : [];
  return {
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
