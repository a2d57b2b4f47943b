import { DAY_MS, HOUR_MS, WEEK_MS } from "../../../core/time.js";
import { ALL_GUARDS, type Guards } from "../guards.js";
import type { StateVisitor } from "../live/stateVisitor.js";
import type { Traffic } from "../series/trafficColumns.js";
import { commonMovement } from "./commonMovement.js";
import { KNOWN_HOURS, SeasonalBaseline } from "./seasonalBaseline.js";
import type { Signal } from "./signal.js";
import { HISTORY_MS, readyAt } from "./tooLittleHistory.js";

/** A level follows the last hours with this half-life. */
const LEVEL_HALF_LIFE_MS = 6 * HOUR_MS;
/** Visits that the belief "as the season says" is worth, on days of a known and of an unknown kind. */
const LEVEL_PRIOR = 50;
const UNKNOWN_PRIOR = 4;
/** On a day of a kind never seen, a group is judged once this many visits have told its level. */
const UNKNOWN_SUPPORT = 200;
/** A bucket in which all traffic fell below this share tells nothing of any site. */
const NO_DATA = 0.3;
const REFIT_MS = 6 * HOUR_MS;
/** A site's rate learns at most this many times what was expected: a rush of today must not be expected tomorrow. */
const MOST_LEARNED = 1.5;
/** A site of which less than this share is reported tells nothing of its rate. */
const LEAST_REPORTED = 0.2;
/**
 * A rise or fall may come so much earlier or later than an hour's mean says; more where one or two such days are known, of
 * which a job that ran once is as much as what comes every day.
 */
const OUT_OF_TIME_MS = [3 * HOUR_MS, 1.5 * HOUR_MS, 0.5 * HOUR_MS] as const;
/** Buckets whose seasonal expectation is kept at hand. */
const KEPT_SEASONS = 8;
/** What stands for a past where none is asked for: a rate of the first hours. */
const NO_HISTORY_MS = 2 * HOUR_MS;

/** Visits against what the season, the level of the last hours and the movement of everything lead to expect. */
export class TrafficSignal implements Signal {
  readonly kind = "drop";
  readonly minimum = 4;
  readonly own: Float64Array;
  readonly shared: Float64Array;
  /** Factor of each bucket by which all traffic moved. */
  readonly movement: Float64Array;
  readonly baseline: SeasonalBaseline;
  readonly #traffic: Traffic;
  readonly #guards: Guards;
  #level: { observed: Float64Array; expected: Float64Array; unknown: Uint8Array };
  readonly #fade: number;
  readonly #seasons: readonly { bucket: number; fit: number; readonly expected: Float64Array }[];
  readonly #unknownSeason: Float64Array;
  readonly #learned: Float64Array;
  readonly #counted: Uint8Array;
  #byCountry: { observed: Float64Array; expected: Float64Array };
  readonly #historyMs: number;
  readonly #startedMs: number;
  #nextFitMs: number;
  #nextFadeMs: number;

