import type { Cube } from "../../cube/cube.js";
import { groupQuantiles } from "../../cube/measures/groupQuantiles.js";
import { sortGroupBy } from "../../cube/segments/sortGroupBy.js";
import { DistinctSketch } from "../../stats/distinctSketch.js";
import { steerError } from "../errors.js";
import type { PairTable } from "./pairTable.js";

export interface CubePairOptions {
  /** The cube's dimension that names the server. Default: the one whose values are most of the servers' names. */
  readonly serverDimension?: string;
  /** The cube's dimension that names the client's network. Default "network" or "asn", where the cube has it. */
  readonly networkDimension?: string;
}

/** Quantiles one standard deviation below and above the median of a normal distribution. */
const QUANTILES = [0.158655, 0.5, 0.841345];
/** Of a few requests, the spread is not told by their own quantiles. */
const USUAL_LOG_SPREAD = 0.5;
const USUAL_WORTH = 5;
/** Requests that a client's say counts for at most: they come over one line, and mostly in a row. */
const REQUESTS_A_CLIENT = 4;
const MEDIAN_VARIANCE = Math.PI / 2;

/** Adds what a log has of pairs of places and servers: medians, and how far chance may have moved them. */
export function addCubePairs(
  table: PairTable,
  cube: Cube,
  serverRows: ReadonlyMap<string, number>,
  options: CubePairOptions = {},
): void {
  const serverOfCode = serversByCode(cube, serverRows, options.serverDimension);
  const { networkOfGroup, networks } = networksOf(cube, options.networkDimension);
  const { segment, places } = cube;
  const isCounted = (g: number): boolean =>
    segment.latencies.count[g]! > 0 && serverOfCode.at(g) > 0 && Number.isFinite(places.lat[segment.place[g]!]!);
  const kept = Uint8Array.from({ length: segment.length }, (_, g) => (isCounted(g) ? 1 : 0));
  const servers = Uint32Array.from(kept, (is, g) => (is === 1 ? serverOfCode.at(g) : 0));
  const sums = sortGroupBy(
    [segment.place, servers, networkOfGroup],
    [places.length, serverOfCode.count + 1, networks.length],
    segment.length,
  );
  const [low, median, high] = groupQuantiles(segment.latencies, sums, QUANTILES);
  for (let s = 0; s < sums.groups; s++) {
    const groups = sums.order.subarray(sums.starts[s]!, sums.starts[s + 1]!);
    const first = groups[0]!;
    if (kept[first] === 0 || !(median![s]! > 0)) continue;
    const place = segment.place[first]!;
    const accuracyKm = places.accuracyKm[place]!;
    const client = table.ends.rowOf({
      lat: places.lat[place]!,
      lon: places.lon[place]!,
      accuracyKm: accuracyKm > 0 ? accuracyKm : 0,
      network: networks[networkOfGroup[first]!]!,
    });
    const count = evidence(cube, groups);
    const spread = low![s]! > 0 ? Math.log(high![s]! / low![s]!) / 2 : USUAL_LOG_SPREAD;
    const variance = (count * spread ** 2 + USUAL_WORTH * USUAL_LOG_SPREAD ** 2) / (count + USUAL_WORTH);
    const server = serverOfCode.rowOf(servers[first]!);
    table.add({ client, server, ms: median![s]!, count, chance: (MEDIAN_VARIANCE * variance) / count });
  }
}

/** Independent measurements in some groups: requests, but no more than a few a client. */
function evidence(cube: Cube, groups: Uint32Array): number {
  const requests = groups.reduce((sum, g) => sum + cube.segment.latencies.count[g]!, 0);
  if (!cube.settings.measures.has("clients")) return requests;
  const sketch = new DistinctSketch();
  for (const g of groups) cube.clientsInto(g, sketch);
  return Math.max(1, Math.min(requests, REQUESTS_A_CLIENT * Math.round(sketch.count())));
}

/** Which server each group was answered by: 0 is none of them, others are numbered from 1. */
function serversByCode(cube: Cube, serverRows: ReadonlyMap<string, number>, asked: string | undefined) {
  const rows = [...serverRows.values()];
  const numbers = new Map([...serverRows.keys()].map((name, i) => [name, i + 1]));
  const folded = new Map([...serverRows.keys()].map((name, i) => [name.toLowerCase(), i + 1]));
  const numberOf = (value: string): number => numbers.get(value) ?? folded.get(value.toLowerCase()) ?? 0;
  const byDimension = cube.dimensions.map(({ dictionary }) =>
    Uint32Array.from({ length: dictionary.size }, (_, code) => numberOf(dictionary.value(code))),
  );
  const known = byDimension.map((codes) => new Set(codes).size - (codes.includes(0) ? 1 : 0));
  const at =
    asked === undefined
      ? known.indexOf(Math.max(0, ...known))
      : cube.dimensions.findIndex(({ name }) => name === asked);
  if (at < 0 || (asked === undefined && !(known[at]! > 0)))
    throw steerError("bad-steer-option", {
      option: "serverDimension",
      value: asked ?? "not given",
      expected: `a dimension of the cube whose values are names of servers (it has ${cube.dimensions.map(({ name }) => name).join(", ") || "none"})`,
    });
  const codes = cube.segment.codes[at]!;
  return {
    count: rows.length,
    at: (group: number): number => byDimension[at]![codes[group]!]!,
    rowOf: (number: number): number => rows[number - 1]!,
  };
}

/** The network of each group, as numbers of names; "" where the cube does not tell. */
function networksOf(cube: Cube, asked: string | undefined) {
  const names = asked === undefined ? ["network", "asn"] : [asked];
  const at = cube.dimensions.findIndex(({ name }) => names.includes(name));
  if (asked !== undefined && at < 0)
    throw steerError("bad-steer-option", {
      option: "networkDimension",
      value: asked,
      expected: `a dimension of the cube (it has ${cube.dimensions.map(({ name }) => name).join(", ") || "none"})`,
    });
  if (at < 0) return { networkOfGroup: new Uint32Array(cube.segment.length), networks: [""] };
  const { dictionary } = cube.dimensions[at]!;
  const networks = Array.from({ length: dictionary.size }, (_, code) => dictionary.value(code));
  return { networkOfGroup: Uint32Array.from(cube.segment.codes[at]!), networks };
}
