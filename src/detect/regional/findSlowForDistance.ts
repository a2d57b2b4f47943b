import { having, list } from "../../core/options/shapes.js";
import type { Cube } from "../../cube/cube.js";
import { cellText } from "../../grid/cellText.js";
import { countryName } from "../../grid/countries.js";
import { greatCircleKm } from "../../grid/distance.js";
import { benjaminiHochberg } from "../../stats/benjaminiHochberg.js";
import { type Line, medianLine, weightedMedian } from "../../stats/medianLine.js";
import { normalUpperTail } from "../../stats/normal.js";
import { detectError } from "../errors.js";
import type { Finding } from "../finding.js";
import { findingId } from "../findingId.js";
import { regionOfPlaces } from "../regionOfPlaces.js";
import { round } from "./incidents/incidentFacts.js";
import { type LatencyUnit, latencyUnits } from "./signals/latencyUnits.js";

/** Where requests are answered. */
export interface ServerPosition {
  readonly name: string;
  /** Degrees. */
  readonly lat: number;
  readonly lon: number;
}

/** Servers with a name and a position. */
export const SERVERS = list(
  having("a server: { name, lat, lon }", "name", "lat", "lon"),
  "servers: { name, lat, lon }",
);

export interface SlowForDistanceOptions {
  /** Expected share of findings that are none. Default 0.05. */
  readonly falseDiscoveryRate?: number;
  /** Distinct clients that a place must have. Default 5. */
  readonly minClients?: number;
}

/** Light takes a millisecond for 200 km of fibre, and has to come back. */
const FIBRE_KM_PER_ROUND_TRIP_MS = 100;
/** A place is slow from half as long again as others at its distance, and 20 ms: less is nobody's business. */
const LEAST_RATIO = 1.5;
const LEAST_EXCESS_MS = 20;
/** Fewer cities than this make no line. */
const LEAST_CITIES = 8;
const LEAST_REQUESTS = 30;
/** Medians of places at one distance differ by a tenth at the least, however alike they look. */
const LEAST_SPREAD = 0.1;
/** A country or subdivision is named as a whole where this share of its traffic is slow for its distance. */
const WHOLE = 0.8;

/**
 * Finds places whose requests take longer than those of other places as far from the nearest server: a detour, a bad
 * carrier, a distant server that is taken for the near one. They have not become slow, which is what `findHotspots`
 * tells: they are in both halves of the log.
 *
 * What is usual at a distance is a line through the medians of all cities that a quarter of odd ones does not bend
 * (Theil and Sen), never below the time light needs. A place known to some kilometres counts as that much further off.
 * Named is the largest unit (country, subdivision, city) most of which is slow. Judged by clients rather than requests,
 * with Benjamini and Hochberg's control over all units; severity is "low": nothing to wake anyone for.
 *
 * Subtype `slow-for-distance`; `evidence` has `nearestServer`, `distanceKm`, `fibreMs` (what light needs), `ratio`,
 * `requests`, `baseMs` and `msPer1000Km` (the line). Empty with fewer than 8 cities of 30 requests. Throws
 * `bad-detect-option`.
 */
export function findSlowForDistance(
  cube: Cube,
  servers: readonly ServerPosition[],
  { falseDiscoveryRate = 0.05, minClients = 5 }: SlowForDistanceOptions = {},
): Finding[] {
  check(servers, falseDiscoveryRate);
  const near = nearestServers(cube, servers);
  const cities = latencyUnits(cube, "city").filter((unit) => total(unit) >= LEAST_REQUESTS);
  const usual = cities.length >= LEAST_CITIES ? usualLatency(cities, near) : undefined;
  if (usual === undefined) return [];
  const units = [...latencyUnits(cube, "country"), ...latencyUnits(cube, "subdivision"), ...cities]
    .filter((unit) => total(unit) >= LEAST_REQUESTS && unit.clients >= minClients)
    .map((unit) => judged(unit, near, usual));
  const adjusted = benjaminiHochberg(units.map((unit) => unit.chance));
  const slow = units.filter((unit, i) => adjusted[i]! <= falseDiscoveryRate && isSlow(unit));
  const told = slow.filter((unit) => unit.unit.level === "city" || shareOfSlow(unit, slow) >= WHOLE);
  return told
    .filter((unit) => !told.some((other) => other !== unit && contains(other.unit, unit.unit)))
    .map((unit) => finding(cube, unit, near, usual, servers));
}

