import { grown } from "../../../core/grown.js";
import { HOUR_MS, WEEK_MS } from "../../../core/time.js";
import type { StateVisitor } from "../live/stateVisitor.js";
import type { Sites } from "../series/trafficColumns.js";
import { HourSlots } from "./hourSlots.js";
import { LocalClock, type Offsets } from "./localClock.js";
import { dayOf, hourOfWeek, MOST_READINGS, readingsOf } from "./localReadings.js";
import { fitSeason, HOURS, isWeekend, type SeasonalFit } from "./seasonalFit.js";

/** Weights of the past halve in two weeks, so that a rate follows slow growth. */
const WEEKLY_FADE = Math.SQRT1_2;
/** Hours of a kind of day below which that kind counts as never seen. */
export const KNOWN_HOURS = 20;
/** Relative standard deviation of what one day tells of the next of its kind, and what is left when many were seen. */
const DAY_DEVIATION = [0.2, 0.3] as const;
const LEAST_DEVIATION = 0.04;
/** So long after a change of clocks the old time counts, too. */
const CLOCK_CHANGE_MS = 2 * WEEK_MS;
/** Fridays are working days or not: countries in which one must have been seen. 1970 began on a Thursday. */
const FRIDAY = 1;
const FRIDAYS_OFF = new Set([
  "AE",
  "AF",
  "BH",
  "DZ",
  "EG",
  "IL",
  "IQ",
  "IR",
  "JO",
  "KW",
  "LY",
  "OM",
  "QA",
  "SA",
  "SD",
  "SY",
  "YE",
]);

/**
 * What each site does at each hour of the week, learned from the past alone:
 *
 * rate of the site × profile of the local hour on such a day (the world's, corrected by country and site as far as they
 * differ from it) × factor of the local day, where that is below its kind × factor of the slot of the hour, where machines
 * keep to it.
 *
 * Days are of two kinds, working days and weekends. Local time is that of the place's clocks.
 */
export class SeasonalBaseline {
  readonly #sites: Sites;
  readonly #clock: LocalClock;
  readonly #observed: Float64Array;
  readonly #hours: Float64Array;
  /** Level groups: a country's sites of one time zone. */
  readonly groupOf: Uint32Array;
  groupCount = 0;
  /** The first site of each group. */
  readonly firstOf: number[] = [];
  readonly #groups = new Map<string, number>();
  #fit: SeasonalFit;
  /** Hours seen of each day of the week by group. */
  #seen: Float64Array = new Float64Array(0);
  /** The same summed over the working days and over the weekend, side by side. */
  #seenOfKind: Float64Array = new Float64Array(0);
  readonly #fridayOff: number[] = [];
  /** By hour of the week, UTC, for how many hours sites were watched: those of new ones, too, in which nothing came. */
  readonly #watched = new Float64Array(HOURS);
  readonly #knownHours: number;
  readonly #startMs: number;
  readonly #bucketMs: number;
  readonly #slots: HourSlots;
  #pairs: (ClockPairs & { readonly now: Offsets; readonly before: Offsets }) | undefined;
  /** How often it was fitted. */
  fits = 0;
  readonly #known: Uint8Array;
  /** What `#known` was told for. */
  #knownFor: { of: Uint8Array | null; days: readonly number[]; fits: number } = { of: null, days: [], fits: 0 };

  /** @param knownHours - hours of a kind of day below which it counts as never seen */
  constructor(sites: Sites, startMs: number, bucketMs: number, knownHours = KNOWN_HOURS) {
    this.#bucketMs = bucketMs;
    this.#knownHours = knownHours;
    this.#startMs = startMs;
    const n = sites.length;
    this.#sites = sites;
    this.#clock = new LocalClock(sites);
    this.#observed = new Float64Array(HOURS * n);
    this.#hours = new Float64Array(HOURS * n);
    this.groupOf = new Uint32Array(n);
    this.#known = new Uint8Array(n);
    this.#slots = new HourSlots(0, bucketMs);
    this.#fit = { profile: new Float64Array(48 * n), dayFactor: new Float64Array(0), support: new Float64Array(n) };
    this.#group(0);
  }

