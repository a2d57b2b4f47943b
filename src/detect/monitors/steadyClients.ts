import { HOUR_MS } from "../../core/time.js";
import { RecentKeys } from "../recentKeys.js";

/** So many hours in a row with the same number of requests for one path make a monitor. */
const MIN_HOURS = 12;
/** The hourly numbers may differ by so much of their mean, or by one. */
const TOLERANCE = 0.05;
const MAX_CANDIDATES = 20_000;
const MAX_SEEN = 1_000_000;
/** Where more clients than this share of all are steady, they are what the service is for, and no monitors. */
const MAX_SHARE = 0.02;
const FEW = 12;

/** What one client did in a stretch of time; read, not kept. */
export interface ClientTally {
  key: number;
  requests: number;
  /** The only path that it asked for; 0 where it asked for several. */
  path: number;
  /** Whether it named a user. */
  named: boolean;
}

interface Candidate {
  readonly path: number;
  hour: number;
  /** Requests of the hour that has begun, and the hours before: how many, their mean. */
  requests: number;
  hours: number;
  mean: number;
}

/** A client that asks for one path at a steady interval, day and night. */
export interface SteadyClient {
  readonly key: number;
  readonly path: number;
  readonly requestsPerHour: number;
}

/** Learns which clients are monitors that do not say so: no user, one path, the same number every hour. */
export class SteadyClients {
  readonly #candidates = new Map<number, Candidate>();
  readonly #steady = new Map<number, SteadyClient>();
  readonly #seen = new RecentKeys(2 * MAX_SEEN);

  /** Whether a client is known as a monitor. Where very many look like it, none is. */
  has(key: number): boolean {
    return this.#steady.has(key) && this.#steady.size <= Math.max(FEW, MAX_SHARE * this.#seen.size);
  }

  get size(): number {
    return this.#steady.size;
  }

  steady(): SteadyClient[] {
    return [...this.#steady.values()].filter(({ key }) => this.has(key));
  }

  /** Takes what a client did in a window that began at a moment. */
  add(startMs: number, tally: Readonly<ClientTally>): void {
    const hour = Math.floor(startMs / HOUR_MS);
    if (this.#seen.size < MAX_SEEN && this.#seen.get(tally.key) === undefined) this.#seen.set(tally.key, 0);
    const known = this.#candidates.get(tally.key);
    if (tally.named || tally.path === 0 || (known !== undefined && known.path !== tally.path)) {
      this.#candidates.delete(tally.key);
      this.#steady.delete(tally.key);
      return;
    }
    if (known === undefined) {
      if (this.#candidates.size >= MAX_CANDIDATES) this.#candidates.delete(this.#candidates.keys().next().value!);
      const { path, requests } = tally;
      this.#candidates.set(tally.key, { path, hour, requests, hours: -1, mean: 0 });
      return;
    }
    if (hour !== known.hour) this.#endHour(tally.key, known, hour);
    known.requests += tally.requests;
  }

  #endHour(key: number, c: Candidate, hour: number): void {
    const gone = hour - c.hour;
    const alike = c.hours <= 0 || Math.abs(c.requests - c.mean) <= Math.max(1, TOLERANCE * c.mean);
    // The first hour was joined in the middle; a pause ends the row.
    if (c.hours < 0) [c.hours, c.mean] = [0, 0];
    else if (alike && gone === 1) {
      c.mean = (c.mean * c.hours + c.requests) / (c.hours + 1);
      c.hours++;
    } else [c.hours, c.mean] = [0, 0];
    if (c.hours >= MIN_HOURS && c.mean >= 2) this.#steady.set(key, { key, path: c.path, requestsPerHour: c.mean });
    c.requests = 0;
    c.hour = hour;
  }
}
