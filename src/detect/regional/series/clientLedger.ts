import type { Cube } from "../../../cube/cube.js";
import type { CubeSites } from "./cubeSites.js";

/** What one client did, by bucket and site. */
export interface ClientShare {
  /** The client's code in the cube. */
  readonly client: number;
  readonly rows: readonly {
    readonly bucket: number;
    readonly site: number;
    readonly requests: number;
    readonly errors: number;
  }[];
}

/** The clients of some sites over some buckets. */
export interface ClientSummary {
  /** Distinct clients with at least one request (or one failed request, if asked by errors). */
  readonly clients: number;
  readonly total: number;
  /** How many clients of equal weight would be as concentrated: 1 / Σ share². */
  readonly effective: number;
  /** The one with the most requests (or failed ones). */
  readonly busiest: { readonly client: number; readonly amount: number };
}

/** Who is behind the traffic of sites: reads a cube's clients. */
export class ClientLedger {
  readonly #cube: Cube;
  readonly #siteOf: Uint32Array;
  /** First group of each bucket. */
  readonly #starts: Uint32Array;

  constructor(cube: Cube, { siteOf }: CubeSites) {
    this.#cube = cube;
    this.#siteOf = siteOf;
    this.#starts = new Uint32Array(cube.bucketCount + 1);
    const { bucket, length } = cube.groups;
    let g = 0;
    for (let t = 0; t <= cube.bucketCount; t++) {
      while (g < length && bucket[g]! < t) g++;
      this.#starts[t] = g;
    }
  }

  /** Whether the cube knows clients at all. */
  get known(): boolean {
    return this.#cube.settings.measures.has("clients");
  }

  /** How many clients there are, and the one that weighs most. */
  summary(sites: Iterable<number>, from: number, to: number, by: "requests" | "errors"): ClientSummary {
    const amounts = new Map<number, number>();
    let total = 0;
    const { clients } = this.#cube.segment;
    for (const g of this.groups(sites, from, to)) {
      for (let i = clients.start[g]!; i < clients.start[g + 1]!; i++) {
        const amount = by === "errors" ? clients.errors[i]! : clients.count[i]!;
        if (amount === 0) continue;
        total += amount;
        amounts.set(clients.code[i]!, (amounts.get(clients.code[i]!) ?? 0) + amount);
      }
    }
    let busiest = { client: -1, amount: 0 };
    let squares = 0;
    for (const [client, amount] of amounts) {
      squares += amount * amount;
      if (amount > busiest.amount) busiest = { client, amount };
    }
    return { clients: amounts.size, total, effective: squares > 0 ? (total * total) / squares : 0, busiest };
  }

  /** What one client did. */
  share(client: number, sites: Iterable<number>, from: number, to: number): ClientShare {
    const { clients, bucket } = this.#cube.segment;
    const rows: { bucket: number; site: number; requests: number; errors: number }[] = [];
    for (const g of this.groups(sites, from, to)) {
      for (let i = clients.start[g]!; i < clients.start[g + 1]!; i++) {
        if (clients.code[i] !== client) continue;
        rows.push({
          bucket: bucket[g]!,
          site: this.#siteOf[g]!,
          requests: clients.count[i]!,
          errors: clients.errors[i]!,
        });
      }
    }
    return { client, rows };
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
