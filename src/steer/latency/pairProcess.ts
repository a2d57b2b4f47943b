import { greatCircleKm } from "../../core/sphere.js";
import { cholesky, inverseDiagonal, solveLower, solveUpper } from "./cholesky.js";
import { type EndSimilarity, endSimilarity, similaritiesAmong, writeSimilarity } from "./endKernel.js";
import type { End } from "./endTable.js";
import type { PairData } from "./pairData.js";
import { BASE_VARIANCE, bendCovariance, endCovariance } from "./pairKernel.js";

/** The logarithm of latency over the line: its mean and variance. */
export interface Posterior {
  readonly mean: number;
  readonly variance: number;
}

/** An end and its similarity to those that a process knows, and to itself. */
export interface QueryEnd {
  readonly end: End;
  readonly toKnown: EndSimilarity;
}

/**
 * Gaussian process regression (kriging) over pairs of ends: what measured pairs tell of pairs that nobody measured
 * (Rasmussen and Williams 2006, algorithm 2.1), with products of the similarities of both ends.
 */
export class PairProcess {
  readonly rows: Uint32Array;
  readonly #data: PairData;
  readonly #lower: Float64Array;
  readonly #alpha: Float64Array;
  /** Distinct ends of the pairs, and where the ends of each pair stand among them. */
  readonly #ends: number[] = [];
  readonly #client: Uint32Array;
  readonly #server: Uint32Array;

  /**
   * @param rows - the pairs of `data` to learn from
   * @param noise - variance, by the pairs of `data`, of what no other pair tells of
   */
  constructor(data: PairData, rows: Uint32Array, noise: Float64Array) {
    this.#data = data;
    this.rows = rows;
    const at = new Map<number, number>();
    const position = (end: number): number => {
      if (!at.has(end)) at.set(end, this.#ends.push(end) - 1);
      return at.get(end)!;
    };
    this.#client = rows.map((row) => position(data.client[row]!));
    this.#server = rows.map((row) => position(data.server[row]!));
    this.#lower = this.#covariance(noise);
    cholesky(this.#lower, rows.length);
    this.#alpha = Float64Array.from(rows, (row) => data.residual[row]!);
    solveLower(this.#lower, rows.length, this.#alpha);
    solveUpper(this.#lower, rows.length, this.#alpha);
  }

  /** Prepares an end for {@link predict}. */
  queryEnd(end: End): QueryEnd {
    const { ends, lengths } = this.#data;
    const [site, network] = [ends.siteOf(end), ends.networkOf(end)];
    const toKnown = endSimilarity(this.#ends.length);
    this.#ends.forEach((known, i) => {
      const km = greatCircleKm(end.lat, end.lon, ends.lat[known]!, ends.lon[known]!);
      writeSimilarity(
        toKnown,
        i,
        km,
        ends.site[known] === site,
        network > 0 && ends.network[known] === network,
        lengths,
      );
    });
    return { end, toKnown };
  }

  /** What the pairs tell of another one: what it has to itself alone is not in the variance. */
  predict(a: QueryEnd, b: QueryEnd, bend: number): Posterior {
    const n = this.rows.length;
    const covariance = new Float64Array(n);
    let mean = 0;
    for (let i = 0; i < n; i++) {
      const [c, d] = [this.#client[i]!, this.#server[i]!];
      covariance[i] =
        bendCovariance(bend, this.#data.bend[this.rows[i]!]!) + endCovariance(a.toKnown, c, d, b.toKnown, c, d);
      mean += covariance[i]! * this.#alpha[i]!;
    }
    solveLower(this.#lower, n, covariance);
    let known = 0;
    for (let i = 0; i < n; i++) known += covariance[i]! * covariance[i]!;
    return { mean, variance: Math.max(0, priorVariance(this.#data, a.end, b.end) - known) };
  }

  /** What all other pairs tell of each measured one, noise of the pair included: leave-one-out in closed form. */
  leaveOneOut(): Posterior[] {
    const inverse = inverseDiagonal(this.#lower, this.rows.length);
    return Array.from(this.rows, (row, i) => this.#without(row, i, inverse[i]!));
  }

  /** {@link leaveOneOut} of a single pair of `rows`. */
  without(i: number): Posterior {
    const column = new Float64Array(this.rows.length);
    column[i] = 1;
    solveLower(this.#lower, this.rows.length, column, i);
    return this.#without(
      this.rows[i]!,
      i,
      column.reduce((sum, x) => sum + x * x, 0),
    );
  }

  #without(row: number, i: number, inverse: number): Posterior {
    return { mean: this.#data.residual[row]! - this.#alpha[i]! / inverse, variance: 1 / inverse };
  }

  #covariance(noise: Float64Array): Float64Array {
    const { rows } = this;
    const n = rows.length;
    const among = similaritiesAmong(this.#data.ends, this.#ends, this.#data.lengths);
    const width = this.#ends.length;
    const matrix = new Float64Array(n * n);
    for (let i = 0; i < n; i++) {
      const [a, b] = [this.#client[i]! * width, this.#server[i]! * width];
      const bend = this.#data.bend[rows[i]!]!;
      for (let j = 0; j <= i; j++) {
        const [c, d] = [this.#client[j]!, this.#server[j]!];
        matrix[i * n + j] =
          bendCovariance(bend, this.#data.bend[rows[j]!]!) + endCovariance(among, a + c, a + d, among, b + c, b + d);
      }
      matrix[i * n + i]! += noise[rows[i]!]!;
    }
    return matrix;
  }
}

/** The variance of a pair of which nothing is measured. */
function priorVariance({ ends, lengths }: PairData, a: End, b: End): number {
  const both = endSimilarity(3);
  const isSame = a.lat === b.lat && a.lon === b.lon && (a.twin ?? 0) === (b.twin ?? 0);
  const isSameNetwork = ends.networkOf(a) > 0 && ends.networkOf(a) === ends.networkOf(b);
  writeSimilarity(both, 0, 0, true, ends.networkOf(a) > 0, lengths);
  writeSimilarity(both, 1, greatCircleKm(a.lat, a.lon, b.lat, b.lon), isSame, isSameNetwork, lengths);
  writeSimilarity(both, 2, 0, true, ends.networkOf(b) > 0, lengths);
  const { own, wide, near } = both;
  const products = (k: Float64Array): number => k[0]! * k[2]! + k[1]! * k[1]!;
  return BASE_VARIANCE + own[0]! + 2 * own[1]! + own[2]! + products(wide) + products(near);
}
