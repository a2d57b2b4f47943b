import { DAY_MS } from "../../../core/time.js";
import type { Cube } from "../../../cube/cube.js";
import { groupsByName } from "../../../cube/verbs/groupsByName.js";
import { greatCircleKm } from "../../../grid/distance.js";
import { DistinctSketch } from "../../../stats/distinctSketch.js";
import type { Finding } from "../../finding.js";
import { findingId } from "../../findingId.js";
import { regionOfPlaces } from "../../regionOfPlaces.js";
import { checkServers, type ServerPosition } from "../findSlowForDistance.js";
import { round } from "../incidents/incidentFacts.js";
import { severityOf } from "../incidents/severityOf.js";
import { type ReroutedPlace, reroutedPlaces } from "./reroutedPlaces.js";

/** What a client at a place would see from a server, in milliseconds: a latency model knows. */
export type ExpectedLatency = (place: { readonly lat: number; readonly lon: number }, server: string) => number;

export interface MisroutedOptions {
  /** Default: what public networks show, 15 ms and 14 ms for each 1,000 km. */
  readonly expectedMs?: ExpectedLatency | undefined;
  /** Distinct clients that must have been moved. Default 5. */
  readonly minClients?: number;
}

/** A way is worse from so many milliseconds more on; less is how close servers share their clients. */
const LEAST_EXTRA_MS = 10;
/** Places that change within so many minutes of each other, from one server to another, are one change. */
const TOGETHER_MINUTES = 30;
/** Nats of evidence, by clients, that a change needs. */
const LEAST_NATS = 12;
/** A server that keeps less than this of what it usually has is down or drained: that is no wrong way. */
const STILL_SERVES = 0.2;
const PUBLIC_NETWORK = { baseMs: 15, msPerKm: 0.014 };

/**
 * Finds clients that all at once are answered by a server farther away than before, while the nearer one goes on: a
 * changed route, an anycast catchment that moved, a wrong steering rule. Told by who answers, not by how long it takes,
 * so neither slowness of the same way nor the loss of a server is one.
 *
 * Needs a dimension of the cube whose values are the servers' names, and a day of history. "Farther" is ten milliseconds
 * more by `expectedMs`. Subtype `misrouted`; dimensions has the server that answers now; `evidence` has `usualServer`,
 * `server`, `distanceKm`, `usualDistanceKm`, `expectedExtraMs`, `share` (of the places' requests that go the wrong way),
 * `usualShare` and `requests`. Throws `bad-detect-option`.
 */
export function findMisrouted(
  cube: Cube,
  servers: readonly ServerPosition[],
  { expectedMs = byDistance(servers), minClients = 5 }: MisroutedOptions = {},
): Finding[] {
  checkServers(servers);
  const named = groupsByName(
    cube,
    servers.map(({ name }) => name),
  );
  if (named === null || servers.length < 2) return [];
  const { places } = cube;
  const at = (place: number) => ({ lat: places.lat[place]!, lon: places.lon[place]! });
  const extraMs = (place: number, before: number, now: number): number =>
    expectedMs(at(place), servers[now - 1]!.name) - expectedMs(at(place), servers[before - 1]!.name);
  const day = Math.max(1, Math.round(DAY_MS / cube.bucketMs));
  const changes = reroutedPlaces(
    cube,
    named.numbers,
    servers.length,
    day,
    (place, before, now) => extraMs(place, before, now) >= LEAST_EXTRA_MS,
  );
  return together(changes, Math.max(1, (TOGETHER_MINUTES * 60_000) / cube.bucketMs))
    .map((change) => ({ change, facts: factsOf(cube, named.numbers, change) }))
    .filter(({ facts }) => facts.clients >= minClients && facts.nats >= LEAST_NATS && facts.stillServes >= STILL_SERVES)
    .map(({ change, facts }) => {
      const dimension = cube.dimensions[named.dimension]!.name;
      return finding(cube, servers, dimension, change, facts, extraMs);
    });
}

function byDistance(servers: readonly ServerPosition[]): ExpectedLatency {
  const known = new Map(servers.map((server) => [server.name, server]));
  return ({ lat, lon }, name) => {
    const server = known.get(name)!;
    return PUBLIC_NETWORK.baseMs + PUBLIC_NETWORK.msPerKm * greatCircleKm(lat, lon, server.lat, server.lon);
  };
}

/** Places that were moved from one server to another at about the same time. */
interface Change extends Pick<ReroutedPlace, "before" | "now" | "from" | "to"> {
  readonly places: readonly ReroutedPlace[];
}

function together(changes: readonly ReroutedPlace[], buckets: number): Change[] {
  const sorted = [...changes].sort(
    (a, b) => a.before - b.before || a.now - b.now || a.from - b.from || a.place - b.place,
  );
  const sets: ReroutedPlace[][] = [];
  for (const change of sorted) {
    const last = sets.at(-1);
    const first = last?.[0];
    const isSame =
      first !== undefined &&
      first.before === change.before &&
      first.now === change.now &&
      change.from - first.from <= buckets;
    if (isSame) last!.push(change);
    else sets.push([change]);
  }
  return sets.map((set) => ({
    before: set[0]!.before,
    now: set[0]!.now,
    from: Math.min(...set.map(({ from }) => from)),
    to: Math.max(...set.map(({ to }) => to)),
    places: set,
  }));
}

