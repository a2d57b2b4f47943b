import type { RegionalSettings } from "../regionalOptions.js";
import type { ClientLedger } from "../series/clientLedger.js";
import type { EvidenceKind } from "./evidence.js";

/** What a client did in a bucket at a site. */
export interface ClientRow {
  readonly bucket: number;
  readonly site: number;
  /** The share of its requests that failed. */
  readonly failed: number;
}

/** Whether enough clients are behind a candidate, and what the busiest of them contributes. */
export interface Verdict {
  readonly clients: number;
  /** How many clients of equal weight would be as concentrated: 1 / Σ share². */
  readonly effectiveClients: number;
  readonly enough: boolean;
  readonly observed: number;
  readonly expected: number;
  readonly expectedShare: number;
  /** What the busiest client did, where leaving it out of the sums is the cure; else empty. */
  readonly rows: readonly ClientRow[];
}

/** What one request can at most add to a sum of scores, for leaving out a client whose own scores are not known. */
const HIGHEST_SCORE = 2.5;
/** A region has clients of its own: fewer effective ones than this share of the minimum are a handful. */
const EFFECTIVE_SHARE = 0.8;
/** The busiest clients have more requests than most: so many of them stand for the minimum. */
const REFUSED_SHARE = 0.6;
const DAY_MS = 86_400_000;

/** A region is many clients: this holds candidates against who is behind them. */
export class ClientGuard {
  readonly #ledger: ClientLedger;
  readonly #settings: RegionalSettings;
  readonly #dayBuckets: number;
  readonly #refusals: boolean;

  /** @param refusals - whether errors are refusals, of which it is not known whose they are */
  constructor(ledger: ClientLedger, bucketMs: number, settings: RegionalSettings, refusals = false) {
    this.#refusals = refusals;
    this.#ledger = ledger;
    this.#settings = settings;
    this.#dayBuckets = Math.max(1, Math.round(DAY_MS / bucketMs));
  }

  /** Looks at sites over buckets [from, to]. */
  judge(kind: EvidenceKind, sites: readonly number[], from: number, to: number): Verdict {
    if (kind === "drop") return this.#missing(sites, from, to);
    if (this.#refusals) return this.#refused(sites, from, to);
    const by = kind === "errors" ? "failed" : "latency";
    const found = this.#ledger.summary(sites, from, to, by);
    const verdict = this.#verdict(found.clients, found.effective);
    if (found.clients === 0) return verdict;
    if (kind === "latency") {
      const n = found.busiest.amount;
      return { ...verdict, observed: HIGHEST_SCORE * n, expected: n };
    }
    const { rows } = this.#ledger.share(found.busiest.client, sites, from, to);
    const all = this.#ledger.summary(sites, from, to, "visits").total;
    return { ...verdict, observed: found.busiest.amount, expectedShare: all > 0 ? rows.length / all : 0, rows };
  }

  /** Who is missing is told by who was there the day before. */
  #missing(sites: readonly number[], from: number, to: number): Verdict {
    const past = this.#ledger.summary(sites, from - this.#dayBuckets, from - 1, "visits");
    const verdict = this.#verdict(past.clients, past.effective);
    if (past.total === 0) return verdict;
    const rows = this.#ledger.share(past.busiest.client, sites, from, to).rows;
    return { ...verdict, observed: rows.length, expectedShare: past.busiest.amount / past.total };
  }

  /** Refusals are taken to be those of the busiest clients, as many as account for all of them. */
  #refused(sites: readonly number[], from: number, to: number): Verdict {
    const requests = [...this.#ledger.requestsOf(sites, from, to).values()].sort((a, b) => b - a);
    let left = this.#ledger.refused(sites, from, to);
    let clients = 0;
    while (clients < requests.length && left > 0) left -= requests[clients++]!;
    const verdict = this.#verdict(clients, clients);
    return { ...verdict, enough: verdict.enough || clients >= REFUSED_SHARE * this.#settings.minClients };
  }

  #verdict(clients: number, effectiveClients: number): Verdict {
    const { guards, minClients } = this.#settings;
    const many = clients >= minClients && effectiveClients >= EFFECTIVE_SHARE * minClients;
    const enough = many || !guards.has("clients");
    return { clients, effectiveClients, enough, observed: 0, expected: 0, expectedShare: 0, rows: [] };
  }
}
