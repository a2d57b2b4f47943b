import { weightedMedian } from "../../stats/medianLine.js";
import { EndTable } from "./endTable.js";
import type { MeasuredPairs } from "./pairData.js";

/** One or more measurements of a pair, between rows of the table of ends. */
export interface Measurement {
  readonly client: number;
  readonly server: number;
  readonly ms: number;
  readonly count: number;
  /** Variance of the logarithm of `ms` by chance, where the one who measured knows it. */
  readonly chance?: number;
}

/** The variance of a median is π/2 times that of a mean. */
const MEDIAN_VARIANCE = Math.PI / 2;

/** Measurements put together by pair. A round trip is the same from both ends, so the direction does not count. */
export class PairTable {
  readonly ends = new EndTable();
  readonly #pairs = new Map<number, Measurement[]>();
  readonly #rows = new Map<number, number>();

  add(measurement: Measurement): void {
    const key = keyOf(measurement.client, measurement.server);
    const known = this.#pairs.get(key);
    if (known === undefined) this.#pairs.set(key, [measurement]);
    else known.push(measurement);
  }

  /** The pairs so far; each the weighted median of its measurements. */
  pairs(): MeasuredPairs {
    const all = [...this.#pairs].sort(([a], [b]) => a - b);
    this.#rows.clear();
    all.forEach(([key], row) => {
      this.#rows.set(key, row);
    });
    const told = all.map(([, measurements]) => summed(measurements));
    return {
      ends: this.ends,
      client: Uint32Array.from(all, ([, [first]]) => first!.client),
      server: Uint32Array.from(all, ([, [first]]) => first!.server),
      ms: Float64Array.from(told, ({ ms }) => ms),
      chance: Float64Array.from(told, ({ chance }) => chance),
    };
  }

  /** The row among {@link pairs} of a pair, or -1. */
  find(client: number, server: number): number {
    return client < 0 || server < 0 ? -1 : (this.#rows.get(keyOf(client, server)) ?? -1);
  }
}

function keyOf(a: number, b: number): number {
  return Math.max(a, b) * 2 ** 26 + Math.min(a, b);
}

function summed(measurements: readonly Measurement[]): { ms: number; chance: number } {
  const [first] = measurements;
  if (measurements.length === 1) return { ms: first!.ms, chance: first!.chance ?? 0 };
  const weights = measurements.map(({ count }) => count);
  const ms = weightedMedian(
    measurements.map((m) => m.ms),
    weights,
  );
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const spread = measurements.reduce((sum, m) => sum + (m.count / total) * Math.log(m.ms / ms) ** 2, 0);
  const effective = (total * total) / weights.reduce((sum, weight) => sum + weight * weight, 0);
  return { ms, chance: (MEDIAN_VARIANCE * spread) / effective };
}
