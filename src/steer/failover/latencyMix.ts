import { LATENCY_BINS } from "../../cube/measures/latencyStore.js";
import { POINTS } from "./excessLatency.js";

/** What the latencies of a mix of clients are made of. */
export interface LatencyParts {
  readonly servers: number;
  /** Row-major rows × servers, milliseconds. */
  readonly ms: Float64Array;
  readonly spread: Float64Array;
  /** POINTS a row. */
  readonly excess: Float32Array;
}

/** Latencies of clients of many places at one server or several, as a histogram that adds up. */
export class LatencyMix {
  readonly #bins = new Float64Array(LATENCY_BINS.count);
  #total = 0;

  /**
   * Adds what a row sees of a server.
   *
   * @param errors - how many standard deviations of the model's error the prediction is moved by
   */
  add({ servers, ms, spread, excess }: LatencyParts, row: number, server: number, amount: number, errors = 0): void {
    const at = row * servers + server;
    const usual = errors === 0 ? ms[at]! : ms[at]! * Math.exp(errors * spread[at]!);
    const first = row * POINTS;
    if (Number.isNaN(excess[first]!)) return;
    const each = amount / POINTS;
    for (let point = 0; point < POINTS; point++)
      this.#bins[LATENCY_BINS.binOf(Math.max(0, usual + excess[first + point]!))]! += each;
    this.#total += amount;
  }

  clear(): void {
    this.#bins.fill(0);
    this.#total = 0;
  }

  /** NaN where there are no latencies. */
  quantile(q: number): number {
    return this.#total > 0 ? LATENCY_BINS.quantile(this.#bins, Math.min(1, Math.max(0, q)), this.#total) : Number.NaN;
  }
}
