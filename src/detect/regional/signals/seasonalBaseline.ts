import { HOUR_MS } from "../../../core/time.js";
import type { Sites } from "../series/trafficColumns.js";

const HOURS = 168;
/** Weights of the past halve in two weeks, so that a rate follows slow growth. */
const WEEKLY_FADE = Math.SQRT1_2;
/** Hours of a kind of day, of a typical site, below which that kind counts as never seen. */
const KNOWN_HOURS = 6;
/** Poisson variance that is left after smoothing by ¼, ½, ¼: the sum of the squared weights. */
const SMOOTHED_NOISE = 0.375;

/**
 * What each site does at each hour of the week, learned from the past alone:
 *
 * rate of the site × profile of the local hour (the world's, corrected by country and site as far as they differ from
 * it) × factor of the local day (the day itself, else its kind: working day or weekend).
 *
 * Local time is solar (longitude / 15), which every place has; what a civil clock adds is in the corrections. How far
 * countries, sites and days may differ is itself learned (method of moments), so that sparse logs are smoothed hard
 * and rich ones are followed.
 */
export class SeasonalBaseline {
  readonly #sites: Sites;
  readonly #observed: Float64Array;
  readonly #hours: Float64Array;
  readonly #shift: Int32Array;
  /** The shift as hours of the week, in [0, 168). */
  readonly #turn: Int32Array;
  readonly #fraction: Float64Array;
  /** Level groups: a country's sites of one solar hour. */
  readonly groupOf: Uint32Array;
  readonly groupCount: number;
  /** Rate × profile by site and local hour, in requests an hour. */
  #profile: Float64Array;
  #dayFactor: Float64Array;
  /** Whether a day of the week, or its kind, has been seen. */
  readonly #known = new Uint8Array(7);
  /** Requests each site's rate rests on. */
  readonly support: Float64Array;
  /** How often it was shrinkToFit. */
  fits = 0;

  constructor(sites: Sites) {
    const n = sites.length;
    this.#sites = sites;
    this.#observed = new Float64Array(HOURS * n);
    this.#hours = new Float64Array(HOURS * n);
    this.#shift = new Int32Array(n);
    this.#turn = new Int32Array(n);
    this.#fraction = new Float64Array(n);
    this.groupOf = new Uint32Array(n);
    this.support = new Float64Array(n);
    this.#profile = new Float64Array(24 * n);
    const groups = new Map<string, number>();
    for (let p = 0; p < n; p++) {
      const offset = Number.isNaN(sites.lon[p]!) ? 0 : sites.lon[p]! / 15;
      this.#shift[p] = Math.floor(offset);
      this.#turn[p] = mod(this.#shift[p]!, HOURS);
      this.#fraction[p] = offset - Math.floor(offset);
      const key = `${sites.country[p]!} ${Math.round(offset)}`;
      if (!groups.has(key)) groups.set(key, groups.size);
      this.groupOf[p] = groups.get(key)!;
    }
    this.groupCount = groups.size;
    this.#dayFactor = new Float64Array(7 * groups.size).fill(1);
  }

  /** Where the requests of a moment are added: see {@link add}. */
  rowAt(timeMs: number): number {
    return hourOfWeek(timeMs) * this.#sites.length;
  }

  /** Whether there is anything to expect yet. */
  get shrinkToFit(): boolean {
    return this.fits > 0;
  }

  /** Adds requests of one site over some hours that begin at the moment of a row. */
  add(row: number, site: number, requests: number, hours: number): void {
    this.#observed[row + site]! += requests;
    this.#hours[row + site]! += hours;
  }

  /** Lets the past fade by one week; call it once a week. */
  fade(): void {
    for (let i = 0; i < this.#observed.length; i++) {
      this.#observed[i]! *= WEEKLY_FADE;
      this.#hours[i]! *= WEEKLY_FADE;
    }
  }

  /** Whether the local day at a site's group is of a kind that the past holds. */
  dayKnown(site: number, timeMs: number): boolean {
    return this.#known[this.#localDay(site, timeMs)] === 1;
  }