interface Facts {
  /** Of the places, while it lasts: all requests, and those that go the wrong way. */
  readonly all: number;
  readonly moved: number;
  /** Clients that go the wrong way. */
  readonly clients: number;
  readonly usualShare: number;
  readonly nats: number;
  /** What the nearer server still has, of what it usually has in as long. */
  readonly stillServes: number;
  readonly world: number;
  /** Requests by place. */
  readonly weight: ReadonlyMap<number, number>;
}

function factsOf(cube: Cube, serverOf: Uint32Array, { before, now, from, to, places }: Change): Facts {
  const { segment, bucketCount } = cube;
  const members = new Set(places.map(({ place }) => place));
  const [here, gone] = [new DistinctSketch(), new DistinctSketch()];
  const weight = new Map<number, number>();
  let [all, moved, world, past, still] = [0, 0, 0, 0, 0];
  for (let g = 0; g < segment.length; g++) {
    const t = segment.bucket[g]!;
    const count = segment.count[g]!;
    const isDuring = t >= from && t <= to;
    if (serverOf[g] === before) {
      if (isDuring) still += count;
      else if (t < from) past += count;
    }
    if (!isDuring) continue;
    world += count;
    const place = segment.place[g]!;
    if (!members.has(place) || serverOf[g] === 0) continue;
    all += count;
    cube.clientsInto(g, here);
    if (serverOf[g] !== now) continue;
    moved += count;
    cube.clientsInto(g, gone);
    weight.set(place, (weight.get(place) ?? 0) + count);
  }
  const usualShare = Math.max(...places.map((one) => one.usualShare));
  const clients = Math.round(gone.count());
  const total = Math.max(clients, Math.round(here.count()));
  const usual = (past * (to - from + 1)) / Math.max(1, Math.min(from, bucketCount));
  return {
    ...{ all, moved, clients, usualShare, world, weight },
    nats: total * divergence(Math.min(1, clients / Math.max(1, total)), usualShare),
    stillServes: usual > 0 ? still / usual : 0,
  };
}

/** Kullback–Leibler divergence of two probabilities, in nats; 0 where the first is not the larger. */
function divergence(p: number, q: number): number {
  if (p <= q) return 0;
  return p * Math.log(p / q) + (p < 1 ? (1 - p) * Math.log((1 - p) / (1 - q)) : 0);
}

function finding(
  cube: Cube,
  servers: readonly ServerPosition[],
  dimension: string,
  { before, now, from, to }: Change,
  { all, moved, clients, usualShare, nats, world, weight }: Facts,
  extraMs: (place: number, before: number, now: number) => number,
): Finding {
  const { places, bucketMs, originMs, bucketCount } = cube;
  const rows = [...weight.keys()].sort((a, b) => a - b);
  const labelled = rows.map((row) => ({
    country: places.countries.value(places.country[row]!),
    region: places.regions.value(places.region[row]!),
    city: places.cities.value(places.city[row]!),
    lat: places.lat[row]!,
    lon: places.lon[row]!,
    weight: weight.get(row)!,
  }));
  const region = regionOfPlaces(labelled, { resolution: cube.resolution });
  const mean = (of: (row: number) => number): number =>
    rows.reduce((sum, row) => sum + weight.get(row)! * of(row), 0) / moved;
  const kmTo = ({ lat, lon }: ServerPosition): number =>
    Math.round(mean((row) => greatCircleKm(places.lat[row]!, places.lon[row]!, lat, lon)));
  const [near, far] = [servers[before - 1]!, servers[now - 1]!];
  const [usualDistanceKm, distanceKm] = [kmTo(near), kmTo(far)];
  const extra = Math.round(mean((row) => extraMs(row, before, now)));
  const startMs = originMs + from * bucketMs;
  const minutes = ((to - from + 1) * bucketMs) / 60_000;
  return {
    id: findingId("misrouted", startMs, dimension, far.name, near.name),
    kind: "latency-hotspot",
    subtype: "misrouted",
    // Slower, not lost: 200 ms more count as much as a request that is lost.
    severity: severityOf({
      requests: moved,
      shareOfWorld: (moved / Math.max(1, world)) * Math.min(1, extra / 200),
      shareOfRegion: Math.min(1, extra / 200) / 2,
      margin: nats - LEAST_NATS,
      minutes,
    }),
    confidence: Math.min(0.999999, 1 - Math.exp(-nats)),
    startMs,
    endMs: to >= bucketCount - 1 ? null : originMs + (to + 1) * bucketMs,
    detectedAtMs: Math.min(originMs + bucketCount * bucketMs, startMs + 3 * bucketMs),
    title: `${region.name} is served by ${far.name} (${distanceKm} km), usually by ${near.name} (${usualDistanceKm} km): some ${extra} ms more to be expected, and ${near.name} is up`,
    region,
    dimensions: { [dimension]: far.name },
    measure: "requests",
    observed: moved,
    expected: Math.round(all * usualShare),
    clients,
    users: [],
    ips: [],
    cause: [{ slice: { [dimension]: far.name }, share: 1 }],
    evidence: {
      usualServer: near.name,
      server: far.name,
      distanceKm,
      usualDistanceKm,
      expectedExtraMs: extra,
      share: round(moved / Math.max(1, all)),
      usualShare: round(usualShare),
      requests: moved,
    },
  };
}