  /** Takes sites in that are known now, from one on: of what was watched before, they have brought nothing. */
  admit(from: number): void {
    const { length: n, known = n } = this.#sites;
    this.#clock.admit(from, known);
    this.#pairs = undefined;
    this.#knownFor = { of: null, days: [], fits: 0 };
    this.#group(from);
    const { hours, of } = this.#clock.offsets(this.#startMs);
    for (let p = from; p < known; p++)
      for (let h = 0; h < HOURS; h++) this.#hours[n * hourOfWeek(HOURS + h + hours[of[p]!]!) + p]! += this.#watched[h]!;
  }

  /** Puts sites, from one on, into level groups. */
  #group(from: number): void {
    const { country, countries, length, known = length } = this.#sites;
    const offsets = this.#clock.offsets(this.#startMs);
    for (let p = from; p < known; p++) {
      const key = `${country[p]!} ${Math.round(offsets.hours[offsets.of[p]!]!)}`;
      if (!this.#groups.has(key)) {
        this.#groups.set(key, this.#groups.size);
        this.firstOf.push(p);
        this.#fridayOff.push(FRIDAYS_OFF.has(countries[country[p]!] ?? "") ? 1 : 0);
      }
      this.groupOf[p] = this.#groups.get(key)!;
    }
    const groups = this.#groups.size;
    if (groups === this.groupCount) return;
    const dayFactor = new Float64Array(7 * groups).fill(1);
    dayFactor.set(this.#fit.dayFactor);
    this.#fit = { ...this.#fit, dayFactor };
    this.#seen = grown(this.#seen, 7 * groups);
    this.#seenOfKind = grown(this.#seenOfKind, 2 * groups);
    this.#slots.grow(groups);
    this.groupCount = groups;
  }

  /** Whether there is anything to expect yet. */
  get fitted(): boolean {
    return this.fits > 0;
  }

  /** Visits that each site's rate rests on. */
  get support(): Float64Array {
    return this.#fit.support;
  }

  /**
   * Adds visits to the hour around a time.
   *
   * @param visits - by site; those of sites that `counted` has 0 for are left out
   * @param hours - how long that was watched
   */
  add(timeMs: number, visits: Float64Array, counted: Uint8Array, hours: number): void {
    const n = this.#sites.length;
    const offsets = this.#clock.offsets(timeMs);
    const rows = offsets.hours.map((ahead) => n * hourOfWeek(timeMs / HOUR_MS + ahead));
    for (let p = 0; p < n; p++) {
      if (counted[p] === 0) continue;
      const at = rows[offsets.of[p]!]! + p;
      this.#observed[at]! += visits[p]!;
      this.#hours[at]! += hours;
    }
    this.#watched[hourOfWeek(timeMs / HOUR_MS)]! += hours;
    this.#slots.add(timeMs, visits, counted, this.groupOf);
  }

  /** Lets the past fade by one week; call it once a week. */
  fade(): void {
    for (let i = 0; i < this.#observed.length; i++) {
      this.#observed[i]! *= WEEKLY_FADE;
      this.#hours[i]! *= WEEKLY_FADE;
    }
    for (let h = 0; h < HOURS; h++) this.#watched[h]! *= WEEKLY_FADE;
    this.#slots.fade(WEEKLY_FADE);
  }

  /** Whether the local day at a site is of a kind that the past holds. */
  dayKnown(site: number, timeMs: number): boolean {
    return this.#isKnown(this.groupOf[site]!, this.#localDay(site, timeMs));
  }

