import type { Cube } from "../../../cube/cube.js";
import type { CubeSites } from "./cubeSites.js";

/** What one client did, by bucket and site. */
export interface ClientShare {
  /** The client's code in the cube. */
  readonly client: number;
  readonly rows: readonly {
    readonly bucket: number;
    readonly site: number;
    /** The share of its requests that failed. */
    readonly failed: number;
  }[];
}

/**
 * What a client weighs by: the buckets in which it was there, the share of its requests that failed in each, or what it
 * adds to the latencies of each (its share of the requests, times the clients among whom they are shared out).
 */
export type ClientWeight = "visits" | "failed" | "latency";

/** The clients of some sites over some buckets. */
export interface ClientSummary {
  /** Distinct clients with any weight. */
  readonly clients: number;
  readonly total: number;
  /** How many clients of equal weight would be as concentrated: 1 / Σ share². */
  readonly effective: number;
  /** The one that weighs most. */
  readonly busiest: { readonly client: number; readonly amount: number };
}

/** Who is behind the traffic of sites: reads a cube's clients. */
export class ClientLedger {
  readonly #cube: Cube;
  readonly #siteOf: Uint32Array;
  /** First group of each bucket. */
  readonly #starts: Uint32Array;
  readonly #lead: number;

  /** @param lead - buckets from the series' first to the cube's first; negative where the cube begins earlier */
  constructor(cube: Cube, { siteOf }: Pick<CubeSites, "siteOf">, bucketCount = cube.bucketCount, lead = 0) {
    this.#lead = lead;
    this.#cube = cube;
    this.#siteOf = siteOf;
    this.#starts = new Uint32Array(bucketCount + 1);
    const { bucket, length } = cube.groups;
    let g = 0;
    for (let t = 0; t <= bucketCount; t++) {
      while (g < length && bucket[g]! + lead < t) g++;
      this.#starts[t] = g;
    }
  }

  /** Whether the cube knows clients at all. */
  get known(): boolean {
    return this.#cube.settings.measures.has("clients");
  }

  /** How many clients there are, and the one that weighs most. */
  summary(sites: Iterable<number>, from: number, to: number, by: ClientWeight): ClientSummary {
    const amounts = by === "latency" ? this.#latencyWeights(sites, from, to) : this.#visits(sites, from, to, by);
    let total = 0;
    let busiest = { client: -1, amount: 0 };
    let squares = 0;
    for (const [client, amount] of amounts) {
      total += amount;
      squares += amount * amount;
      if (amount > busiest.amount) busiest = { client, amount };
    }
    return { clients: amounts.size, total, effective: squares > 0 ? (total * total) / squares : 0, busiest };
  }

  #latencyWeights(sites: Iterable<number>, from: number, to: number): Map<number, number> {
    const amounts = new Map<number, number>();
    const { clients } = this.#cube.segment;
    const { count } = this.#cube.groups;
    for (const g of this.groups(sites, from, to)) {
      const each = (clients.start[g + 1]! - clients.start[g]!) / count[g]!;
      for (let i = clients.start[g]!; i < clients.start[g + 1]!; i++)
        amounts.set(clients.code[i]!, (amounts.get(clients.code[i]!) ?? 0) + each * clients.count[i]!);
    }
    return amounts;
  }

  #visits(sites: Iterable<number>, from: number, to: number, by: "visits" | "failed"): Map<number, number> {
    const amounts = new Map<number, number>();
    for (const { client, requests, errors } of this.#byBucket(sites, from, to)) {
      const amount = by === "visits" ? 1 : errors / requests;
      if (amount > 0) amounts.set(client, (amounts.get(client) ?? 0) + amount);
    }
    return amounts;
  }

  /** What each client did in each bucket, over all groups of it. */
  #byBucket(sites: Iterable<number>, from: number, to: number) {
    const { clients, bucket } = this.#cube.segment;
    const rows: { client: number; requests: number; errors: number }[] = [];
    const open = new Map<number, { client: number; requests: number; errors: number }>();
    let now = -1;
    for (const g of this.groups(sites, from, to)) {
      if (bucket[g] !== now) open.clear();
      now = bucket[g]!;
      for (let i = clients.start[g]!; i < clients.start[g + 1]!; i++) {
        const client = clients.code[i]!;
        let row = open.get(client);
        if (row === undefined) {
          row = { client, requests: 0, errors: 0 };
          open.set(client, row);
          rows.push(row);
        }
        row.requests += clients.count[i]!;
        row.errors += clients.errors[i]!;
      }
    }
    return rows;
  }

  /** Requests of each client. */
  requestsOf(sites: Iterable<number>, from: number, to: number): Map<number, number> {
    const requests = new Map<number, number>();
    for (const { client, requests: count } of this.#byBucket(sites, from, to))
      requests.set(client, (requests.get(client) ?? 0) + count);
    return requests;
  }

  /** Requests that were turned away. */
  refused(sites: Iterable<number>, from: number, to: number): number {
    const { clientErrors } = this.#cube.groups;
    return this.groups(sites, from, to).reduce((sum, g) => sum + clientErrors[g]!, 0);
  }

  /** What one client did. */
  share(client: number, sites: Iterable<number>, from: number, to: number): ClientShare {
    const { clients, bucket } = this.#cube.segment;
    const rows = new Map<string, { bucket: number; site: number; requests: number; errors: number }>();
    for (const g of this.groups(sites, from, to)) {
      for (let i = clients.start[g]!; i < clients.start[g + 1]!; i++) {
        if (clients.code[i] !== client) continue;
        const key = `${bucket[g]} ${this.#siteOf[g]}`;
        const row = rows.get(key) ?? {
          bucket: bucket[g]! + this.#lead,
          site: this.#siteOf[g]!,
          requests: 0,
          errors: 0,
        };
        row.requests += clients.count[i]!;
        row.errors += clients.errors[i]!;
        rows.set(key, row);
      }
    }
    return {
      client,
      rows: [...rows.values()].map((r) => ({ bucket: r.bucket, site: r.site, failed: r.errors / r.requests })),
    };
  }

  /** The cube's groups of some sites over buckets [from, to]. */
  groups(sites: Iterable<number>, from: number, to: number): number[] {
    const wanted = new Set(sites);
    const start = this.#starts[Math.max(0, from)]!;
    const end = this.#starts[Math.min(to + 1, this.#starts.length - 1)]!;
    const groups: number[] = [];
    for (let g = start; g < end; g++) if (wanted.has(this.#siteOf[g]!)) groups.push(g);
    return groups;
  }
}
