import type { Traffic } from "../series/trafficColumns.js";
import type { Signal } from "../signals/signal.js";
import { extentOf } from "./extent.js";
import { type ChosenZone, posteriorZone } from "./posteriorZone.js";
import type { Noise } from "./scanStatistic.js";
import { windowFor } from "./windowSums.js";
import type { Zones } from "./zones.js";

/** What a scan has by bucket and site: rows of sites. */
export interface ScanRows {
  readonly observed: Float32Array;
  readonly expected: Float32Array;
  /** 0 for what counts. */
  readonly masked: Uint8Array;
}

/** Where an outline begins: the sites and buckets that alarmed. */
export interface OutlineSeed {
  readonly sites: readonly number[];
  readonly from: number;
  readonly to: number;
  /** The kind of zone that is named where none explains what is seen. */
  readonly kind: string;
  /** What this incident itself has masked: it counts. */
  readonly mark?: number;
}

/**
 * What is taken out of the sums for an incident: where it alarmed and what belongs to it. What alarmed as the world, and was
 * one country of several, leaves the others to be found.
 */
export function maskedSites({ kind, sites }: OutlineSeed, zone: ChosenZone): number[] {
  const seed = kind === "world" && zone.isOneOfSeveral ? [] : sites;
  return [...new Set([...seed, ...zone.fringe, ...zone.sites])];
}

export interface Outline {
  readonly zone: ChosenZone;
  readonly from: number;
  readonly to: number;
}

/** How far ahead of the bucket of detection an incident is followed at a time. */
export const FOLLOW_MS = 12 * 3_600_000;

/** Draws the zone and the time of incidents, from all that is known. */
export class IncidentOutline {
  readonly #signal: Signal;
  readonly #traffic: Traffic;
  /** The zones that may be named. */
  zones: Zones;
  readonly #rows: ScanRows;
  readonly #lengths: readonly number[];

  constructor(signal: Signal, traffic: Traffic, zones: Zones, rows: ScanRows, lengths: readonly number[]) {
    this.#signal = signal;
    this.#traffic = traffic;
    this.zones = zones;
    this.#rows = rows;
    this.#lengths = lengths;
  }

  /**
   * The outline of an incident.
   *
   * @param t - the bucket after which it was told
   * @param first - nothing before this bucket is looked at
   * @param fill - makes expectations known up to a bucket
   */
  of(seed: OutlineSeed, t: number, first: number, noise: Noise, fill: (horizon: number) => void): Outline {
    const { bucketMs, bucketCount } = this.#traffic;
    const ahead = Math.round(FOLLOW_MS / bucketMs);
    let horizon = Math.min(bucketCount - 1, t + ahead);
    let { sites, from, to } = seed;
    const mark = seed.mark ?? 0;
    let zone: ChosenZone | null = null;
    for (let round = 0; round < 5; round++) {
      fill(horizon);
      const extent = this.extent(sites, first, horizon, from, to, mark);
      if (extent.to === horizon && horizon < bucketCount - 1) horizon = Math.min(bucketCount - 1, horizon + ahead);
      const chosen = this.#zone(extent.from, extent.to, noise, mark);
      if (chosen === null) break;
      const same = zone !== null && extent.from === from && extent.to === to && sameSites(chosen.sites, sites);
      [zone, sites, from, to] = [chosen, chosen.sites, extent.from, extent.to];
      if (same) break;
    }
    return { zone: zone ?? { kind: seed.kind, sites, radiusKm: 0, centre: -1, fringe: sites }, from, to };
  }

  /** From when to when some sites depart, within buckets [first, horizon]. */
  extent(sites: readonly number[], first: number, horizon: number, from: number, to: number, mark: number) {
    const n = this.#traffic.sites.length;
    const rows = this.#rows;
    const observed = new Float64Array(horizon - first + 1);
    const expected = new Float64Array(horizon - first + 1);
    for (let t = first; t <= horizon; t++) {
      for (const p of sites) {
        const i = t * n + p;
        if (rows.masked[i] !== 0 && rows.masked[i] !== mark) continue;
        observed[t - first]! += rows.observed[i]!;
        expected[t - first]! += rows.expected[i]!;
      }
    }
    const found = extentOf(this.#signal.kind, observed, expected, from - first, to - first);
    return { from: found.from + first, to: found.to + first };
  }

  #zone(from: number, to: number, noise: Noise, mark: number): ChosenZone | null {
    const n = this.#traffic.sites.length;
    const rows = this.#rows;
    const observed = new Float64Array(n);
    const expected = new Float64Array(n);
    const weight = new Float64Array(n);
    for (let t = from; t <= to; t++) {
      for (let p = 0; p < n; p++) {
        const i = t * n + p;
        if (rows.masked[i] !== 0 && rows.masked[i] !== mark) continue;
        observed[p]! += rows.observed[i]!;
        expected[p]! += rows.expected[i]!;
      }
    }
    const spread = noise.spread[windowFor(this.#lengths, to - from + 1)]!;
    for (let p = 0; p < n; p++) {
      weight[p] = expected[p]!;
      // A site's evidence saturates: beyond its own spread more requests tell nothing more.
      const e = expected[p]!;
      const worth = e > 0 ? 1 / (1 + spread.extra(e) / e + this.#signal.own[p]! * e) : 1;
      observed[p]! *= worth;
      expected[p]! *= worth;
    }
    return posteriorZone(this.#signal.kind, this.zones, observed, expected, weight);
  }
}

function sameSites(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((p, i) => p === b[i]);
}
