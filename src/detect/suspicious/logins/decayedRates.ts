import { grown } from "../../../core/grown.js";

/** How many windows it takes until what was counts for a third: three days of five minutes. */
const MEMORY_WINDOWS = 864;

/** Attempts and failures a unit (place, network, the world) sees in a window, on average over the last days. */
export class DecayedRates {
  #attempts = new Float32Array(64);
  #failures = new Float32Array(64);
  #at = new Float64Array(64);
  #first = Number.NaN;

  add(unit: number, window: number, attempts: number, failures: number): void {
    if (Number.isNaN(this.#first)) this.#first = window;
    if (unit >= this.#at.length) this.#grow(2 * unit);
    const keep = this.#keep(unit, window);
    this.#attempts[unit] = this.#attempts[unit]! * keep + attempts;
    this.#failures[unit] = this.#failures[unit]! * keep + failures;
    this.#at[unit] = window;
  }

  /** Decayed attempts of a unit. */
  attempts(unit: number, window: number): number {
    return unit < this.#at.length ? this.#attempts[unit]! * this.#keep(unit, window) : 0;
  }
  failures(unit: number, window: number): number {
    return unit < this.#at.length ? this.#failures[unit]! * this.#keep(unit, window) : 0;
  }
  /** Mean failures a window; what was seen so far counts as at least one window. */
  failuresPerWindow(unit: number, window: number): number {
    return this.failures(unit, window) / this.#span(window);
  }

  /** Decayed number of windows since the first. */
  #span(window: number): number {
    if (Number.isNaN(this.#first)) return 1;
    return Math.max(1, MEMORY_WINDOWS * (1 - Math.exp(-(window - this.#first) / MEMORY_WINDOWS)));
  }
  #keep(unit: number, window: number): number {
    return Math.exp(-Math.max(0, window - this.#at[unit]!) / MEMORY_WINDOWS);
  }
  #grow(units: number): void {
    this.#attempts = grown(this.#attempts, units + 1);
    this.#failures = grown(this.#failures, units + 1);
    this.#at = grown(this.#at, units + 1);
  }
}
