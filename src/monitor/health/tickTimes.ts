/** So many times are remembered. */
const KEPT = 1_000;

/** How long closing and judging buckets takes: the work of these steps, without what other work had in between. */
export class TickTimes {
  readonly #clock: (() => number) | undefined;
  readonly #times: number[] = [];
  #spentMs = 0;
  /** When the step that is being done began. */
  #since = 0;

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
    this.#since = clock();
    for (const step of steps) {
      this.#spentMs += clock() - this.#since;
      yield step;
      this.#since = clock();
    }
  }

  /** A bucket begins to be closed. */
  begin(): void {
    if (this.#clock === undefined) return;
    [this.#spentMs, this.#since] = [0, this.#clock()];
  }

  /** It is judged, and all is settled for the next. */
  end(): void {
    if (this.#clock === undefined) return;
    this.#times.push(this.#spentMs + this.#clock() - this.#since);
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
