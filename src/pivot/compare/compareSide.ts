import type { Cube } from "../../cube/cube.js";
import { effectiveCount } from "../../cube/measures/weights.js";
import { range } from "../../cube/segments/range.js";
import { sortGroupBy } from "../../cube/segments/sortGroupBy.js";
import { DistinctSketch } from "../../stats/distinctSketch.js";
import { CountTable } from "../../stats/heavyHitters.js";
import { valuesOfGroups } from "../attributes/attribute.js";
import { attributeOf } from "../attributes/attributeOf.js";
import type { PlaceDimension } from "../attributes/placeAttribute.js";

/** A window is cut into at most so many blocks, and each lasts an hour or longer where there are enough hours. */
const MAX_BLOCKS = 336;
const HOUR_MS = 3_600_000;
const ENOUGH_BLOCKS = 20;

/** One region in one of the two windows that are compared. */
export interface RegionSide {
  readonly labels: readonly string[];
  readonly count: number;
  readonly errors: number;
  readonly latencyTotal: number;
  /** By bin of latency. */
  readonly latencies: Uint32Array;
  /** How many requests count as one independent one, as they are weighted (Kish); 1 where each row is a request. */
  readonly weightEffect: number;
  /** Distinct clients. */
  readonly clients: number;
  /** Requests and errors of each client that is known by itself. */
  readonly clientCounts: Float64Array;
  readonly clientErrors: Float64Array;
  /** Requests and errors by block of time. */
  readonly blockCounts: Float64Array;
  readonly blockErrors: Float64Array;
}

/** One of the two windows. */
export interface CompareSide {
  readonly count: number;
  readonly errors: number;
  readonly clients: number;
  readonly blockCounts: Float64Array;
  /** By their labels, joined. */
  readonly regions: ReadonlyMap<string, RegionSide>;
}

/** Sums a window by region, with what tells how far its requests hang together. */
export function compareSide(cube: Cube, by: readonly (string | PlaceDimension)[], groups: Uint32Array): CompareSide {
  const attributes = by.map((name) => attributeOf(cube, name, null));
  const keys = attributes.map((attribute) => valuesOfGroups(cube, attribute, groups, range(attribute.labels.length)));
  const rows = sortGroupBy(
    keys,
    attributes.map(({ labels }) => labels.length),
    groups.length,
  );
  const blockOf = blocks(cube);
  const blockCounts = new Float64Array(blockOf.count);
  const everyone = new DistinctSketch();
  const regions = new Map<string, RegionSide>();
  for (let row = 0; row < rows.groups; row++) {
    const positions = rows.order.subarray(rows.starts[row]!, rows.starts[row + 1]!);
    const labels = attributes.map(({ labels }, i) => String(labels[keys[i]![positions[0]!]!] ?? ""));
    const members = positions.map((position) => groups[position]!);
    const side = regionSide(cube, labels, members, blockOf);
    for (const group of members) cube.clientsInto(group, everyone);
    for (let b = 0; b < blockCounts.length; b++) blockCounts[b]! += side.blockCounts[b]!;
    regions.set(labels.join("\n"), side);
  }
  const all = [...regions.values()];
  return {
    count: all.reduce((total, { count }) => total + count, 0),
    errors: all.reduce((total, { errors }) => total + errors, 0),
    clients: everyone.count(),
    blockCounts,
    regions,
  };
}

interface Blocks {
  readonly count: number;
  readonly of: (bucket: number) => number;
}

/** Cuts a cube's time into blocks long enough to be few, and short enough to be many. */
function blocks(cube: Cube): Blocks {
  const { bucketCount, bucketMs } = cube;
  const hourly = Math.max(1, Math.round(HOUR_MS / bucketMs));
  const fine = Math.max(1, Math.floor(bucketCount / ENOUGH_BLOCKS));
  const width = Math.max(Math.min(hourly, fine), Math.ceil(bucketCount / MAX_BLOCKS));
  return { count: Math.ceil(bucketCount / width), of: (bucket) => Math.floor(bucket / width) };
}

function regionSide(cube: Cube, labels: readonly string[], members: Uint32Array, blockOf: Blocks): RegionSide {
  const { groups, segment } = cube;
  const latencies = new Uint32Array(cube.latencyBins.count);
  const sketch = new DistinctSketch();
  const table = new CountTable();
  const blockCounts = new Float64Array(blockOf.count);
  const blockErrors = new Float64Array(blockOf.count);
  let latencyTotal = 0;
  let squares = 0;
  for (const group of members) {
    const block = blockOf.of(groups.bucket[group]!);
    blockCounts[block]! += groups.count[group]!;
    blockErrors[block]! += groups.errors[group]!;
    squares += (groups.squares ?? groups.count)[group]!;
    latencyTotal += segment.latencies.count[group]!;
    cube.latencyInto(group, latencies);
    cube.clientsInto(group, sketch);
    cube.clientCountsInto(group, table);
  }
  const count = blockCounts.reduce((total, n) => total + n, 0);
  return {
    labels,
    count,
    weightEffect: count > 0 ? count / effectiveCount(count, squares) : 1,
    errors: blockErrors.reduce((total, n) => total + n, 0),
    latencyTotal,
    latencies,
    clients: sketch.count(),
    clientCounts: table.counts.slice(0, table.size),
    clientErrors: table.errors.slice(0, table.size),
    blockCounts,
    blockErrors,
  };
}
