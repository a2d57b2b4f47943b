import { grown } from "../../core/grown.js";
import { HOUR_MS } from "../../core/time.js";

const HOURS = 24;
/** What a day counts for after another day. */
const DAILY_DECAY = 0.8;

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

  /** Begins a window; decays the hour of the day when it comes round again. */
  begin(startMs: number): void {
    const hour = Math.floor(startMs / HOUR_MS);
    if (hour !== this.#hour && this.#hour >= 0) this.#decay(((hour % HOURS) + HOURS) % HOURS);
    this.#hour = hour;
    this.#windows[this.#slot(0)]! += 1;
  }

  /** Adds what a unit did in the window that was begun. */
  add(unit: number, count: number, named: number): void {
    if (unit >= this.#total.length) this.#grow(2 * unit);
    this.#sums[unit * HOURS + this.#slot(0)]! += count;
    this.#named[unit]! += named;
    this.#total[unit]! += count;
  }

  /** Requests expected in a window of this hour: the largest mean of this hour and its neighbours; NaN without a past. */
  expected(unit: number): number {
    if (unit >= this.#total.length) return this.#past() > 0 ? 0 : Number.NaN;
    let best = Number.NaN;
    for (const shift of [-1, 0, 1]) {
      const hour = this.#slot(shift);
      const windows = this.#windows[hour]!;
      if (windows < 3) continue;
      const mean = this.#sums[unit * HOURS + hour]! / windows;
      if (!(best >= mean)) best = mean;
    }
    return this.#wholeDay() ? best : Math.max(Number.isNaN(best) ? 0 : best, this.#overall(unit));
  }

  /** Share of the unit's requests that name a user, in the past; NaN if there were too few. */
  namedShare(unit: number): number {
    const total = unit < this.#total.length ? this.#total[unit]! : 0;
    return total < 20 ? Number.NaN : this.#named[unit]! / total;
  }

  /** Twice the mean of all hours seen: what the first day is held against. NaN in the first hour. */
  #overall(unit: number): number {
    const past = this.#past();
    if (past < 12) return Number.NaN;
    let sum = 0;
    for (let hour = 0; hour < HOURS; hour++) sum += this.#sums[unit * HOURS + hour]!;
    return (2 * sum) / past;
  }

  #past(): number {
    return this.#windows.reduce((a, b) => a + b, 0);
  }
  #wholeDay(): boolean {
    return [-1, 0, 1].every((shift) => this.#windows[this.#slot(shift)]! >= 3);
  }
  #slot(shift: number): number {
    return (((this.#hour + shift) % HOURS) + HOURS) % HOURS;
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
