import type { StateVisitor } from "../live/stateVisitor.js";
import type { ScanKernel } from "./scanKernel.js";

/**
 * Sums over the last buckets, by site, for windows of several lengths: kept up to date by adding the newest bucket and
 * taking away the one that falls out.
 */
export class WindowSums {
  /** In buckets, ascending. */
  readonly lengths: readonly number[];
  readonly observed: readonly Float64Array[];
  readonly expected: readonly Float64Array[];
  readonly #sites: number;
  readonly #kernel: ScanKernel | undefined;
  /** Another number after each change. */
  version = 0;

  /** @param kernel - in whose memory the sums lie; without one, plain loops do the work */
  constructor(lengths: readonly number[], sites: number, kernel?: ScanKernel) {
    this.lengths = lengths;
    this.#sites = sites;
    this.#kernel = kernel;
    this.observed = kernel?.observed ?? lengths.map(() => new Float64Array(sites));
    this.expected = kernel?.expected ?? lengths.map(() => new Float64Array(sites));
  }

  /** Forgets all buckets. */
  clear(): void {
    this.version++;
    for (const sums of [...this.observed, ...this.expected]) sums.fill(0);
    this.#kernel?.clear();
  }

  /**
   * Moves on to bucket `t`, the one after the last.
   *
   * @param masked - by bucket and site: 1 or more for what does not count
   * @param maskedBuckets - 1 for each bucket in which anything is masked
   */
  advance(
    t: number,
    observed: Float32Array,
    expected: Float32Array,
    masked: Uint8Array,
    maskedBuckets: Uint8Array,
  ): void {
    this.version++;
    if (this.#kernel !== undefined) {
      this.#kernel.advance(t, observed, expected, masked, maskedBuckets);
      return;
    }
    const n = this.#sites;
    const newest = t * n;
    for (let w = 0; w < this.lengths.length; w++) {
      const o = this.observed[w]!;
      const e = this.expected[w]!;
      const last = t - this.lengths[w]!;
      const oldest = last * n;
      if (last >= 0 && maskedBuckets[t] === 0 && maskedBuckets[last] === 0) {
        for (let p = 0; p < n; p++) o[p] = o[p]! + observed[newest + p]! - observed[oldest + p]!;
        for (let p = 0; p < n; p++) e[p] = e[p]! + expected[newest + p]! - expected[oldest + p]!;
        continue;
      }
      for (let p = 0; p < n; p++) {
        if (masked[newest + p] === 0) {
          o[p]! += observed[newest + p]!;
          e[p]! += expected[newest + p]!;
        }
        if (last >= 0 && masked[oldest + p] === 0) {
          o[p]! -= observed[oldest + p]!;
          e[p]! -= expected[oldest + p]!;
        }
      }
    }
  }

  /** Takes the sums of others, of the same sites and lengths. */
  take({ observed, expected }: WindowSums): void {
    this.version++;
    observed.forEach((sums, w) => {
      this.observed[w]!.set(sums);
    });
    expected.forEach((sums, w) => {
      this.expected[w]!.set(sums);
    });
  }

  visit(v: StateVisitor): void {
    this.version++;
    this.observed.forEach((sums, w) => {
      v.sites(`sums${w}.observed`, sums);
    });
    this.expected.forEach((sums, w) => {
      v.sites(`sums${w}.expected`, sums);
    });
  }

  /** Computes one site's sums anew, after its past was masked. */
  refresh(site: number, t: number, observed: Float32Array, expected: Float32Array, masked: Uint8Array): void {
    this.version++;
    if (this.#kernel !== undefined)
      for (let at = Math.max(0, t - this.lengths[this.lengths.length - 1]! + 1); at <= t; at++) {
        const i = at * this.#sites + site;
        if (masked[i] === 0) this.#kernel.correct(at, site, observed[i]!, expected[i]!);
        else this.#kernel.correct(at, site, 0, 0);
      }
    for (let w = 0; w < this.lengths.length; w++) {
      let o = 0;
      let e = 0;
      for (let at = Math.max(0, t - this.lengths[w]! + 1); at <= t; at++) {
        const i = at * this.#sites + site;
        if (masked[i] !== 0) continue;
        o += observed[i]!;
        e += expected[i]!;
      }
      this.observed[w]![site] = o;
      this.expected[w]![site] = e;
    }
  }
}

/** Window lengths in buckets: doubling from one bucket to three hours. */
export function windowLengths(bucketMs: number): number[] {
  const longest = Math.max(1, Math.floor((3 * 3_600_000) / bucketMs));
  const lengths: number[] = [];
  for (let length = 1; length <= longest && lengths.length < 8; length *= 2) lengths.push(length);
  return lengths;
}

/** Index of the longest window that is no longer than a number of buckets. */
export function windowFor(lengths: readonly number[], length: number): number {
  let w = 0;
  while (w + 1 < lengths.length && lengths[w + 1]! <= length) w++;
  return w;
}
