/** Hours of a week, from Thursday 00:00 on, as 1970 began. */
export const HOURS = 168;
/** Poisson variance that is left after smoothing by ¼, ½, ¼: the sum of the squared weights. */
const SMOOTHED_NOISE = 0.375;

/** 1970-01-01 was a Thursday: days 2 and 3 are Saturday and Sunday. */
export const isWeekend = (day: number): 0 | 1 => (day === 2 || day === 3 ? 1 : 0);

/** The past by local hour of the week and site: what came, and for how many hours that was watched. */
export interface SeasonalPast {
  readonly sites: number;
  readonly countries: number;
  readonly groups: number;
  /** Country and level group by site. */
  readonly country: ArrayLike<number>;
  readonly groupOf: ArrayLike<number>;
  readonly observed: Float64Array;
  readonly hours: Float64Array;
}

/** What is expected: see `SeasonalBaseline`. */
export interface SeasonalFit {
  /** Visits an hour by kind of day and hour, and site: 48 rows of sites. */
  readonly profile: Float64Array;
  /** Factor of each day of the week by group, 7 a group. */
  readonly dayFactor: Float64Array;
  /** What each site's rate rests on. */
  readonly support: Float64Array;
}

/**
 * Fits rate × profile × corrections, each correction drawn towards 1 by as much as chance alone explains of its spread, so
 * that sparse logs are smoothed hard and rich ones are followed.
 */
export function fitSeason(past: SeasonalPast): SeasonalFit {
  const { sites: n, country } = past;
  const kinds = byKindOfDay(past);
  const world = new Float64Array(48).fill(1);
  const rate = new Float64Array(n);
  const support = new Float64Array(n);
  for (let round = 0; round < 4; round++) {
    fitRates(kinds, world, rate, support);
    fitWorld(kinds, rate, world);
  }
  fitRates(kinds, world, rate, support);
  const profile = new Float64Array(48 * n);
  for (let i = 0, at = 0; i < 48; i++) for (let p = 0; p < n; p++, at++) profile[at] = rate[p]! * world[i]!;
  // From the coarse to the fine: what a country does at an hour, what it does on such days, what a site does.
  correct(kinds, profile, { rows: past.countries, rowOf: country, hours: 24 });
  correct(kinds, profile, { rows: past.countries, rowOf: country, hours: 48 });
  correct(kinds, profile, { rows: n, rowOf: Uint32Array.from({ length: n }, (_, p) => p), hours: 24 });
  return { profile, dayFactor: fitDays(past, profile), support };
}

/** The past by hour of the two kinds of day: 48 rows of sites. */
type PastByKind = Pick<SeasonalPast, "sites" | "observed" | "hours">;

function byKindOfDay({ sites: n, observed, hours }: SeasonalPast): PastByKind {
  const kinds = { sites: n, observed: new Float64Array(48 * n), hours: new Float64Array(48 * n) };
  for (let k = 0, at = 0; k < HOURS; k++) {
    const row = n * (24 * isWeekend(Math.floor(k / 24)) + (k % 24));
    for (let p = 0; p < n; p++, at++) {
      kinds.observed[row + p]! += observed[at]!;
      kinds.hours[row + p]! += hours[at]!;
    }
  }
  return kinds;
}

function fitRates(
  { sites: n, observed, hours }: PastByKind,
  world: Float64Array,
  rate: Float64Array,
  support: Float64Array,
): void {
  const exposure = new Float64Array(n);
  support.fill(0);
  for (let i = 0, at = 0; i < 48; i++) {
    const unit = world[i]!;
    for (let p = 0; p < n; p++, at++) {
      support[p]! += observed[at]!;
      exposure[p]! += hours[at]! * unit;
    }
  }
  for (let p = 0; p < n; p++) rate[p] = exposure[p]! > 0 ? support[p]! / exposure[p]! : 0;
}