  /** 1 for each site whose local day is of a kind that the past holds, 0 for the others; valid until the next call. */
  daysKnown(timeMs: number): Uint8Array {
    const { hours, of } = this.#clock.offsets(timeMs);
    const days = hours.map((ahead) => dayOf(timeMs, ahead));
    const { of: before, days: then, fits } = this.#knownFor;
    const known = this.#known;
    if (before === of && fits === this.fits && days.every((day, k) => day === then[k])) return known;
    for (let p = 0; p < known.length; p++) known[p] = this.#isKnown(this.groupOf[p]!, days[of[p]!]!) ? 1 : 0;
    this.#knownFor = { of, days, fits: this.fits };
    return known;
  }

  #isKnown(group: number, day: number): boolean {
    if (day === FRIDAY && this.#fridayOff[group] === 1) return this.#seen[7 * group + day]! >= this.#knownHours;
    return this.#seenOfKind[2 * group + isWeekend(day)]! >= this.#knownHours;
  }

  /** Relative standard deviation of what the days seen so far tell of a day at a site. */
  deviation(site: number, timeMs: number): number {
    const kind = isWeekend(this.#localDay(site, timeMs));
    return Math.max(LEAST_DEVIATION, DAY_DEVIATION[kind] / Math.max(0.5, this.daysSeen(site, timeMs)));
  }

  /** How many days of its kind were seen before the day at a site. */
  daysSeen(site: number, timeMs: number): number {
    const kind = isWeekend(this.#localDay(site, timeMs));
    return this.#seenOfKind[2 * this.groupOf[site]! + kind]! / 24;
  }

  /** Day of the week (0 is Thursday, as 1970 began) by the site's clock. */
  #localDay(site: number, timeMs: number): number {
    const { hours, of } = this.#clock.offsets(timeMs);
    return dayOf(timeMs, hours[of[site]!]!);
  }

  /**
   * Expected visits of each site in the bucket of the given middle and length: the least that its local time may stand for.
   *
   * A day does not turn into one of another kind at midnight sharp: for some time around it, both count. After a change of
   * clocks it is not known who follows it (people do, machines do not): the old time counts beside the new.
   */
  expectedInto(middleMs: number, bucketMs: number, out: Float64Array): void {
    const hours = bucketMs / HOUR_MS;
    const { of, hours: clocks } = this.#pairsOf(
      this.#clock.offsets(middleMs),
      this.#clock.offsets(Math.max(this.#startMs, middleMs - CLOCK_CHANGE_MS)),
    );
    const n = out.length;
    // A column each: the loop over sites reads no objects.
    const ends = new Uint32Array(clocks.length);
    const [low, next] = [
      new Uint32Array(MOST_READINGS * clocks.length),
      new Uint32Array(MOST_READINGS * clocks.length),
    ];
    const part = new Float64Array(MOST_READINGS * clocks.length);
    const day = new Uint8Array(MOST_READINGS * clocks.length);
    clocks.forEach(([now, before], k) => {
      let at = MOST_READINGS * k;
      for (const reading of readingsOf(middleMs / HOUR_MS, now, before)) {
        low[at] = n * reading.low;
        next[at] = n * reading.next;
        part[at] = reading.part;
        day[at++] = reading.day;
      }
      ends[k] = at;
    });
    const groupOf = this.groupOf;
    const { profile, dayFactor } = this.#fit;
    const slots = this.#slots.factorsAt(middleMs);
    for (let p = 0; p < n; p++) {
      const k = of[p]!;
      const g = groupOf[p]!;
      let least = Number.POSITIVE_INFINITY;
      for (let at = MOST_READINGS * k; at < ends[k]!; at++) {
        const rate = profile[low[at]! + p]! * (1 - part[at]!) + profile[next[at]! + p]! * part[at]!;
        least = Math.min(least, rate * dayFactor[7 * g + day[at]!]!);
      }
      out[p] = least * hours * slots[g]!;
    }
  }

