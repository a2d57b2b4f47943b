/** Windows remembered: a week of five minutes. */
const MEMORY = 2016;
/** The tail is fitted anew after so many windows, and not before there are so many. */
const RENEW = 36;
const MIN_WINDOWS = 36;
/** Before anything is known, and at the least, the busiest client of a window varies by this much: a third of a nat. */
const LEAST_SCALE = 0.35;
/** One outlier is worth no more than so many nats. */
const CAP = 3;

/**
 * How busy the busiest client of a window is anyway, and how far beyond that a client has to be.
 *
 * Sizes of bursts have heavy tails: the logarithm of a window's largest, beyond its median, is exponential (Hill), so that
 * the chance of one many times as large follows. Chances of windows one after another multiply, as a burst is over in one
 * or two and a machine goes on.
 */
export class BusiestClients {
  readonly #past = new Float64Array(MEMORY);
  #length = 0;
  #seen = 0;
  #median = 0;
  #scale = LEAST_SCALE;

  /** Takes the largest number of requests of one client in a window that is over. */
  add(most: number): void {
    this.#past[this.#seen % MEMORY] = Math.log(Math.max(1, most));
    this.#length = Math.min(MEMORY, this.#length + 1);
    if (this.#seen++ % RENEW === 0 || this.#length < MIN_WINDOWS) this.#fit();
  }

  /** -ln of the chance that the busiest client of a window has so many requests. */
  surprise(requests: number): number {
    if (this.#length < MIN_WINDOWS) return Number.POSITIVE_INFINITY;
    const beyond = Math.log(Math.max(1, requests)) - this.#median;
    return beyond <= 0 ? 0 : Math.LN2 + beyond / this.#scale;
  }

  #fit(): void {
    const sorted = this.#past.slice(0, this.#length).sort();
    this.#median = sorted[sorted.length >> 1]!;
    const beyond = sorted.filter((v) => v > this.#median);
    const sum = beyond.reduce((all, v) => all + Math.min(CAP, v - this.#median), 0);
    this.#scale = Math.max(LEAST_SCALE, beyond.length > 0 ? sum / beyond.length : 0);
  }
}
