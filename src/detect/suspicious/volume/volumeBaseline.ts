import { grown } from "../../../core/grown.js";
import { DAY_MS, HOUR_MS } from "../../../core/time.js";

const HOURS = 24;
/** What a day counts for after another day. */
const DAILY_DECAY = 0.8;
/** Windows of an hour of the day before its mean is used. */
const MIN_WINDOWS = 3;
/** Nothing is expected before a whole day was seen: the first morning rises out of nothing. */
const MIN_PAST_MS = DAY_MS;

/**
 * What is usual by hour of the day for each of many units (cities, networks, countries): decayed sums over past days.
 *
 * Units that are silent cost nothing: a unit's sum is divided by the windows that passed, whether it was seen or not.
 */
export class VolumeBaseline {
  #sums = new Float32Array(64 * HOURS);
  #named = new Float32Array(64);
  #total = new Float32Array(64);
  readonly #windows = new Float64Array(HOURS);
  #hour = -1;
  #slot = 0;
  /** The hour of the day and its neighbours, as far as they have a past. */
  #near: number[] = [];
  #past = 0;
  #firstMs = Number.NaN;
  #pastMs = 0;

  /** Begins a window; decays the hour of the day when it comes round again. */
  begin(startMs: number): void {
    if (Number.isNaN(this.#firstMs)) this.#firstMs = startMs;
    this.#pastMs = startMs - this.#firstMs;
    const hour = Math.floor(startMs / HOUR_MS);
    this.#slot = hour % HOURS;
    if (hour !== this.#hour && this.#hour >= 0) this.#decay(this.#slot);
    this.#hour = hour;
    this.#near = [this.#slot + HOURS - 1, this.#slot, this.#slot + 1]
      .map((slot) => slot % HOURS)
      .filter((slot) => this.#windows[slot]! >= MIN_WINDOWS);
    this.#past = this.#windows.reduce((a, b) => a + b, 0);
    this.#windows[this.#slot]! += 1;
  }

  /** Adds what a unit did in the window that was begun. */
  add(unit: number, count: number, named: number): void {
    if (unit >= this.#total.length) this.#grow(2 * unit);
    this.#sums[unit * HOURS + this.#slot]! += count;
    this.#named[unit]! += named;
    this.#total[unit]! += count;
  }

  /** Requests expected in the window that was begun: the largest mean of its hour and the neighbours; NaN without a past. */
  expected(unit: number): number {
    if (this.#pastMs < MIN_PAST_MS) return Number.NaN;
    if (unit >= this.#total.length) return 0;
    let best = 0;
    for (const slot of this.#near) best = Math.max(best, this.#sums[unit * HOURS + slot]! / this.#windows[slot]!);
    return this.#near.length === 3 ? best : Math.max(best, this.#overall(unit));
  }

  /** Share of the unit's requests that name a user, in the past; NaN if there were too few. */
  namedShare(unit: number): number {
    const total = unit < this.#total.length ? this.#total[unit]! : 0;
    return total < 20 ? Number.NaN : this.#named[unit]! / total;
  }

  /** Twice the mean of all hours seen: what the first day is held against. */
  #overall(unit: number): number {
    let sum = 0;
    for (let at = unit * HOURS; at < (unit + 1) * HOURS; at++) sum += this.#sums[at]!;
    return (2 * sum) / this.#past;
  }

  #decay(hour: number): void {
    this.#windows[hour]! *= DAILY_DECAY;
    for (let at = hour; at < this.#sums.length; at += HOURS) this.#sums[at]! *= DAILY_DECAY;
  }

  #grow(units: number): void {
    this.#sums = grown(this.#sums, (units + 1) * HOURS);
    this.#named = grown(this.#named, units + 1);
    this.#total = grown(this.#total, units + 1);
  }
}