  /** The pairs of what sites' clocks show now and showed before, and each site's; kept until clocks are set. */
  #pairsOf(now: Offsets, before: Offsets): ClockPairs {
    if (this.#pairs?.now === now && this.#pairs.before === before) return this.#pairs;
    const of = new Uint16Array(now.of.length);
    const known = new Map<number, number>();
    const hours: (readonly [number, number])[] = [];
    for (let p = 0; p < of.length; p++) {
      const key = now.of[p]! * before.hours.length + before.of[p]!;
      if (!known.has(key)) known.set(key, hours.push([now.hours[now.of[p]!]!, before.hours[before.of[p]!]!]) - 1);
      of[p] = known.get(key)!;
    }
    this.#pairs = { now, before, of, hours };
    return this.#pairs;
  }

  /**
   * Adds to `sums`, by day of the week, the visits that a site had in a bucket at such a time of that day so far, as they were
   * counted; `otherwise` for days of another kind, and those that were not seen.
   *
   * @param shiftMs - how much later the hour is looked at
   */
  addPast(site: number, middleMs: number, shiftMs: number, scale: number, otherwise: number, sums: Float64Array): void {
    const n = this.#sites.length;
    const timeMs = middleMs + shiftMs;
    const { hours, of } = this.#clock.offsets(timeMs);
    const at = hourOfWeek(timeMs / HOUR_MS + hours[of[site]!]!);
    const kind = isWeekend(Math.floor(at / 24));
    const slot = this.#slots.factorsAt(middleMs)[this.groupOf[site]!]!;
    const unit = scale * slot * (this.#bucketMs / HOUR_MS);
    for (let day = 0; day < 7; day++) {
      const row = (24 * day + (at % 24)) * n + site;
      const watched = isWeekend(day) === kind ? this.#hours[row]! : 0;
      sums[day]! += watched > 0 ? (unit * this.#observed[row]!) / watched : otherwise;
    }
  }

  visit(v: StateVisitor): void {
    v.rows("season.observed", this.#observed);
    v.rows("season.hours", this.#hours);
    v.values("season.watched", this.#watched);
    this.#knownFor = { of: null, days: [], fits: 0 };
    this.#slots.visit(v);
    v.values("season.seen", this.#seen);
    v.values("season.seenOfKind", this.#seenOfKind);
    const bySite = transposed(this.#fit.profile, 48);
    v.sites("season.profile", bySite, 48);
    this.#fit.profile.set(transposed(bySite, this.#sites.length));
    v.values("season.dayFactor", this.#fit.dayFactor);
    v.sites("season.support", this.#fit.support);
    v.number("season.fits", this.fits, (fits) => {
      this.fits = fits;
    });
  }

  /** Fits everything anew to the past so far. */
  fit(): void {
    const { length, countries, country } = this.#sites;
    const past = { observed: this.#observed, hours: this.#hours, groupOf: this.groupOf, country };
    this.#fit = fitSeason({ ...past, sites: length, countries: countries.length, groups: this.groupCount });
    this.#slots.fit();
    this.#seen.fill(0);
    for (let d = 0; d < 7; d++)
      for (let p = 0; p < length; p++) {
        let hours = 0;
        for (let h = 0; h < 24; h++) hours += this.#hours[(24 * d + h) * length + p]!;
        const at = 7 * this.groupOf[p]! + d;
        this.#seen[at] = Math.max(this.#seen[at]!, hours);
      }
    this.#seenOfKind.fill(0);
    for (let g = 0; g < this.groupCount; g++)
      for (let d = 0; d < 7; d++) this.#seenOfKind[2 * g + isWeekend(d)]! += this.#seen[7 * g + d]!;
    this.fits++;
  }
}

/** Rows as columns. */
function transposed(values: Float64Array, rows: number): Float64Array {
  const width = values.length / Math.max(1, rows);
  const out = new Float64Array(values.length);
  for (let r = 0; r < rows; r++) for (let c = 0; c < width; c++) out[c * rows + r] = values[r * width + c]!;
  return out;
}

/** What the clocks of sites show and showed, in hours ahead of UTC: the different pairs, and the index of each site's. */
interface ClockPairs {
  readonly of: Uint16Array;
  readonly hours: readonly (readonly [now: number, before: number])[];
}