  /** Day of the week (0 is Thursday, as 1970 began) by solar time. */
  #localDay(site: number, timeMs: number): number {
    return mod(Math.floor((timeMs / HOUR_MS + this.#shift[site]! + this.#fraction[site]!) / 24), 7);
  }

  /** Expected requests of each site in the bucket of the given middle and length. */
  expectedInto(middleMs: number, bucketMs: number, out: Float64Array): void {
    const hours = bucketMs / HOUR_MS;
    const utc = middleMs / HOUR_MS;
    const shift = this.#shift;
    const fraction = this.#fraction;
    const groupOf = this.groupOf;
    const profile = this.#profile;
    const dayFactor = this.#dayFactor;
    for (let p = 0; p < out.length; p++) {
      const local = utc + shift[p]! + fraction[p]!;
      const day = rest(Math.floor(local / 24), 7);
      const at = rest(local - 0.5, 24);
      const low = Math.floor(at);
      const part = at - low;
      const base = 24 * p;
      const rate = profile[base + low]! * (1 - part) + profile[base + (low === 23 ? 0 : low + 1)]! * part;
      out[p] = rate * hours * dayFactor[7 * groupOf[p]! + day]!;
    }
  }

  /** Fits everything anew to the past so far. */
  fit(): void {
    const n = this.#sites.length;
    const world = new Float64Array(24).fill(1);
    const day = new Float64Array(7).fill(1);
    const rate = new Float64Array(n);
    for (let round = 0; round < 4; round++) {
      this.#fitRates(rate, world, day);
      this.#fitWorld(rate, world, day);
    }
    this.#fitRates(rate, world, day);
    this.#fitCorrections(rate, world, day);
    this.fits++;
  }

  #fitRates(rate: Float64Array, world: Float64Array, day: Float64Array): void {
    const n = this.#sites.length;
    const unit = new Float64Array(HOURS);
    for (let k = 0; k < HOURS; k++) unit[k] = world[k % 24]! * day[Math.floor(k / 24)]!;
    const exposure = new Float64Array(n);
    this.support.fill(0);
    for (let h = 0; h < HOURS; h++) {
      for (let p = 0, at = h * n; p < n; p++, at++) {
        const hours = this.#hours[at]!;
        if (hours === 0) continue;
        const k = this.#localHour(h, p);
        const f = this.#fraction[p]!;
        this.support[p]! += this.#observed[at]!;
        exposure[p]! += hours * (unit[k]! * (1 - f) + unit[k + 1 === HOURS ? 0 : k + 1]! * f);
      }
    }
    for (let p = 0; p < n; p++) rate[p] = exposure[p]! > 0 ? this.support[p]! / exposure[p]! : 0;
  }

  /** The hour of the week by a site's solar time, its fraction left aside. */
  #localHour(hour: number, site: number): number {
    const k = hour + this.#turn[site]!;
    return k < HOURS ? k : k - HOURS;
  }

  #fitWorld(rate: Float64Array, world: Float64Array, day: Float64Array): void {
    const n = this.#sites.length;
    const observed = new Float64Array(HOURS);
    const exposure = new Float64Array(HOURS);
    const weight = new Float64Array(HOURS);
    let total = 0;
    for (let p = 0; p < n; p++) total += rate[p]!;
    const whole = Math.max(total, 1e-300);
    for (let h = 0; h < HOURS; h++) {
      for (let p = 0, at = h * n; p < n; p++, at++) {
        if (this.#hours[at] === 0) continue;
        const k = this.#localHour(h, p);
        const next = k + 1 === HOURS ? 0 : k + 1;
        const f = this.#fraction[p]!;
        const usual = this.#hours[at]! * rate[p]!;
        observed[k]! += this.#observed[at]! * (1 - f);
        observed[next]! += this.#observed[at]! * f;
        exposure[k]! += usual * (1 - f);
        exposure[next]! += usual * f;
        weight[k]! += usual / whole;
      }
    }
    this.#fitDays(observed, exposure, weight, world, day);
    fitHours(observed, exposure, world, day);
  }

