import type { Cube } from "../../cube/cube.js";
import { groupQuantiles } from "../../cube/measures/groupQuantiles.js";
import { sortGroupBy } from "../../cube/segments/sortGroupBy.js";
import { DistinctSketch } from "../../stats/distinctSketch.js";
import { type GroupOptions, groupNetworks, groupServers } from "./groupServers.js";
import type { PairTable } from "./pairTable.js";

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
  options: GroupOptions = {},
): void {
  const rows = [...serverRows.values()];
  const serverOfGroup = groupServers(cube, [...serverRows.keys()], options.serverDimension);
  const { networkOfGroup, networks } = groupNetworks(cube, options.networkDimension);
  const { segment, places } = cube;
  const isCounted = (g: number): boolean =>
    segment.latencies.count[g]! > 0 && serverOfGroup[g]! > 0 && Number.isFinite(places.lat[segment.place[g]!]!);
  const kept = Uint8Array.from({ length: segment.length }, (_, g) => (isCounted(g) ? 1 : 0));
  const servers = Uint32Array.from(kept, (is, g) => (is === 1 ? serverOfGroup[g]! : 0));
  const sums = sortGroupBy(
    [segment.place, servers, networkOfGroup],
    [places.length, rows.length + 1, networks.length],
    segment.length,
  );
  const [low, median, high] = groupQuantiles(segment.latencies, sums, QUANTILES);
  for (let s = 0; s < sums.groups; s++) {
    const groups = sums.order.subarray(sums.starts[s]!, sums.starts[s + 1]!);
    const first = groups[0]!;
    if (kept[first] === 0 || !(median![s]! > 0)) continue;
    const place = segment.place[first]!;
    const client = table.ends.rowOf({
      lat: places.lat[place]!,
      lon: places.lon[place]!,
      accuracyKm: Math.max(0, places.accuracyKm[place]! || 0),
      network: networks[networkOfGroup[first]!]!,
    });
    const count = evidence(cube, groups);
    const spread = low![s]! > 0 ? Math.log(high![s]! / low![s]!) / 2 : USUAL_LOG_SPREAD;
    const variance = (count * spread ** 2 + USUAL_WORTH * USUAL_LOG_SPREAD ** 2) / (count + USUAL_WORTH);
    const server = rows[servers[first]! - 1]!;
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