function check(servers: readonly ServerPosition[], falseDiscoveryRate: number): void {
  checkServers(servers);
  if (!(falseDiscoveryRate > 0 && falseDiscoveryRate < 1))
    throw detectError("bad-detect-option", {
      option: "falseDiscoveryRate",
      value: String(falseDiscoveryRate),
      expected: "a number between 0 and 1",
    });
}

/** Throws `bad-detect-option` where a server has no place on Earth, or there is none. */
export function checkServers(servers: readonly ServerPosition[]): void {
  const bad = servers.find(({ lat, lon }) => !(Math.abs(lat) <= 90 && Math.abs(lon) <= 360));
  if (bad !== undefined || servers.length === 0)
    throw detectError("bad-detect-option", {
      option: "servers",
      value: bad === undefined ? "empty" : JSON.stringify(bad),
      expected: "servers with latitude and longitude in degrees",
    });
}

/** By row of the cube's places: the nearest server, and how far it is. */
interface Nearest {
  readonly server: Uint32Array;
  readonly km: Float64Array;
  /** The same, as far off as the place may lie. */
  readonly farthestKm: Float64Array;
}

function nearestServers({ places }: Cube, servers: readonly ServerPosition[]): Nearest {
  const server = new Uint32Array(places.length);
  const km = new Float64Array(places.length).fill(Number.POSITIVE_INFINITY);
  for (let row = 0; row < places.length; row++) {
    servers.forEach(({ lat, lon }, s) => {
      const distance = greatCircleKm(places.lat[row]!, places.lon[row]!, lat, lon);
      if (distance < km[row]!) [km[row], server[row]] = [distance, s];
    });
  }
  return { server, km, farthestKm: km.map((d, row) => d + (places.accuracyKm[row]! || 0)) };
}

/** The line that cities follow, and how far they lie from it, as a standard deviation of the logarithm. */
interface Usual {
  readonly line: Line;
  readonly spread: number;
}

function usualLatency(cities: readonly LatencyUnit[], near: Nearest): Usual | undefined {
  const distances = cities.map((city) => mean(city, near.km));
  // Clients answer for a city, but a metropolis must not be the line by itself.
  const weights = cities.map((city) => Math.sqrt(city.clients));
  const medians = cities.map((city) => city.medianMs);
  const line = medianLine(distances, medians, weights);
  if (line === undefined) return undefined;
  const usual = { line, spread: 0 };
  const residuals = cities.map((city, i) => Math.abs(Math.log(city.medianMs / expectedMs(distances[i]!, usual))));
  return { line, spread: Math.max(LEAST_SPREAD, 1.4826 * weightedMedian(residuals, weights)) };
}

/** What is usual at a distance: never less than light needs, nor than a millisecond. */
function expectedMs(km: number, { line }: Pick<Usual, "line">): number {
  return Math.max(1, km / FIBRE_KM_PER_ROUND_TRIP_MS, line.intercept + Math.max(0, line.slope) * km);
}

interface Judged {
  readonly unit: LatencyUnit;
  readonly expectedMs: number;
  /** Standard deviation of the logarithm of the median: among places, and by chance. */
  readonly spread: number;
  /** Probability of a median this high. */
  readonly chance: number;
}

