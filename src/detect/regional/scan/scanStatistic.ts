import type { Dispersion } from "../signals/dispersion.js";
import {
  departure,
  type EvidenceKind,
  LEAST_LOSS,
  logChance,
  matters,
  SLACK,
  type Spread,
  staysBelow,
} from "./evidence.js";
import { furthestDisc } from "./furthestDisc.js";
import { ScanKernel } from "./scanKernel.js";
import { WindowSums } from "./windowSums.js";
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

/** A window's sums by zone of all partitions, numbered through. */
export interface ZoneSums {
  readonly of: WindowSums;
  /** Pairs of observed and expected; the last stands for "in no zone". */
  readonly pairs: Float64Array;
  /** Number of zones. */
  readonly length: number;
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
/** How much more surprising, in nats, a count can be than its departure says. */
const COUNT_MARGIN = 2;

/** Scans the windows that end at a bucket for the most surprising zone. */
export class ScanStatistic {
  readonly #zones: Zones;
  readonly #kind: EvidenceKind;
  readonly #table: ZoneTable;
  /** Sums by zone of each window, made when they are asked for. */
  readonly #zoneSums: (ZoneSums & { version: number })[] = [];
  readonly #minimum: number;
  readonly #leastLoss: number;
  readonly #kernel: ScanKernel | undefined;

  /** @param lengths - of windows whose sums by site are to lie where a kernel reads them: see {@link windowSums} */
  constructor(
    kind: EvidenceKind,
    zones: Zones,
    minimum: number,
    leastLoss = LEAST_LOSS,
    lengths: readonly number[] = [],
  ) {
    this.#leastLoss = leastLoss;
    this.#kind = kind;
    this.#zones = zones;
    this.#minimum = minimum;
    const table = zoneTable(zones.partitions);
    this.#table = table;
    const sites = zones.circles.starts.length - 1;
    if (lengths.length > 0)
      this.#kernel = ScanKernel.create({ kind, minimum, leastLoss, sites, lengths, zones, table });
  }

  /** The sums that are scanned. */
  windowSums(lengths: readonly number[]): WindowSums {
    return new WindowSums(lengths, this.#zones.circles.starts.length - 1, this.#kernel);
  }

  /**
   * The most surprising zone and window that end at bucket `t`, or null where nothing departs.
   *
   * @param from - the first bucket that a window may reach back to
   * @param floor - negLogPs up to this are of no interest: what surely has none larger is passed over
   */
  best(t: number, sums: WindowSums, noise: Noise, from: number, floor = 0): Candidate | null {
    let best: Candidate | null = null;
    let most = floor;
    const consider = (found: Candidate | null): void => {
      if (found === null || (best !== null && found.negLogP <= best.negLogP)) return;
      best = found;
      most = Math.max(most, found.negLogP);
    };
    for (let w = 0; w < sums.lengths.length; w++) {
      const length = sums.lengths[w]!;
      if (length > 1 && t - length + 1 < from) continue;
      if ((t + 1) % Math.max(1, length >> 2) !== 0) continue;
      // No zone has more errors than all sites together.
      if (this.#kind === "errors" && sumOf(sums.observed[w]!) < this.#minimum * SLACK) continue;
      let first = 0;
      for (let k = 0; k < this.#zones.partitions.length; k++) {
        consider(this.#bestOf(k, first, w, sums, noise, most));
        first += this.#zones.partitions[k]!.count;
      }
      consider(this.#bestDisc(w, sums, noise, most));
    }
    return best;
  }

  /** A window's sums by zone: valid until the sums of sites change. */
  zoneSums(w: number, sums: WindowSums): ZoneSums {
    let kept = this.#zoneSums[w];
    if (kept?.of === sums && kept.version === sums.version) return kept;
    const { length } = this.#table;
    kept = {
      of: sums,
      version: sums.version,
      pairs: kept?.pairs ?? this.#kernel?.pairs[w] ?? new Float64Array(2 * length),
      length: length - 1,
    };
    this.#zoneSums[w] = kept;
    if (this.#kernel === undefined) this.#sumZones(sums.observed[w]!, sums.expected[w]!, kept.pairs.fill(0));
    else this.#kernel.sumZones(w);
    return kept;
  }

  /** Takes what a window's zones vary by into what is known of that. */
  learn(w: number, sums: WindowSums, dispersion: Dispersion): void {
    const { pairs, length } = this.zoneSums(w, sums);
    if (this.#kernel === undefined) dispersion.learn(pairs, length);
    else dispersion.learnBy((squares, windows, factors) => this.#kernel!.learn(w, squares, windows, factors));
  }

  /** Sums a window by zone, for all partitions in one pass. */
  #sumZones(observed: Float64Array, expected: Float64Array, pairs: Float64Array): void {
    const { width, zone } = this.#table;
    for (let p = 0, at = 0; p < observed.length; p++, at += width) {
      const m = expected[p]!;
      if (m <= 0) continue;
      const seen = observed[p]!;
      for (let i = at; i < at + width; i++) {
        const at = 2 * zone[i]!;
        pairs[at]! += seen;
        pairs[at + 1]! += m;
      }
    }
  }

  #bestOf(k: number, first: number, w: number, sums: WindowSums, noise: Noise, floor: number): Candidate | null {
    const { count } = this.#zones.partitions[k]!;
    const kind = this.#kind;
    const { pairs } = this.zoneSums(w, sums);
    const spread = noise.spread[w]!;
    let most = Math.max(WORTH_A_LOOK, departureOf(floor + Math.log(count)));
    let at = -1;
    const worth = this.#kernel?.zonesAbove(w, first, count, most);
    for (let i = 0; i < (worth?.length ?? count); i++) {
      const z = worth?.[i] ?? i;
      const o = pairs[2 * (first + z)]!;
      const e = pairs[2 * (first + z) + 1]!;
      if (staysBelow(kind, o, e, most) || !this.#enough(o, e)) continue;
      const d = departure(kind, o, e, spread.extra(e));
      if (d > most) [most, at] = [d, z];
    }
    return at < 0 ? null : this.#judged({ partition: k, zone: at, reach: 0, window: w }, count, sums, noise);
  }

  #bestDisc(w: number, sums: WindowSums, noise: Noise, floor: number): Candidate | null {
    const { count } = this.#zones.circles;
    const search = {
      kind: this.#kind,
      observed: sums.observed[w]!,
      expected: sums.expected[w]!,
      spread: noise.spread[w]!,
      minimum: this.#minimum,
      leastLoss: this.#leastLoss,
      least: Math.max(WORTH_A_LOOK, departureOf(floor + Math.log(count))),
    };
    const found = furthestDisc(this.#zones.circles, search, this.#kernel?.discsAbove(w, search.least));
    return (
      found && this.#judged({ partition: -1, zone: found.centre, reach: found.reach, window: w }, count, sums, noise)
    );
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

function sumOf(values: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum;
}

/**
 * A departure that surely has no negLogP above the given one. For a normal tail -ln P is at most d²/2 + ln(1 + d √2π);
 * those of counts differ from it by parts of an event, for which there is a margin.
 */
function departureOf(negLogP: number): number {
  const most = Math.max(0, negLogP - COUNT_MARGIN);
  return Math.sqrt(2 * Math.max(0, most - Math.log(1 + Math.sqrt(4 * Math.PI * most))));
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
