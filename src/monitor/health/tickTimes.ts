/** So many times are remembered. */
const KEPT = 1_000;

/** How long judging buckets takes: the work of their steps from one end to the next, without what other work had in between. */
export class TickTimes {
  readonly #clock: (() => number) | undefined;
  readonly #times: number[] = [];
  #spentMs = 0;

  constructor(clock: (() => number) | undefined) {
    this.#clock = clock;
  }

  /** The same steps, timed. */
  *timed<T>(steps: Iterable<T>): Generator<T, void> {
    const clock = this.#clock;
    if (clock === undefined) {
      yield* steps;
      return;
    }
    let since = clock();
    for (const step of steps) {
      this.#spentMs += clock() - since;
      yield step;
      since = clock();
    }
  }

  /** A bucket is judged. */
  end(): void {
    if (this.#clock === undefined) return;
    this.#times.push(this.#spentMs);
    if (this.#times.length > KEPT) this.#times.shift();
    this.#spentMs = 0;
  }

  /** The last, the 99th percentile and the longest; null where there is no clock, or no bucket yet. */
  get summary(): { readonly last: number; readonly p99: number; readonly max: number } | null {
    const last = this.#times.at(-1);
    if (last === undefined) return null;
    const sorted = [...this.#times].sort((a, b) => a - b);
    return { last, p99: sorted[Math.ceil(0.99 * sorted.length) - 1]!, max: sorted.at(-1)! };
  }
}
