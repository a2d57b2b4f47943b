import { departure, type EvidenceKind, LEAST_LOSS, logChance, matters, type Spread, staysBelow } from "./evidence.js";
import type { WindowSums } from "./windowSums.js";
import type { Zones } from "./zones.js";
import { type ZoneTable, zoneTable } from "./zoneTable.js";

/** A zone and a window that stand out. */
export interface Candidate {
  /** Index of the partition, or -1 for a circle. */
  readonly partition: number;
  /** The zone's number in its partition, or the site at the centre of the circle. */
  readonly zone: number;
  /** How many neighbours the circle takes in; 0 for a partition's zone. */
  readonly reach: number;
  /** Index of the window. */
  readonly window: number;
  /** -ln of the probability by chance, corrected for the number of zones of its kind. */
  readonly negLogP: number;
}

/** What the scan needs to know of the noise. */
export interface Noise {
  /** By window. */
  readonly spread: readonly Spread[];
  /** Relative variance of a site's expectation that is its own: what a short history leaves open. */
  readonly own: Float64Array;
  /** Relative standard deviation of a site's expectation that it shares with its neighbours. */
  readonly shared: Float64Array;
}

/** What a client contributes to a candidate's sums. */
export interface Left {
  readonly observed: number;
  readonly expected: number;
  /** Share of the expectation, where that is known rather than the amount. */
  readonly expectedShare: number;
}

/** Departures below this many deviations are not looked at closely. */
const WORTH_A_LOOK = 2.5;
/** A circle is grown beyond its first neighbours only where these, or its centre, depart by this much. */
const FIRST_NEIGHBOURS = 10;
const WORTH_GROWING = 1.8;
const WORTH_STARTING = 0.8;

/** Scans the windows that end at a bucket for the most surprising zone; allocates its scratch space once. */
export class ScanStatistic {
  readonly #zones: Zones;
  readonly #kind: EvidenceKind;
  readonly #o: Float64Array;
  readonly #e: Float64Array;
  readonly #table: ZoneTable;
  /** Observed and expected of each site side by side, as circles read them site by site in no order. */
  readonly #pairs: Float64Array;
  readonly #minimum: number;
  readonly #leastLoss: number;

  constructor(kind: EvidenceKind, zones: Zones, minimum: number, leastLoss = LEAST_LOSS) {
    this.#leastLoss = leastLoss;
    this.#kind = kind;
    this.#zones = zones;
    this.#minimum = minimum;
    this.#table = zoneTable(zones.partitions);
    this.#pairs = new Float64Array(2 * (zones.circles.starts.length - 1));
    this.#o = new Float64Array(this.#table.length);
    this.#e = new Float64Array(this.#table.length);
  }

