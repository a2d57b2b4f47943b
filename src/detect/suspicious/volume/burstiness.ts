import { type AddressWindow, W_COUNT, WINDOW_WORDS } from "./addressWindow.js";

/** The largest burst of a window is usual up to this quantile of them. */
const USUAL = 0.9;
/** Windows remembered: a day of five minutes. */
const MEMORY = 288;
/** The median is taken anew after so many windows. */
const RENEW = 12;

/**
 * How clustered a log's requests are: the size of the burst that a request belongs to, on average over requests.
 *
 * One client's requests of one window are a burst. If bursts arrive at random, the variance of a count is its mean times
 * Σ size² / Σ size (compound Poisson). The median over the windows of a day keeps one busy client out of it.
 */
export class Burstiness {
  readonly #past = new Float64Array(MEMORY);
  readonly #largest = new Float64Array(MEMORY);
  #length = 0;
  #seen = 0;
  #median = 1;
  #usualLargest = 0;

  /** Variance of a count over its mean; 1 where requests are independent. */
  get dispersion(): number {
    return this.#median;
  }

  /** The size that the largest burst of a window seldom exceeds; 0 before there was a window. */
  get usualLargest(): number {
    return this.#usualLargest;
  }

  /** Takes a window that is over. */
  add(window: AddressWindow): void {
    let [sum, squares, largest] = [0, 0, 0];
    const end = window.length * WINDOW_WORDS;
    for (let at = W_COUNT; at < end; at += WINDOW_WORDS) {
      const size = window.rows[at]!;
      sum += size;
      squares += size * size;
      largest = Math.max(largest, size);
    }
    if (sum === 0) return;
    this.#past[this.#seen % MEMORY] = squares / sum;
    this.#largest[this.#seen % MEMORY] = largest;
    this.#length = Math.min(MEMORY, this.#length + 1);
    if (this.#seen++ % RENEW === 0 || this.#length < RENEW) this.#renew();
  }

  #renew(): void {
    const at = (past: Float64Array, quantile: number): number =>
      past.slice(0, this.#length).sort()[Math.floor(this.#length * quantile)]!;
    this.#median = Math.max(1, at(this.#past, 0.5));
    this.#usualLargest = at(this.#largest, USUAL);
  }
}