  constructor(traffic: Traffic, guards: Guards = ALL_GUARDS) {
    const { sites, bucketMs, bucketCount, capacity = bucketCount, originMs, startedMs = originMs } = traffic;
    this.#traffic = traffic;
    this.#guards = guards;
    this.baseline = new SeasonalBaseline(sites, startedMs, bucketMs, guards.has("history") ? KNOWN_HOURS : 1);
    this.own = new Float64Array(sites.length);
    this.shared = new Float64Array(sites.length);
    this.movement = new Float64Array(capacity).fill(1);
    this.#level = levelsOf(this.baseline.groupCount);
    this.#fade = 0.5 ** (bucketMs / LEVEL_HALF_LIFE_MS);
    this.#seasons = Array.from({ length: KEPT_SEASONS }, () => ({
      bucket: -1,
      fit: 0,
      expected: new Float64Array(sites.length),
    }));
    this.#unknownSeason = new Float64Array(sites.length);
    this.#learned = new Float64Array(sites.length);
    this.#counted = new Uint8Array(sites.length);
    const countries = sites.countries.length;
    this.#byCountry = { observed: new Float64Array(countries), expected: new Float64Array(countries) };
    this.#historyMs = guards.has("history") ? HISTORY_MS["traffic-drop"] : NO_HISTORY_MS;
    const { firstBucket = 0 } = traffic;
    this.#startedMs = startedMs;
    this.#nextFitMs = startedMs + firstBucket * bucketMs + this.#historyMs;
    this.#nextFadeMs = startedMs + WEEK_MS;
  }

  ready(t: number): boolean {
    const { firstBucket = 0 } = this.#traffic;
    return t >= firstBucket + readyAt(this.#traffic, this.#historyMs) && this.baseline.fitted;
  }

  fill(t: number, observed: Float32Array, expected: Float32Array): void {
    const { sites, visits, originMs, bucketMs } = this.#traffic;
    const n = sites.length;
    observed.set(visits.subarray(t * n, (t + 1) * n));
    if (!this.baseline.fitted) {
      expected.fill(0);
      this.movement[t] = 1;
      return;
    }
    const seasonal = this.#seasonal(t);
    const middleMs = originMs + (t + 0.5) * bucketMs;
    const { observed: o, expected: e } = this.#byCountry;
    o.fill(0);
    e.fill(0);
    const { factor, judged, spread } = this.#levels();
    const { groupOf, support } = this.baseline;
    const { unknown } = this.#level;
    const deviation = this.#guards.has("history") ? this.#deviations(middleMs) : spread;
    const unsure = spread.map((own, g) => Math.hypot(own, deviation[g]!));
    const { reported } = this.#traffic;
    const dayKnown = this.baseline.daysKnown(middleMs);
    const { country } = sites;
    const { own, shared } = this;
    for (let p = 0; p < n; p++) {
      const g = groupOf[p]!;
      const known = unknown[g] === 1 ? judged[g] === 1 : dayKnown[p] === 1;
      const here = reported === undefined ? 1 : reported[t * n + p]!;
      const usual = known ? seasonal[p]! * factor[g]! * here : 0;
      expected[p] = usual;
      shared[p] = unsure[g]!;
      own[p] = 1 / (support[p]! + 1);
      // Groups on a day of an unknown kind follow their own level alone, and have no say in what all others do.
      if (!known || unknown[g] === 1) continue;
      const c = country[p]!;
      o[c]! += observed[p]!;
      e[c]! += expected[p]!;
    }
    const movement = this.#guards.has("common-movement") ? this.#lowered(commonMovement(o, e)) : 1;
    this.movement[t] = movement;
    for (let p = 0; p < n; p++) if (unknown[groupOf[p]!] === 0) expected[p]! *= movement;
  }

  /** What was learned within hours may lower an expectation; that a rush is over is no outage. */
  #lowered(factor: number): number {
    return this.#guards.has("rush") ? Math.min(1, factor) : factor;
  }

  /** How surely each group's days foretell this one. */
  #deviations(middleMs: number): Float64Array {
    return Float64Array.from(this.baseline.firstOf, (site) => this.baseline.deviation(site, middleMs));
  }

  /** The level of each group, whether it is told well enough on an unknown day, and how sure it is. */
  #levels(): { factor: Float64Array; judged: Uint8Array; spread: Float64Array } {
    const { observed, expected, unknown } = this.#level;
    const groups = unknown.length;
    const levels = {
      factor: new Float64Array(groups),
      judged: new Uint8Array(groups),
      spread: new Float64Array(groups),
    };
    for (let g = 0; g < groups; g++) {
      const prior = unknown[g] === 1 ? UNKNOWN_PRIOR : LEVEL_PRIOR;
      const support = expected[g]! + prior;
      levels.factor[g] = this.#lowered((observed[g]! + prior) / support);
      levels.judged[g] = support >= UNKNOWN_SUPPORT ? 1 : 0;
      levels.spread[g] = Math.sqrt((unknown[g] === 1 ? 2 : 1) / support);
    }
    return levels;
  }

  /** What the season says of bucket `t`; kept, as a bucket is learned soon after it was judged. */
  #seasonal(t: number): Float64Array {
    const { originMs, bucketMs } = this.#traffic;
    const kept = this.#seasons[t % this.#seasons.length]!;
    if (kept.bucket !== t || kept.fit !== this.baseline.fits) {
      this.baseline.expectedInto(originMs + (t + 0.5) * bucketMs, bucketMs, kept.expected);
      kept.bucket = t;
      kept.fit = this.baseline.fits;
    }
    return kept.expected;
  }

  pastOf(
    sites: readonly number[],
    from: number,
    to: number,
    expected: Float32Array,
    masked: Uint8Array,
  ): number | null {
    const { originMs, bucketMs, sites: all } = this.#traffic;
    if (!this.#guards.has("past")) return null;
    const days = this.baseline.daysSeen(sites[0]!, originMs + (to + 0.5) * bucketMs);
    const outOfTimeMs = OUT_OF_TIME_MS[Math.max(0, Math.min(2, Math.round(days) - 1))]!;
    const sums = new Float64Array(7);
    let least = Number.POSITIVE_INFINITY;
    for (const shiftMs of [-outOfTimeMs, 0, outOfTimeMs]) {
      sums.fill(0);
      for (let t = from; t <= to; t++) {
        const seasonal = this.#seasonal(t);
        const middleMs = originMs + (t + 0.5) * bucketMs;
        for (const p of sites) {
          const usual = masked[t * all.length + p] === 0 ? expected[t * all.length + p]! : 0;
          if (usual > 0) this.baseline.addPast(p, middleMs, shiftMs, usual / seasonal[p]!, usual, sums);
        }
      }
      least = Math.min(least, ...sums);
    }
    return least;
  }

  learn(t: number, masked: Uint8Array): void {
    const { sites, visits, originMs, bucketMs, reported } = this.#traffic;
    const startMs = originMs + t * bucketMs;
    const { length: n, known = n } = sites;
    if (startMs >= this.#nextFitMs) {
      this.baseline.fit();
      // What three days have settled, six hours more change little.
      this.#nextFitMs += startMs - this.#startedMs > 3 * DAY_MS ? 2 * REFIT_MS : REFIT_MS;
    }
    if (startMs >= this.#nextFadeMs) {
      this.baseline.fade();
      this.#nextFadeMs += WEEK_MS;
    }
    const { observed: o, expected: e } = this.#level;
    const { fitted, groupOf } = this.baseline;
    const seasonal = fitted ? this.#seasonal(t) : this.#unknownSeason;
    if (fitted) {
      for (let g = 0; g < o.length; g++) {
        o[g]! *= this.#fade;
        e[g]! *= this.#fade;
      }
      this.#noticeUnknownDays(startMs);
    }
    // When next to nothing came from anywhere, nothing was measured: no data is not zero.
    if (this.movement[t]! < NO_DATA && this.#guards.has("no-data")) return;
    const middleMs = startMs + bucketMs / 2;
    const learned = this.#learned;
    const counted = this.#counted.fill(0);
    const { unknown } = this.#level;
    const moved = this.movement[t]!;
    const row = t * n;
    for (let p = 0; p < known; p++) {
      if ((masked[p]! & 1) === 1) continue;
      const g = groupOf[p]!;
      const here = reported === undefined ? 1 : reported[row + p]!;
      if (here < LEAST_REPORTED) continue;
      const movement = (unknown[g] === 1 ? 1 : moved) * here;
      const expected = seasonal[p]! * movement;
      const all = visits[row + p]!;
      // A burst (a bot, a flash crowd in one city) must not become what is expected tomorrow.
      const count = fitted ? Math.min(all, MOST_LEARNED * expected + 4 * Math.sqrt(expected) + 3) : all;
      learned[p] = count / movement;
      counted[p] = 1;
      if (!fitted) continue;
      o[g]! += count;
      e[g]! += expected;
    }
    this.baseline.add(middleMs, learned, counted, bucketMs / HOUR_MS);
  }

  admit(from: number): void {
    this.baseline.admit(from);
    const { observed, expected, unknown } = this.#level;
    this.#level = levelsOf(this.baseline.groupCount);
    this.#level.observed.set(observed);
    this.#level.expected.set(expected);
    this.#level.unknown.set(unknown);
    const countries = this.#traffic.sites.countries.length;
    this.#byCountry = { observed: new Float64Array(countries), expected: new Float64Array(countries) };
    for (const kept of this.#seasons) kept.bucket = -1;
  }

  visit(v: StateVisitor): void {
    for (const kept of this.#seasons) kept.bucket = -1;
    this.baseline.visit(v);
    v.buckets("movement", this.movement, 1);
    v.values("level.observed", this.#level.observed);
    v.values("level.expected", this.#level.expected);
    v.values("level.unknown", this.#level.unknown);
    v.number("nextFitMs", this.#nextFitMs, (ms) => {
      this.#nextFitMs = ms;
    });
    v.number("nextFadeMs", this.#nextFadeMs, (ms) => {
      this.#nextFadeMs = ms;
    });
  }

  #noticeUnknownDays(startMs: number): void {
    const { firstOf } = this.baseline;
    for (let g = 0; g < firstOf.length; g++) {
      const unknown = this.baseline.dayKnown(firstOf[g]!, startMs) ? 0 : 1;
      if (unknown === 1 && this.#level.unknown[g] === 0) {
        this.#level.observed[g] = 0;
        this.#level.expected[g] = 0;
      }
      // Once the season knows the day, what the level had learned of it would count twice.
      if (unknown === 0 && this.#level.unknown[g] === 1) this.#level.observed[g] = this.#level.expected[g]!;
      this.#level.unknown[g] = unknown;
    }
  }
}

function levelsOf(groups: number): { observed: Float64Array; expected: Float64Array; unknown: Uint8Array } {
  return {
    observed: new Float64Array(groups),
    expected: new Float64Array(groups),
    unknown: new Uint8Array(groups),
  };
}
