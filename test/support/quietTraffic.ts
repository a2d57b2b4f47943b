import type { Random } from "../../src/core/random.js";
import type { PlainEvent } from "./randomEvents.js";

export interface QuietOptions {
  readonly random: Random;
  readonly originMs: number;
  readonly hours: number;
  readonly countries: number;
  /** Requests of each country. */
  readonly requests: number;
  /** Clients of each country; some send many times what others do. */
  readonly clients: number;
  readonly errorRate: (country: number) => number;
}

/** Requests of many countries in which nothing happens: clients of very different zeal, errors in bursts of a client. */
export function quietTraffic(options: QuietOptions): (PlainEvent & { readonly country: number })[] {
  const { random, originMs, hours, countries, requests, clients, errorRate } = options;
  const events: (PlainEvent & { country: number })[] = [];
  for (let country = 0; country < countries; country++) {
    const zeal = Array.from({ length: clients }, () => random.gamma(0.7));
    const speed = zeal.map(() => Math.exp(0.4 * random.normal()));
    const sum = zeal.reduce((a, b) => a + b, 0);
    // Whom a request is from, in some 1,000 steps of equal probability.
    const from = zeal.flatMap((z, client) => Array<number>(Math.ceil((1000 * z) / sum)).fill(client));
    const n = random.poisson(requests);
    for (let i = 0; i < n; i++) {
      const client = random.pick(from);
      events.push({
        country,
        timeMs: originMs + Math.floor(random.next() * hours * 3_600_000),
        place: 0,
        status: random.next() < errorRate(country) ? 500 : 200,
        latencyMs: 80 * speed[client]! * Math.exp(0.5 * random.normal()),
        bytes: 1000,
        client: 1_000_000 + country * 10_000 + client,
        user: "",
        service: `country${country}`,
        version: "",
      });
    }
  }
  return events;
}