  #fitDays(
    observed: Float64Array,
    exposure: Float64Array,
    weight: Float64Array,
    world: Float64Array,
    day: Float64Array,
  ): void {
    const seen = new Float64Array(7);
    const o = new Float64Array(7);
    const e = new Float64Array(7);
    for (let k = 0; k < HOURS; k++) {
      const d = Math.floor(k / 24);
      seen[d]! += weight[k]!;
      o[d]! += observed[k]!;
      e[d]! += exposure[k]! * world[k % 24]!;
    }
    const kinds = [0, 1].map((kind) => {
      let [ko, ke, hours] = [0, 0, 0];
      for (let d = 0; d < 7; d++)
        if (isWeekend(d) === kind) [ko, ke, hours] = [ko + o[d]!, ke + e[d]!, hours + seen[d]!];
      return { ratio: ke > 0 ? ko / ke : 1, known: hours >= KNOWN_HOURS };
    });
    for (let d = 0; d < 7; d++) {
      const kind = kinds[isWeekend(d)]!;
      this.#known[d] = kind.known ? 1 : 0;
      const own = Math.min(1, seen[d]! / 24);
      const ratio = e[d]! > 0 ? o[d]! / e[d]! : kind.ratio;
      day[d] = kind.known ? own * ratio + (1 - own) * kind.ratio : 1;
    }
  }

  #fitCorrections(rate: Float64Array, world: Float64Array, day: Float64Array): void {
    const n = this.#sites.length;
    const countries = this.#sites.countries.length;
    const byCountry = { o: new Float64Array(24 * countries), e: new Float64Array(24 * countries) };
    const bySite = { o: new Float64Array(24 * n), e: new Float64Array(24 * n) };
    const byDay = { o: new Float64Array(7 * this.groupCount), e: new Float64Array(7 * this.groupCount) };
    for (let h = 0; h < HOURS; h++) {
      for (let p = 0; p < n; p++) {
        const at = h * n + p;
        if (this.#hours[at] === 0) continue;
        const kk = this.#localHour(h, p);
        const next = kk + 1 === HOURS ? 0 : kk + 1;
        const f = this.#fraction[p]!;
        const k = f >= 0.5 ? next : kk;
        const unit =
          world[kk % 24]! * day[Math.floor(kk / 24)]! * (1 - f) + world[next % 24]! * day[Math.floor(next / 24)]! * f;
        const e = this.#hours[at]! * rate[p]! * unit;
        const o = this.#observed[at]!;
        const c = 24 * this.#sites.country[p]! + (k % 24);
        const d = 7 * this.groupOf[p]! + Math.floor(k / 24);
        byCountry.o[c]! += o;
        byCountry.e[c]! += e;
        bySite.o[24 * p + (k % 24)]! += o;
        bySite.e[24 * p + (k % 24)]! += e;
        byDay.o[d]! += o;
        byDay.e[d]! += e;
      }
    }
    const country = shrunkRatios(smoothed(byCountry.o), smoothed(byCountry.e), SMOOTHED_NOISE);
    for (let p = 0; p < n; p++)
      for (let h = 0; h < 24; h++) bySite.e[24 * p + h]! *= country[24 * this.#sites.country[p]! + h]!;
    const site = shrunkRatios(smoothed(bySite.o), smoothed(bySite.e), SMOOTHED_NOISE);
    const days = shrunkRatios(byDay.o, byDay.e, 1);
    for (let p = 0; p < n; p++)
      for (let h = 0; h < 24; h++)
        this.#profile[24 * p + h] =
          rate[p]! * world[h]! * country[24 * this.#sites.country[p]! + h]! * site[24 * p + h]!;
    for (let g = 0; g < this.groupCount; g++)
      for (let d = 0; d < 7; d++) this.#dayFactor[7 * g + d] = day[d]! * (this.#known[d] === 1 ? days[7 * g + d]! : 1);
  }
}

function fitHours(observed: Float64Array, exposure: Float64Array, world: Float64Array, day: Float64Array): void {
  const o = new Float64Array(24);
  const e = new Float64Array(24);
  for (let k = 0; k < HOURS; k++) {
    o[k % 24]! += observed[k]!;
    e[k % 24]! += exposure[k]! * day[Math.floor(k / 24)]!;
  }
  let mean = 0;
  for (let h = 0; h < 24; h++) {
    world[h] = e[h]! > 0 ? Math.max(1e-3, o[h]! / e[h]!) : 1;
    mean += world[h]! / 24;
  }
  for (let h = 0; h < 24; h++) world[h]! /= mean;
}

/** Observed over expected, drawn towards 1 by as much as chance alone explains of their spread. */
function shrunkRatios(observed: Float64Array, expected: Float64Array, noise: number): Float64Array {
  let excess = 0;
  let square = 0;
  for (let i = 0; i < observed.length; i++) {
    if (expected[i]! < 1) continue;
    excess += (observed[i]! - expected[i]!) ** 2 - noise * expected[i]!;
    square += expected[i]! ** 2;
  }
  const spread = square > 0 ? Math.max(1e-5, excess / square) : 1e-5;
  const weight = 1 / spread;
  const ratios = new Float64Array(observed.length);
  for (let i = 0; i < ratios.length; i++) ratios[i] = (observed[i]! + weight) / (expected[i]! + weight);
  return ratios;
}

/** Each row of 24 hours smoothed by its neighbours, around the clock. */
function smoothed(values: Float64Array): Float64Array {
  const out = new Float64Array(values.length);
  for (let row = 0; row < values.length; row += 24) {
    for (let h = 0; h < 24; h++) {
      const before = values[row + (h === 0 ? 23 : h - 1)]!;
      const after = values[row + (h === 23 ? 0 : h + 1)]!;
      out[row + h] = 0.5 * values[row + h]! + 0.25 * (before + after);
    }
  }
  return out;
}

const mod = (a: number, n: number): number => ((a % n) + n) % n;
/** What `mod` gives for numbers that are not negative, without its two slow remainders. */
function rest(a: number, n: number): number {
  const left = a - n * Math.floor(a / n);
  return left < 0 ? left + n : left < n ? left : left - n;
}
/** 1970-01-01 was a Thursday: days 2 and 3 are Saturday and Sunday. */
const isWeekend = (day: number): 0 | 1 => (day === 2 || day === 3 ? 1 : 0);
const hourOfWeek = (timeMs: number): number => mod(Math.floor(timeMs / HOUR_MS), HOURS);