function judged(unit: LatencyUnit, near: Nearest, usual: Usual): Judged {
  const expected = expectedMs(mean(unit, near.farthestKm), usual);
  // The standard error of a median is √(π/2) times that of a mean.
  const own = (Math.sqrt(Math.PI / 2) * (unit.logSpread || 1)) / Math.sqrt(unit.clients);
  const spread = Math.hypot(usual.spread, own);
  return { unit, expectedMs: expected, spread, chance: normalUpperTail(Math.log(unit.medianMs / expected) / spread) };
}

function isSlow({ unit, expectedMs: expected }: Judged): boolean {
  const limit = Math.max(LEAST_RATIO * expected, expected + LEAST_EXCESS_MS);
  return unit.medianMs >= limit && unit.halvesMs[0] >= limit && unit.halvesMs[1] >= limit;
}

/** How much of a country's or subdivision's traffic comes from cities that are slow themselves. */
function shareOfSlow({ unit }: Judged, slow: readonly Judged[]): number {
  const cities = slow.filter((other) => other.unit.level === "city" && contains(unit, other.unit));
  return cities.reduce((sum, city) => sum + total(city.unit), 0) / total(unit);
}

function contains(whole: LatencyUnit, part: LatencyUnit): boolean {
  if (whole.country !== part.country || whole.level === "city" || whole.level === part.level) return false;
  return whole.level === "country" ? part.level !== "country" : part.level === "city" && whole.region === part.region;
}

const total = (unit: LatencyUnit): number => unit.requests.reduce((sum, n) => sum + n, 0);

function mean(unit: LatencyUnit, byPlace: Float64Array): number {
  return unit.places.reduce((sum, row, i) => sum + byPlace[row]! * unit.requests[i]!, 0) / total(unit);
}

function finding(
  cube: Cube,
  { unit, expectedMs: expected, spread, chance }: Judged,
  near: Nearest,
  { line }: Usual,
  servers: readonly ServerPosition[],
): Finding {
  const { places } = cube;
  const labelled = unit.places.map((row, i) => ({
    country: unit.country,
    region: places.regions.value(places.region[row]!),
    city: places.cities.value(places.city[row]!),
    lat: places.lat[row]!,
    lon: places.lon[row]!,
    cell: cellText(places.cellLow[row]!, places.cellHigh[row]!),
    weight: unit.requests[i]!,
  }));
  const region = regionOfPlaces(labelled, { resolution: cube.resolution, level: unit.level });
  const busiest = unit.places[unit.requests.indexOf(Math.max(...unit.requests))]!;
  const server = servers[near.server[busiest]!]!;
  const distanceKm = Math.round(mean(unit, near.km));
  const endMs = cube.originMs + cube.bucketCount * cube.bucketMs;
  const name = unit.level === "country" ? countryName(unit.country) : region.name;
  return {
    id: findingId("slow-for-distance", name),
    kind: "latency-hotspot",
    subtype: "slow-for-distance",
    severity: "low",
    confidence: Math.min(0.999999, Math.round((1 - chance) * 1e6) / 1e6),
    startMs: cube.originMs,
    endMs: null,
    detectedAtMs: endMs,
    title: `${name} is slow for its distance: median ${Math.round(unit.medianMs)} ms, usually ${Math.round(expected)} ms at ${distanceKm} km from ${server.name}`,
    region,
    dimensions: {},
    measure: "p50_latency_ms",
    observed: round(unit.medianMs),
    expected: round(expected),
    expectedInterval: [round(expected * Math.exp(-1.96 * spread)), round(expected * Math.exp(1.96 * spread))],
    clients: unit.clients,
    users: [],
    ips: [],
    cause: [],
    evidence: {
      nearestServer: server.name,
      distanceKm,
      fibreMs: round(distanceKm / FIBRE_KM_PER_ROUND_TRIP_MS),
      ratio: round(unit.medianMs / expected),
      requests: total(unit),
      baseMs: round(line.intercept),
      msPer1000Km: round(1000 * Math.max(0, line.slope)),
    },
  };
}
