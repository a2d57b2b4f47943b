import { Dictionary } from "../../src/core/dictionary.js";
import type { Events } from "../../src/core/events.js";
import { NetworkTable } from "../../src/core/networks.js";
import { PlaceTable } from "../../src/core/places.js";
import { Random } from "../../src/core/random.js";
import { CITIES } from "./regionalTraffic.js";

/** What went wrong: `none`, one of three, or two of them at once. */
export const SCENARIOS = ["version-in-country", "pop-for-service", "provider-in-city", "two"] as const;
export type Scenario = (typeof SCENARIOS)[number] | "none" | "client";

export interface ExplainTraffic {
  readonly events: Events;
  /** What to ask: the measure in which it shows, and when. */
  readonly measure: "errors" | "requests";
  readonly window: { readonly from: number; readonly to: number };
  /** The slices that moved; the first cause named must be among them. */
  readonly truth: readonly Readonly<Record<string, string>>[];
  /** For `client`: its address. */
  readonly address: string;
}

const START = Date.UTC(2026, 2, 2);
const HOUR = 3_600_000;
const HOURS = 52;
const SERVICES = ["web", "api", "login", "media"];
const VERSIONS = ["4.1.9", "4.2.0", "4.3.0"];
const PROVIDERS = ["First Telecom", "Second Telecom", "World Net", "Cable", "Mobile"];
const POPS = ["fra1", "lon2", "nyc1", "sjc3", "nrt1"];
export const EXPLAIN_DIMENSIONS = ["organization", "service", "version", "pop"];

interface Kind {
  city: number;
  provider: number;
  service: number;
  version: number;
  pop: number;
}

/**
 * Two days of some 60,000 requests, then hours in which something is wrong. Requests come in visits of a client: a page and
 * what belongs to it, at one provider, version and PoP; a few clients visit far more often than others; days and nights
 * differ, and errors come in bursts of a visit as well as alone.
 */
export function explainTraffic(scenario: Scenario, seed: number, visits = 60_000): ExplainTraffic {
  const random = new Random(7919 * seed + 17);
  const window = { from: START + 49 * HOUR, to: START + 52 * HOUR };
  const weights = CITIES.map(() => Math.exp(random.normal()));
  const truth = scenario === "none" || scenario === "client" ? [] : truthOf(scenario, random, weights);
  const severity = 0.35 + 0.5 * random.next();
  const rows: { timeMs: number; kind: Kind; status: number; client: number; latencyMs: number }[] = [];
  for (let visit = 0; visit < visits; visit++) {
    const city = pick(weights, random);
    const at = timeOf(CITIES[city]!.lon, random);
    // A fifth of a city's visits are those of its ten busiest clients.
    const client = 65_536 * city + (random.next() < 0.2 ? random.int(10) : 10 + random.int(800));
    const kind: Kind = {
      city,
      provider: (client + (client >> 3)) % (client % 3 === 0 ? 2 : 5),
      service: 0,
      version: client % 10 < 5 ? 1 : client % 10 < 8 ? 2 : 0,
      pop: random.next() < 0.9 ? nearestPop(city) : random.int(POPS.length),
    };
    const isBad = random.next() < 0.003;
    for (let request = 1 + random.int(5); request > 0; request--) {
      const timeMs = at + random.int(20_000);
      const one = { ...kind, service: random.next() < 0.4 ? 3 : random.int(3) };
      const hit = truth.some((slice) => timeMs >= window.from && timeMs < window.to && isIn(slice, one));
      const isLost = hit && truth.some((slice) => "organization" in slice && isIn(slice, one));
      if (isLost && random.next() < 0.5 + severity / 2) continue;
      const fails = hit && !isLost && random.next() < severity;
      const status = fails || isBad || random.next() < 0.004 ? 503 : 200;
      rows.push({ timeMs, kind: one, status, client, latencyMs: 40 * Math.exp(0.4 * random.normal()) });
    }
  }
  const lone = 65_536 * 14 + 1000;
  if (scenario === "client")
    for (let i = 0; i < 1040; i++) {
      const kind: Kind = { city: 14, provider: 0, service: 1, version: 1, pop: 2 };
      rows.push({ timeMs: window.from + i * 6000, kind, status: 500, client: lone, latencyMs: 12 });
    }
  rows.sort((a, b) => a.timeMs - b.timeMs);
  const measure = truth.some((slice) => "organization" in slice) && truth.length === 1 ? "requests" : "errors";
  return { events: columnsOf(rows), measure, window, truth, address: addressOf(lone) };
}