  /** The most surprising zone and window that end at bucket `t`, or null where nothing departs. */
  best(t: number, sums: WindowSums, noise: Noise, from: number): Candidate | null {
    let best: Candidate | null = null;
    const consider = (found: Candidate | null): void => {
      if (found !== null && (best === null || found.negLogP > best.negLogP)) best = found;
    };
    for (let w = 0; w < sums.lengths.length; w++) {
      const length = sums.lengths[w]!;
      if (length > 1 && t - length + 1 < from) continue;
      if ((t + 1) % Math.max(1, length >> 2) !== 0) continue;
      this.#sumZones(sums.observed[w]!, sums.expected[w]!);
      for (let k = 0; k < this.#zones.partitions.length; k++) consider(this.#bestOf(k, w, sums, noise));
      consider(this.#bestDisc(w, sums, noise));
    }
    return best;
  }

  /** A window's sums by zone of all partitions: valid until the next call. */
  zoneSums(
    observed: Float64Array,
    expected: Float64Array,
  ): {
    readonly observed: Float64Array;
    readonly expected: Float64Array;
    readonly length: number;
  } {
    this.#sumZones(observed, expected);
    return { observed: this.#o, expected: this.#e, length: this.#table.length - 1 };
  }

  /** Sums a window by zone, for all partitions in one pass, and lays it out for the circles. */
  #sumZones(observed: Float64Array, expected: Float64Array): void {
    const { width, zone } = this.#table;
    const pairs = this.#pairs;
    const o = this.#o.fill(0);
    const e = this.#e.fill(0);
    for (let p = 0, at = 0; p < observed.length; p++, at += width) {
      const m = expected[p]!;
      const seen = observed[p]!;
      pairs[2 * p] = seen;
      pairs[2 * p + 1] = m;
      if (m <= 0) continue;
      for (let i = at; i < at + width; i++) {
        const z = zone[i]!;
        o[z]! += seen;
        e[z]! += m;
      }
    }
  }

  #bestOf(k: number, w: number, sums: WindowSums, noise: Noise): Candidate | null {
    const { count } = this.#zones.partitions[k]!;
    const first = this.#table.starts[k]!;
    const o = this.#o.subarray(first, first + count);
    const e = this.#e.subarray(first, first + count);
    const spread = noise.spread[w]!;
    let most = WORTH_A_LOOK;
    let at = -1;
    for (let z = 0; z < count; z++) {
      if (staysBelow(this.#kind, o[z]!, e[z]!, most) || !this.#enough(o[z]!, e[z]!)) continue;
      const d = departure(this.#kind, o[z]!, e[z]!, spread.extra(e[z]!));
      if (d > most) [most, at] = [d, z];
    }
    return at < 0 ? null : this.#judged({ partition: k, zone: at, reach: 0, window: w }, count, sums, noise);
  }

  #bestDisc(w: number, sums: WindowSums, noise: Noise): Candidate | null {
    const { starts, site: near, count } = this.#zones.circles;
    const kind = this.#kind;
    const pairs = this.#pairs;
    const observed = sums.observed[w]!;
    const expected = sums.expected[w]!;
    const spread = noise.spread[w]!;
    let most = WORTH_A_LOOK;
    let centre = -1;
    let reach = 0;
    for (let p = 0; p < observed.length; p++) {
      const own = expected[p]!;
      if (own <= 0 || staysBelow(kind, observed[p]!, own, WORTH_STARTING)) continue;
      if (!matters(kind, observed[p]!, own, this.#leastLoss)) continue;
      if (departure(kind, observed[p]!, own, spread.extra(own)) < WORTH_STARTING) continue;
      let o = 0;
      let e = 0;
      let level = WORTH_GROWING;
      const start = starts[p]!;
      const end = starts[p + 1]!;
      const first = Math.min(end, start + FIRST_NEIGHBOURS);
      for (let i = start; i < (level === WORTH_GROWING ? first : end); i++) {
        const s = 2 * near[i]!;
        const m = pairs[s + 1]!;
        if (m <= 0) continue;
        o += pairs[s]!;
        e += m;
        if (staysBelow(kind, o, e, level) || !this.#enough(o, e)) continue;
        const d = departure(kind, o, e, spread.extra(e));
        if (d >= WORTH_GROWING) level = most;
        if (d > most) {
          most = d;
          level = d;
          centre = p;
          reach = i - start + 1;
        }
      }
    }
    return centre < 0 ? null : this.#judged({ partition: -1, zone: centre, reach, window: w }, count, sums, noise);
  }

  /** Errors must have been seen, latencies too; a drop must have had something to lose; and the effect must matter. */
  #enough(observed: number, expected: number): boolean {
    const seen = this.#kind === "errors" ? observed : expected;
    return seen >= this.#minimum && matters(this.#kind, observed, expected, this.#leastLoss);
  }

  /** The negLogP of a candidate when part of its sums is left out. */
  without(c: Candidate, sums: WindowSums, noise: Noise, part: Left): number {
    const tests = c.partition < 0 ? this.#zones.circles.count : this.#zones.partitions[c.partition]!.count;
    return this.#judged(c, tests, sums, noise, part).negLogP;
  }

  #judged(c: Omit<Candidate, "negLogP">, tests: number, sums: WindowSums, noise: Noise, left?: Left): Candidate {
    const observed = sums.observed[c.window]!;
    const expected = sums.expected[c.window]!;
    let [o, e, extra, shared] = [0, 0, 0, 0];
    for (const p of membersOf(this.#zones, c)) {
      const m = expected[p]!;
      if (m <= 0) continue;
      o += observed[p]!;
      e += m;
      extra += m * m * noise.own[p]!;
      shared += m * noise.shared[p]!;
    }
    if (left !== undefined) {
      const kept = Math.max(0, 1 - left.expectedShare);
      o = this.#kind === "latency" ? o - left.observed : Math.max(0, o - left.observed);
      e = Math.max(0, e * kept - left.expected);
      extra *= kept * kept;
      shared *= kept;
      if (this.#kind === "latency" ? o <= 0 || e <= 0 : e <= 0) return { ...c, negLogP: 0 };
    }
    const chance = logChance(this.#kind, o, e, noise.spread[c.window]!.extra(e) + extra + shared * shared);
    return { ...c, negLogP: -chance - Math.log(tests) };
  }
}

/** The sites of a zone. */
export function membersOf(zones: Zones, c: Pick<Candidate, "partition" | "zone" | "reach">): number[] {
  if (c.partition < 0) {
    const start = zones.circles.starts[c.zone]!;
    return Array.from(zones.circles.site.subarray(start, start + c.reach));
  }
  const { starts, site } = zones.partitions[c.partition]!;
  return Array.from(site.subarray(starts[c.zone]!, starts[c.zone + 1]!));
}
