import { Dictionary } from "../../src/core/dictionary.js";
import type { Events } from "../../src/core/events.js";
import { NetworkTable } from "../../src/core/networks.js";
import { PlaceTable } from "../../src/core/places.js";
import { Random } from "../../src/core/random.js";

/** What traffic in which nothing happens is like. */
export interface QuietPlan {
  readonly countries: number;
  /** Requests of a country in a window, on average. */
  readonly requests: number;
  readonly clients: number;
  /** Share of requests that fail, on average; countries differ by a factor of a few if `uneven`. */
  readonly errorRate: number;
  readonly uneven: boolean;
}

const HOUR_MS = 3_600_000;
const QUARTER_MS = HOUR_MS / 4;
/** Traffic of a quarter of an hour varies by so much beyond Poisson, errors of an hour by more. */
const TRAFFIC_SHAPE = 60;
const ERROR_SHAPE = 4;
/** An error is followed by another in the same session with this probability: what failed is tried again. */
const RETRY_FAILS = 0.3;

interface Client {
  readonly address: number;
  readonly zeal: number;
  readonly speed: number;
  readonly luck: number;
}

interface Country {
  readonly place: number;
  readonly lon: number;
  readonly requests: number;
  readonly errorRate: number;
  readonly clients: Client[];
}

/**
 * Countries whose traffic has what real traffic has: days and nights, bursts, clients of very different zeal, speed and
 * luck that come in sessions, retries, and new clients in place of old ones.
 */
export class QuietWorld {
  readonly #random: Random;
  readonly #plan: QuietPlan;
  readonly #places = new PlaceTable();
  readonly #countries: Country[];
  #address = 0x50000000;

  constructor(seed: number, plan: QuietPlan) {
    this.#random = new Random(seed);
    this.#plan = plan;
    this.#countries = Array.from({ length: plan.countries }, (_, c) => this.#country(c));
  }

  /** The next window of traffic, with some clients gone and others new. A share `canary` of requests has version "b". */
  window(fromMs: number, hours: number, canary = 0): Events {
    const rows = new Rows();
    for (const country of this.#countries) {
      this.#renew(country);
      this.#fill(country, rows, fromMs, hours, canary);
    }
    return rows.events(this.#places);
  }

  #country(c: number): Country {
    const random = this.#random;
    const code = String.fromCharCode(65 + Math.floor(c / 26), 65 + (c % 26));
    const lon = 360 * random.next() - 180;
    const names = { country: code, region: "", regionCode: "", city: "", timeZone: "", precision: "country" as const };
    const place = this.#places.add({ ...names, lat: 0, lon, accuracyKm: 500 });
    const spread = this.#plan.uneven ? 0.8 : 0;
    return {
      place,
      lon,
      requests: this.#plan.requests * Math.exp(spread * random.normal() - (spread * spread) / 2),
      errorRate: Math.min(0.3, this.#plan.errorRate * Math.exp(spread * random.normal() - (spread * spread) / 2)),
      clients: Array.from({ length: this.#plan.clients }, () => this.#client()),
    };
  }

  #client(): Client {
    const random = this.#random;
    this.#address += 1 + random.int(50);
    return {
      address: this.#address,
      zeal: random.gamma(0.6),
      speed: Math.exp(0.4 * random.normal()),
      luck: random.gamma(2) / 2,
    };
  }

  #renew(country: Country): void {
    for (let i = 0; i < country.clients.length; i++)
      if (this.#random.next() < 0.15) country.clients[i] = this.#client();
  }

  #fill(
    { place, lon, requests, errorRate, clients }: Country,
    rows: Rows,
    fromMs: number,
    hours: number,
    canary: number,
  ) {
    const random = this.#random;
    const sums = new Float64Array(clients.length);
    let total = 0;
    for (let i = 0; i < clients.length; i++) sums[i] = total += clients[i]!.zeal;
    const perSession = 3;
    let hourly = 1;
    for (let q = 0; q < 4 * hours; q++) {
      if (q % 4 === 0) hourly = random.gamma(ERROR_SHAPE) / ERROR_SHAPE;
      const startMs = fromMs + q * QUARTER_MS;
      const local = (startMs / HOUR_MS + lon / 15) % 24;
      const mean = (requests / perSession / 4 / hours) * (1 - 0.6 * Math.cos((local / 24) * 2 * Math.PI));
      for (let s = random.poisson((mean * random.gamma(TRAFFIC_SHAPE)) / TRAFFIC_SHAPE); s > 0; s--) {
        const client = clients[indexAt(sums, random.next() * total)]!;
        const risk = errorRate * client.luck * hourly * (1 - RETRY_FAILS);
        let timeMs = startMs + random.int(QUARTER_MS);
        let failed = false;
        do {
          failed = random.next() < (failed ? RETRY_FAILS + risk : risk);
          const latencyMs = 80 * client.speed * Math.exp(0.5 * random.normal());
          rows.add(timeMs, place, client.address, failed ? 500 : 200, latencyMs, random.next() < canary);
          timeMs = Math.min(timeMs + random.int(20_000), startMs + QUARTER_MS - 1);
        } while (random.next() > 1 / perSession);
      }
    }
  }
}

function indexAt(sums: Float64Array, value: number): number {
  let [low, high] = [0, sums.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sums[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Requests as they are drawn. */
class Rows {
  readonly #time: number[] = [];
  readonly #place: number[] = [];
  readonly #client: number[] = [];
  readonly #status: number[] = [];
  readonly #latency: number[] = [];
  readonly #version: number[] = [];

  add(timeMs: number, place: number, client: number, status: number, latencyMs: number, canary: boolean): void {
    this.#time.push(timeMs);
    this.#place.push(place);
    this.#client.push(client);
    this.#status.push(status);
    this.#latency.push(latencyMs);
    this.#version.push(canary ? 2 : 1);
  }

  events(places: PlaceTable): Events {
    const length = this.#time.length;
    const none = new Uint32Array(length);
    const version = { codes: Uint32Array.from(this.#version), dictionary: Dictionary.from(["a", "b"]) };
    return {
      length,
      timeMs: Float64Array.from(this.#time),
      client: {
        length,
        family: new Uint8Array(length).fill(4),
        value: Uint32Array.from(this.#client),
        words: new Uint32Array(0),
      },
      place: Uint32Array.from(this.#place),
      network: none,
      status: Uint16Array.from(this.#status),
      latencyMs: Float32Array.from(this.#latency),
      bytes: new Float64Array(length).fill(1000),
      user: { length, low: none, high: none, bytes: new Uint8Array(0), starts: none, ends: none },
      dimensions: new Map([["version", version]]),
      places,
      networks: new NetworkTable(),
    };
  }
}
