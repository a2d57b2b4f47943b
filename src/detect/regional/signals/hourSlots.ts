import { grown } from "../../../core/grown.js";
import { HOUR_MS } from "../../../core/time.js";
import type { StateVisitor } from "../live/stateVisitor.js";
import { shrunkRatios } from "./seasonalFit.js";

/** Visits of a slot vary this much more than independent ones: what is no more than that is no habit. */
const NOISE = 4;
/** More slots than this an hour has in no log of note. */
const MOST_SLOTS = 60;

/**
 * What the buckets of an hour have of it, by level group: devices that report on the hour, jobs at each quarter.
 *
 * Observed over expected by slot, drawn towards 1 by as much as clustered visits explain of the spread; people do not mind
 * the minute, and leave it at 1.
 */
export class HourSlots {
  readonly #bucketMs: number;
  readonly #slots: number;
  #visits: Float64Array;
  /** Sites × buckets that were counted. */
  #counted: Float64Array;
  /** By group within slot. */
  #factors: Float64Array;
  #groups: number;

  constructor(groups: number, bucketMs: number) {
    const slots = HOUR_MS / bucketMs;
    this.#slots = Number.isInteger(slots) && slots <= MOST_SLOTS ? slots : 1;
    this.#bucketMs = bucketMs;
    this.#groups = groups;
    this.#visits = new Float64Array(groups * this.#slots);
    this.#counted = new Float64Array(groups * this.#slots);
    this.#factors = new Float64Array(groups * this.#slots).fill(1);
  }

  /** Makes room for more groups, behind those that are there. */
  grow(groups: number): void {
    const factors = new Float64Array(groups * this.#slots).fill(1);
    for (let k = 0; k < this.#slots; k++)
      factors.set(this.#factors.subarray(k * this.#groups, (k + 1) * this.#groups), k * groups);
    this.#factors = factors;
    this.#visits = grown(this.#visits, groups * this.#slots);
    this.#counted = grown(this.#counted, groups * this.#slots);
    this.#groups = groups;
  }

  /** Factors by group at a time. */
  factorsAt(timeMs: number): Float64Array {
    const at = this.#slotAt(timeMs) * this.#groups;
    return this.#factors.subarray(at, at + this.#groups);
  }

  /** Takes in a bucket's visits by site, of those sites that `counted` has 1 for. */
  add(timeMs: number, visits: Float64Array, counted: Uint8Array, groupOf: Uint32Array): void {
    const slot = this.#slotAt(timeMs);
    for (let p = 0; p < counted.length; p++) {
      if (counted[p] === 0) continue;
      const at = groupOf[p]! * this.#slots + slot;
      this.#visits[at]! += visits[p]!;
      this.#counted[at]!++;
    }
  }

  fade(factor: number): void {
    for (let i = 0; i < this.#visits.length; i++) {
      this.#visits[i]! *= factor;
      this.#counted[i]! *= factor;
    }
  }

  fit(): void {
    const slots = this.#slots;
    const expected = new Float64Array(this.#visits.length);
    for (let g = 0; g < this.#groups; g++) {
      let [visits, counted] = [0, 0];
      for (let at = g * slots; at < (g + 1) * slots; at++) {
        visits += this.#visits[at]!;
        counted += this.#counted[at]!;
      }
      const mean = counted > 0 ? visits / counted : 0;
      for (let at = g * slots; at < (g + 1) * slots; at++) expected[at] = mean * this.#counted[at]!;
    }
    const ratios = shrunkRatios(this.#visits, expected, NOISE);
    for (let g = 0; g < this.#groups; g++)
      for (let k = 0; k < slots; k++) this.#factors[k * this.#groups + g] = ratios[g * slots + k]!;
  }

  visit(v: StateVisitor): void {
    v.values("slots.visits", this.#visits);
    v.values("slots.counted", this.#counted);
    // Groups are added behind those that are there: a row of slots each.
    const factors = Float64Array.from(this.#visits, (_, at) => this.#factor(at));
    v.values("slots.factors", factors);
    factors.forEach((factor, at) => {
      this.#factors[this.#indexOf(at)] = factor;
    });
  }

  #factor(at: number): number {
    return this.#factors[this.#indexOf(at)]!;
  }

  #indexOf(at: number): number {
    return (at % this.#slots) * this.#groups + Math.floor(at / this.#slots);
  }

  #slotAt(timeMs: number): number {
    return Math.floor((timeMs % HOUR_MS) / this.#bucketMs) % this.#slots;
  }
}
