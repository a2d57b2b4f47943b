import { greatCircleKm } from "../../core/sphere.js";
import { lightMs } from "./distanceLine.js";
import type { End } from "./endTable.js";
import { Neighbourhoods } from "./neighbourhoods.js";
import { fitNoise, type NoiseFit } from "./noiseFit.js";
import { likelyKm, type MeasuredPairs, type PairData, type PairGeometry, pairData, pairGeometry } from "./pairData.js";
import { PairProcess, type QueryEnd } from "./pairProcess.js";

/** Milliseconds with a 90% interval. */
export interface PredictedMs {
  readonly ms: number;
  readonly low: number;
  readonly high: number;
}

/** Up to this many pairs, every prediction learns from all of them; beyond, from those around it. */
const MOST_TOGETHER = 1500;
/** Standard deviations to each side that hold 90% of a normal distribution. */
const NORMAL_WIDTH = 1.6449;
/** Variance of the logarithm of a measurement that nobody repeated, beside what milliseconds make. */
const LONE_VARIANCE = 0.0004;

/** What measured pairs tell of any other. */
export class PairPredictor {
  readonly data: PairData;
  readonly fit: NoiseFit;
  readonly #near: Neighbourhoods | null;
  readonly #together: PairProcess | null;
  /** The last client asked about and what was made for it: callers ask about one server after another. */
  #last: { readonly end: End; readonly row: number; readonly process: PairProcess; readonly query: QueryEnd } | null =
    null;
  readonly #servers = new WeakMap<PairProcess, Map<End, QueryEnd>>();

  constructor(pairs: MeasuredPairs) {
    const data = pairData(pairs);
    const rows = Uint32Array.from(pairs.ms, (_, row) => row);
    this.#near = rows.length > MOST_TOGETHER ? new Neighbourhoods(pairs) : null;
    this.fit = fitNoise(data, this.#near);
    this.data = { ...data, lengths: this.fit.lengths };
    this.#together = this.#near === null ? new PairProcess(this.data, rows, this.fit.noise) : null;
  }

  /**
   * What a client sees of a server.
   *
   * @param row - the pair among those measured, or -1
   */
  predict(client: End, server: End, row: number): PredictedMs {
    const [accuracyA, accuracyB] = [client.accuracyKm ?? 0, server.accuracyKm ?? 0];
    const apart = greatCircleKm(client.lat, client.lon, server.lat, server.lon);
    const geometry = pairGeometry(this.data.line, likelyKm(apart, accuracyA, accuracyB), accuracyA, accuracyB);
    const { mean, deviation } = row < 0 ? this.#unseen(client, server, geometry) : this.#seen(client, row, geometry);
    const least = lightMs(apart, accuracyA + accuracyB);
    const at = (deviations: number): number =>
      Math.max(least, geometry.lineMs * Math.exp(mean + deviations * deviation));
    return { ms: at(0), low: at(-1), high: at(1) };
  }

  /** Mean, and half the width of the interval, of the logarithm. */
  #unseen(client: End, server: End, { bend, own }: PairGeometry): { mean: number; deviation: number } {
    const { process, query } = this.#processFor(client);
    const { mean, variance } = process.predict(query, this.#serverEnd(process, server), bend);
    return { mean, deviation: this.fit.width * Math.sqrt(variance + own + this.fit.nugget) };
  }

  /** The measurement and what all others tell of the pair, each for as much as it knows (inverse variances). */
  #seen(client: End, row: number, { own }: PairGeometry): { mean: number; deviation: number } {
    const measured = this.data.residual[row]!;
    const told = this.data.chance[row]!;
    if (told === 0) return { mean: measured, deviation: NORMAL_WIDTH * Math.sqrt(own + LONE_VARIANCE) };
    const chance = told * (NORMAL_WIDTH / this.fit.width) ** 2;
    const { process } = this.#processFor(client);
    const others = process.without(process.rows.indexOf(row));
    const variance = others.variance - this.fit.noise[row]! + own + this.fit.nugget;
    const share = variance / (variance + chance);
    const deviation = this.fit.width * Math.sqrt(share * chance);
    return { mean: others.mean + share * (measured - others.mean), deviation };
  }

  #processFor(client: End): { process: PairProcess; query: QueryEnd } {
    const { lat, lon, accuracyKm = 0, network = "" } = client;
    const last = this.#last?.end;
    const isLast =
      last?.lat === lat &&
      last.lon === lon &&
      (last.accuracyKm ?? 0) === accuracyKm &&
      (last.network ?? "") === network;
    if (this.#last === null || !isLast) {
      const row = this.data.ends.find(client);
      const process =
        this.#together ?? new PairProcess(this.data, this.#near!.around(row < 0 ? client : row), this.fit.noise);
      this.#last = { end: client, row, process, query: process.queryEnd(client) };
    }
    return this.#last;
  }

  #serverEnd(process: PairProcess, server: End): QueryEnd {
    let known = this.#servers.get(process);
    if (known === undefined) this.#servers.set(process, (known = new Map()));
    let query = known.get(server);
    if (query === undefined) known.set(server, (query = process.queryEnd(server)));
    return query;
  }
}
