import { Dictionary } from "../../src/core/dictionary.js";
import type { Events } from "../../src/core/events.js";
import { NetworkTable } from "../../src/core/networks.js";
import { PlaceTable } from "../../src/core/places.js";
import { Random } from "../../src/core/random.js";

/** A city with its share of all requests. */
export interface City {
  readonly country: string;
  readonly region: string;
  readonly city: string;
  readonly lat: number;
  readonly lon: number;
}

const city = (country: string, region: string, name: string, lat: number, lon: number): City => ({
  country,
  region,
  city: name,
  lat,
  lon,
});

export const CITIES: readonly City[] = [
  city("DE", "Hesse", "Frankfurt", 50.11, 8.68),
  city("DE", "Hesse", "Kassel", 51.31, 9.48),
  city("DE", "Bavaria", "Munich", 48.14, 11.58),
  city("DE", "Bavaria", "Nuremberg", 49.45, 11.08),
  city("DE", "Berlin", "Berlin", 52.52, 13.4),
  city("FR", "Ile-de-France", "Paris", 48.86, 2.35),
  city("FR", "Grand Est", "Strasbourg", 48.57, 7.75),
  city("FR", "Occitanie", "Toulouse", 43.6, 1.44),
  city("CH", "Basel-City", "Basel", 47.56, 7.59),
  city("CH", "Zurich", "Zurich", 47.37, 8.54),
  city("GB", "England", "London", 51.51, -0.13),
  city("GB", "England", "Manchester", 53.48, -2.24),
  city("GB", "Scotland", "Glasgow", 55.86, -4.25),
  city("US", "New York", "New York", 40.71, -74.01),
  city("US", "Virginia", "Ashburn", 39.04, -77.49),
  city("US", "California", "San Jose", 37.34, -121.89),
  city("US", "Texas", "Dallas", 32.78, -96.8),
  city("JP", "Tokyo", "Tokyo", 35.68, 139.69),
  city("JP", "Osaka", "Osaka", 34.69, 135.5),
  city("IN", "Maharashtra", "Mumbai", 19.08, 72.88),
  city("IN", "Karnataka", "Bengaluru", 12.97, 77.59),
];

/** What a request is like; `null` if it does not come at all. */
export interface Request {
  city: City;
  /** Number of the client within its city. */
  client: number;
  status: number;
  latencyMs: number;
  service: string;
}

export interface TrafficPlan {
  readonly seed?: number;
  readonly fromMs?: number;
  readonly hours?: number;
  readonly perMinute?: number;
  /** Clients a city. Default 200. */
  readonly clients?: number;
  /** Changes or drops each request. */
  readonly change?: (request: Request, timeMs: number, random: Random) => Request | null;
  /** Requests besides the usual ones, added at each minute. */
  readonly more?: (minuteMs: number, random: Random) => readonly Request[];
}

/** Monday, 2 March 2026, 00:00 UTC. */
export const MONDAY_MS = Date.UTC(2026, 2, 2);

/** Seeded traffic of {@link CITIES}: half as much at night as by day, 0.5% errors, 40 to 80 ms. In time order. */
export function regionalTraffic(plan: TrafficPlan = {}): Events {
  const { seed = 1, fromMs = MONDAY_MS, hours = 60, perMinute = 60, clients = 200, change, more } = plan;
  const random = new Random(seed);
  const rows: { time: number; request: Request }[] = [];
  for (let minute = fromMs; minute < fromMs + hours * 3_600_000; minute += 60_000) {
    const batch: { time: number; request: Request }[] = [];
    for (const home of CITIES) {
      const local = (minute / 3_600_000 + home.lon / 15) % 24;
      const rate = (perMinute / CITIES.length) * (1 - 0.5 * Math.cos(((local - 2) / 24) * 2 * Math.PI));
      for (let k = random.poisson(rate); k > 0; k--) {
        const usual: Request = {
          city: home,
          client: random.int(clients),
          status: random.next() < 0.005 ? 503 : 200,
          latencyMs: (30 + (Math.abs(home.lon) / 180) * 50) * Math.exp(0.3 * random.normal()),
          service: random.next() < 0.6 ? "api" : "web",
        };
        const time = minute + random.int(60_000);
        const request = change ? change(usual, time, random) : usual;
        if (request !== null) batch.push({ time, request });
      }
    }
    for (const request of more?.(minute, random) ?? []) batch.push({ time: minute + random.int(60_000), request });
    rows.push(...batch.sort((a, b) => a.time - b.time));
  }
  return eventsOf(rows);
}

function eventsOf(rows: readonly { time: number; request: Request }[]): Events {
  const places = new PlaceTable();
  const ids = new Map(
    CITIES.map((c) => [c, places.add({ ...c, regionCode: "", accuracyKm: 20, precision: "city", timeZone: "" })]),
  );
  const order = new Map(CITIES.map((c, i) => [c, i]));
  const n = rows.length;
  const services = new Dictionary();
  return {
    length: n,
    timeMs: Float64Array.from(rows, (r) => r.time),
    client: {
      length: n,
      family: new Uint8Array(n).fill(4),
      value: Uint32Array.from(rows, ({ request }) => 0x50000000 + order.get(request.city)! * 65_536 + request.client),
      words: new Uint32Array(0),
    },
    place: Uint32Array.from(rows, ({ request }) => ids.get(request.city)!),
    network: new Uint32Array(n),
    status: Uint16Array.from(rows, ({ request }) => request.status),
    latencyMs: Float32Array.from(rows, ({ request }) => request.latencyMs),
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
      [
        "service",
        { dictionary: services, codes: Uint32Array.from(rows, ({ request }) => services.code(request.service)) },
      ],
    ]),
    places,
    networks: new NetworkTable(),
  };
}
