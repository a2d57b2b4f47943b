import { DAY_MS } from "../../core/time.js";

/** Days whose same time of day tells what is usual. */
const DAYS = 14;
/** With fewer days, what came within so large a share of a day of the same time counts, too. */
const FEW_DAYS = 4;
const NEAR = 1 / 12;

/**
 * What places usually count at a time of the day: the median over the same bucket of up to 14 days before. A few days of
 * outage, a rush or a first weekend move it little; what all places have in common at a moment is for the caller to add.
 */
export class UsualCounts {
  readonly #counts: ArrayLike<number>;
  readonly #sites: number;
  readonly #perDay: number;
  readonly #known = new Map<number, Float64Array>();

  /** @param counts - by bucket and site, sites side by side */
  constructor(counts: ArrayLike<number>, sites: number, bucketMs: number) {
    this.#counts = counts;
    this.#sites = sites;
    this.#perDay = Math.max(1, Math.round(DAY_MS / bucketMs));
  }

  /** The usual counts of a bucket, by site; 0 on the first day. */
  at(bucket: number): Float64Array {
    const known = this.#known.get(bucket);
    if (known !== undefined) return known;
    const usual = new Float64Array(this.#sites);
    const past: number[] = [];
    const days = Math.min(DAYS, Math.floor(bucket / this.#perDay));
    const around = days < FEW_DAYS ? Math.ceil(this.#perDay * NEAR) : 0;
    for (let day = 1; day <= days; day++)
      for (let near = -around; near <= around; near++) {
        const at = bucket - day * this.#perDay + near;
        if (at >= 0) past.push(at);
      }
    const values = new Float64Array(past.length);
    for (let p = 0; p < this.#sites && past.length > 0; p++) {
      for (let d = 0; d < past.length; d++) values[d] = this.#counts[past[d]! * this.#sites + p]!;
      values.sort();
      const middle = past.length >> 1;
      usual[p] = past.length % 2 === 1 ? values[middle]! : (values[middle - 1]! + values[middle]!) / 2;
    }
    this.#known.set(bucket, usual);
    return usual;
  }
}
