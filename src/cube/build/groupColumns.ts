import { grown } from "../../core/grown.js";
import { firstRows } from "../measures/lists/columnRows.js";
import type { CubeGroups, GroupKeys } from "../segments/segment.js";
import type { KeyCounters } from "./keyCounters.js";

/** Room is made for somewhat more groups than are expected. */
const ROOM = 1.1;

/** How keys are made: (bucket × places + place) × values + code, and so on for each dimension. */
export interface KeyShape {
  /** The bucket whose keys begin at 0. */
  readonly firstBucket: number;
  readonly places: number;
  /** Values of each dimension. */
  readonly values: readonly number[];
}

/** The columns of groups while they are being found, in memory that is used over and over. */
export class GroupColumns {
  length = 0;
  #bucket = new Uint32Array(0);
  #place = new Uint32Array(0);
  #codes: Uint32Array[];
  #count = new Uint32Array(0);
  #errors = new Uint32Array(0);
  #clientErrors = new Uint32Array(0);
  #denied = new Uint32Array(0);
  #statusless = new Uint32Array(0);
  #bytes = new Float64Array(0);

  constructor(dimensions: number) {
    this.#codes = Array.from({ length: dimensions }, () => new Uint32Array(0));
  }

  /** How many groups there is room for. */
  get capacity(): number {
    return this.#count.length;
  }

  get memoryBytes(): number {
    return (36 + 4 * this.#codes.length) * this.#count.length;
  }

  /** Names a group for each of some keys, ascending; {@link addCounts} then adds them. There must be room. */
  nameByKeys(keys: Int32Array, { firstBucket, places, values }: KeyShape): void {
    const [buckets, rows] = [this.#bucket, this.#place];
    let bucket = firstBucket;
    let first = 0;
    for (let k = 0, g = this.length; k < keys.length; k++, g++) {
      let rest = keys[k]!;
      for (let d = values.length - 1; d >= 0; d--) {
        const size = values[d]!;
        const whole = (rest / size) | 0;
        this.#codes[d]![g] = rest - Math.imul(whole, size);
        rest = whole;
      }
      while (rest - first >= places) {
        first += places;
        bucket++;
      }
      buckets[g] = bucket;
      rows[g] = rest - first;
    }
  }

  /** {@link nameByKeys} for keys that are rows of names. */
  nameByRows(names: GroupKeys): void {
    this.#bucket.set(names.bucket, this.length);
    this.#place.set(names.place, this.length);
    this.#codes.forEach((column, d) => {
      column.set(names.codes[d]!, this.length);
    });
  }

  /** Takes the counts of the groups named last. */
  addCounts(keys: Int32Array, counters: KeyCounters): void {
    const { count, errors, clientErrors, denied, statusless, bytes } = counters;
    const [counts, sums] = [this.#count, this.#bytes];
    const [failed, refused, barred, unknown] = [this.#errors, this.#clientErrors, this.#denied, this.#statusless];
    for (let k = 0, g = this.length; k < keys.length; k++, g++) {
      const key = keys[k]!;
      counts[g] = count[key]!;
      failed[g] = errors[key]!;
      refused[g] = clientErrors[key]!;
      barred[g] = denied[key]!;
      unknown[g] = statusless[key]!;
      sums[g] = bytes[key]!;
    }
    this.length += keys.length;
  }

  /** The groups so far, as views until others are added; there are none from then on. */
  take(): CubeGroups {
    const { length } = this;
    this.length = 0;
    return {
      length,
      bucket: firstRows(this.#bucket, length),
      place: firstRows(this.#place, length),
      codes: this.#codes.map((column) => firstRows(column, length)),
      count: firstRows(this.#count, length),
      errors: firstRows(this.#errors, length),
      clientErrors: firstRows(this.#clientErrors, length),
      denied: firstRows(this.#denied, length),
      statusless: firstRows(this.#statusless, length),
      bytes: firstRows(this.#bytes, length),
    };
  }

  /**
   * Makes room for so many more groups.
   *
   * @param scale - how many times the groups that there then are, are to be expected
   */
  reserve(groups: number, scale: number): void {
    const length = this.length + groups;
    if (length <= this.#count.length) return;
    const capacity = Math.ceil(Math.max(length, ROOM * scale * length, 2 * this.length));
    this.#bucket = grown(this.#bucket, capacity);
    this.#place = grown(this.#place, capacity);
    this.#codes = this.#codes.map((column) => grown(column, capacity));
    this.#count = grown(this.#count, capacity);
    this.#errors = grown(this.#errors, capacity);
    this.#clientErrors = grown(this.#clientErrors, capacity);
    this.#denied = grown(this.#denied, capacity);
    this.#statusless = grown(this.#statusless, capacity);
    this.#bytes = grown(this.#bytes, capacity);
  }
}