/** The profile of the whole world: by hour, and by hour of days off as far as that is known to be another. */
function fitWorld({ sites: n, observed, hours }: PastByKind, rate: Float64Array, world: Float64Array): void {
  const o = new Float64Array(48);
  const e = new Float64Array(48);
  for (let i = 0, at = 0; i < 48; i++) {
    for (let p = 0; p < n; p++, at++) {
      o[i]! += observed[at]!;
      e[i]! += hours[at]! * rate[p]!;
    }
  }
  const hour = new Float64Array(24);
  for (let h = 0; h < 24; h++) hour[h] = ratioOf(o[h]! + o[24 + h]!, e[h]! + e[24 + h]!);
  for (const kind of [0, 24]) {
    const expected = new Float64Array(24).map((_, h) => e[kind + h]! * hour[h]!);
    const level = ratioOf(sum(o.subarray(kind, kind + 24)), sum(expected));
    const own = smoothed(o.slice(kind, kind + 24));
    const usual = smoothed(expected.map((v) => v * level));
    const shape = shrunkRatios(own, usual, SMOOTHED_NOISE);
    for (let h = 0; h < 24; h++) world[kind + h] = Math.max(1e-3, hour[h]! * level * shape[h]!);
  }
  let mean = 0;
  for (let h = 0; h < 24; h++) mean += world[h]! / 24;
  for (let i = 0; i < 48; i++) world[i]! /= mean;
}

/** Multiplies the profile by the ratio of what came to what it says, cell by cell of some grouping, smoothed along the day. */
function correct(
  { sites: n, observed, hours }: PastByKind,
  profile: Float64Array,
  { rows, rowOf, hours: width }: Cells,
): void {
  const o = new Float64Array(rows * width);
  const e = new Float64Array(rows * width);
  for (let i = 0, at = 0; i < 48; i++) {
    const hour = i % width;
    for (let p = 0; p < n; p++, at++) {
      if (hours[at] === 0) continue;
      const cell = width * rowOf[p]! + hour;
      o[cell]! += observed[at]!;
      e[cell]! += hours[at]! * profile[at]!;
    }
  }
  const ratios = shrunkRatios(smoothed(o), smoothed(e), SMOOTHED_NOISE);
  for (let i = 0, at = 0; i < 48; i++)
    for (let p = 0; p < n; p++, at++) profile[at]! *= ratios[width * rowOf[p]! + (i % width)]!;
}

/** A grouping of sites and hours: a cell for each row of sites and each hour, 24 of them or 48 where kinds of days are apart. */
interface Cells {
  readonly rows: number;
  readonly rowOf: ArrayLike<number>;
  readonly hours: 24 | 48;
}

/**
 * A day of the week may lie below its kind, as Fridays do; that it lay above tells of what was going on that week, and must
 * not be expected of the next.
 */
function fitDays({ sites: n, groups, groupOf, observed, hours }: SeasonalPast, profile: Float64Array): Float64Array {
  const o = new Float64Array(7 * groups);
  const e = new Float64Array(7 * groups);
  for (let k = 0, at = 0; k < HOURS; k++) {
    const day = Math.floor(k / 24);
    const row = n * (24 * isWeekend(day) + (k % 24));
    for (let p = 0; p < n; p++, at++) {
      if (hours[at] === 0) continue;
      o[7 * groupOf[p]! + day]! += observed[at]!;
      e[7 * groupOf[p]! + day]! += hours[at]! * profile[row + p]!;
    }
  }
  return shrunkRatios(o, e, 1).map((ratio) => Math.min(1, ratio));
}

/** Observed over expected, drawn towards 1 by as much as chance alone explains of their spread. */
export function shrunkRatios(observed: Float64Array, expected: Float64Array, noise: number): Float64Array {
  let excess = 0;
  let square = 0;
  for (let i = 0; i < observed.length; i++) {
    if (expected[i]! < 1) continue;
    excess += (observed[i]! - expected[i]!) ** 2 - noise * expected[i]!;
    square += expected[i]! ** 2;
  }
  const spread = square > 0 ? Math.max(1e-5, excess / square) : 1e-5;
  const weight = 1 / spread;
  return observed.map((o, i) => (o + weight) / (expected[i]! + weight));
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

const ratioOf = (o: number, e: number): number => (e > 0 ? o / e : 1);
const sum = (values: Float64Array): number => values.reduce((a, b) => a + b, 0);