/** Slices that carry enough to be seen: of the larger cities and countries, and of services that a PoP has. */
function truthOf(scenario: Scenario, random: Random, weights: readonly number[]): Record<string, string>[] {
  const version = {
    country: random.pick(["DE", "FR", "GB", "US", "JP", "IN"]),
    version: random.pick(VERSIONS.slice(1)),
  };
  const pop = { pop: random.pick(POPS), service: random.pick(SERVICES.slice(0, 3)) };
  const large = CITIES.map((_, i) => i).sort((a, b) => weights[b]! - weights[a]!);
  const { city } = CITIES[large[random.int(3)]!]!;
  const provider = { city, organization: random.pick(PROVIDERS.slice(0, 2)) };
  if (scenario === "version-in-country") return [version];
  if (scenario === "pop-for-service") return [pop];
  return scenario === "provider-in-city" ? [provider] : [version, pop];
}

const providerName = ({ provider }: Kind): string => PROVIDERS[provider]!;

function isIn(slice: Readonly<Record<string, string>>, kind: Kind): boolean {
  const place = CITIES[kind.city]!;
  const values: Record<string, string> = {
    country: place.country,
    city: place.city,
    organization: providerName(kind),
    service: SERVICES[kind.service]!,
    version: VERSIONS[kind.version]!,
    pop: POPS[kind.pop]!,
  };
  return Object.entries(slice).every(([name, value]) => values[name] === value);
}

/** A time of the log: half as many at night as by day, in local time. */
function timeOf(lon: number, random: Random): number {
  for (;;) {
    const hour = HOURS * random.next();
    const local = (hour + lon / 15) % 24;
    if (random.next() * 1.5 < 1 - 0.5 * Math.cos(((local - 2) / 24) * 2 * Math.PI))
      return START + Math.floor(hour * HOUR);
  }
}

function nearestPop(city: number): number {
  const { country, lon } = CITIES[city]!;
  if (country === "JP" || country === "IN") return 4;
  if (country === "US") return lon < -95 ? 3 : 2;
  return country === "GB" ? 1 : 0;
}

function pick(weights: readonly number[], random: Random): number {
  let left = random.next() * weights.reduce((sum, weight) => sum + weight, 0);
  const at = weights.findIndex((weight) => (left -= weight) < 0);
  return at < 0 ? weights.length - 1 : at;
}

const addressOf = (client: number): string =>
  [0x50 + (client >>> 24), (client >>> 16) & 255, (client >>> 8) & 255, client & 255].join(".");

function columnsOf(
  rows: readonly { timeMs: number; kind: Kind; status: number; client: number; latencyMs: number }[],
): Events {
  const n = rows.length;
  const places = new PlaceTable();
  const placeIds = CITIES.map((c) =>
    places.add({ ...c, regionCode: "", accuracyKm: 20, precision: "city", timeZone: "" }),
  );
  const networks = new NetworkTable();
  const networkIds = new Map<string, number>();
  const network = (kind: Kind): number => {
    const organization = providerName(kind);
    const known = networkIds.get(organization);
    if (known !== undefined) return known;
    const id = networks.add({ asn: 64_500 + networkIds.size, organization, name: "", tags: [], reserved: "" });
    networkIds.set(organization, id);
    return id;
  };
  const dimension = (of: (kind: Kind) => string) => {
    const dictionary = new Dictionary();
    return { dictionary, codes: Uint32Array.from(rows, ({ kind }) => dictionary.code(of(kind))) };
  };
  return {
    length: n,
    timeMs: Float64Array.from(rows, (r) => r.timeMs),
    client: {
      length: n,
      family: new Uint8Array(n).fill(4),
      value: Uint32Array.from(rows, (r) => 0x50000000 + r.client),
      words: new Uint32Array(0),
    },
    place: Uint32Array.from(rows, ({ kind }) => placeIds[kind.city]!),
    network: Uint32Array.from(rows, ({ kind }) => network(kind)),
    status: Uint16Array.from(rows, (r) => r.status),
    latencyMs: Float32Array.from(rows, (r) => r.latencyMs),
    bytes: new Float64Array(n).fill(1000),
    user: {
      length: n,
      low: new Uint32Array(n),
      high: new Uint32Array(n),
      bytes: new Uint8Array(0),
      starts: new Uint32Array(n),
      ends: new Uint32Array(n),
    },
    dimensions: new Map([
      ["service", dimension((kind) => SERVICES[kind.service]!)],
      ["version", dimension((kind) => VERSIONS[kind.version]!)],
      ["pop", dimension((kind) => POPS[kind.pop]!)],
    ]),
    places,
    networks,
  };
}
