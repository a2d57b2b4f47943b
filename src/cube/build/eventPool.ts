import { type Column, grown } from "../../core/grown.js";
import type { EncodedEvents, EventWeights } from "../keys/encodedEvents.js";
import { timeBlocks } from "../keys/timeBlocks.js";
import { MAX_BUCKETS } from "./eventEncoder.js";

/** So many rows are built into a segment at a time: what a segment costs by itself is then little beside its rows. */
export const POOL_ROWS = 65_536;

/** Collects the rows of small batches of one cube until there are enough to build a segment of. */
export class EventPool {
  #length = 0;
  #firstBucket = Number.POSITIVE_INFINITY;
  #endBucket = Number.NEGATIVE_INFINITY;
  /** `place` holds rows of the cube's places + 1. */
  #columns = noRows();

  get length(): number {
    return this.#length;
  }

  get memoryBytes(): number {
    return this.#columns.timeMs.length * (38 + 4 * this.#columns.codes.length);
  }

  /** Whether there is room for a batch. */
  fits({ length, firstBucket, sizes }: EncodedEvents): boolean {
    const first = Math.min(this.#firstBucket, firstBucket);
    const end = Math.max(this.#endBucket, firstBucket + sizes[0]!);
    return this.#length + length <= POOL_ROWS && end - first <= MAX_BUCKETS;
  }

  /** Copies a batch's rows. */
  append(events: EncodedEvents): void {
    const { length, firstBucket, sizes, place, rowOfPlace } = events;
    const at = this.#length;
    this.#length += length;
    this.#firstBucket = Math.min(this.#firstBucket, firstBucket);
    this.#endBucket = Math.max(this.#endBucket, firstBucket + sizes[0]!);
    const mine = this.#columns;
    const rows = <T extends Column>(column: T, more: T): T => extended(column, more, at, length);
    this.#columns = {
      timeMs: rows(mine.timeMs, events.timeMs),
      place: rows(mine.place, place),
      codes: events.codes.map((codes, d) => rows(mine.codes[d] ?? new Uint32Array(0), codes)),
      status: rows(mine.status, events.status),
      bytes: rows(mine.bytes, events.bytes),
      latencyMs: rows(mine.latencyMs, events.latencyMs),
      weights: this.#weightsWith(events.weights, at, length),
      client: rows(mine.client, events.client),
      userLow: rows(mine.userLow, events.userLow),
      userHigh: rows(mine.userHigh, events.userHigh),
    };
    for (let i = 0; i < length; i++) this.#columns.place[at + i] = rowOfPlace[place[i]!]!;
  }

  /** The weights so far with those of more rows, where either are weighted. */
  #weightsWith(more: EventWeights | undefined, at: number, length: number): EventWeights | undefined {
    const mine = this.#columns.weights;
    if (!mine && !more) return undefined;
    const [before, after] = [mine ?? singleRequests(at), more ?? singleRequests(length)];
    return {
      exact: extended(before.exact, after.exact, at, length),
      whole: extended(before.whole, after.whole, at, length),
    };
  }

  /**
   * Gives all rows away, as one batch.
   *
   * @param sizes - how many places and values of each dimension there are
   */
  take(sizes: readonly number[], bucketMs: number): EncodedEvents {
    const length = this.#length;
    const firstBucket = this.#firstBucket;
    const columns = this.#columns;
    const taken = {
      ...columns,
      ...{ length, firstBucket, bucketMs, sizes: [this.#endBucket - firstBucket, ...sizes] },
      blocks: timeBlocks(columns.timeMs, length),
      rowOfPlace: Uint32Array.from({ length: sizes[0]! + 1 }, (_, row) => row),
    };
    this.#length = 0;
    this.#firstBucket = Number.POSITIVE_INFINITY;
    this.#endBucket = Number.NEGATIVE_INFINITY;
    this.#columns = noRows();
    return taken;
  }
}

function singleRequests(rows: number): EventWeights {
  return { exact: new Float64Array(rows).fill(1), whole: new Uint32Array(rows).fill(1) };
}

type PoolColumns = Pick<
  EncodedEvents,
  "timeMs" | "place" | "codes" | "status" | "bytes" | "latencyMs" | "weights" | "client" | "userLow" | "userHigh"
>;

function noRows(): PoolColumns {
  const none = new Uint32Array(0);
  return {
    ...{ timeMs: new Float64Array(0), place: none, codes: [], status: new Uint16Array(0), bytes: new Float64Array(0) },
    ...{ latencyMs: new Float32Array(0), client: none, userLow: none, userHigh: none },
  };
}

/** A column with the first rows of another one from `at` on; a longer copy if need be. */
function extended<T extends Column>(column: T, more: T, at: number, length: number): T {
  const rows = Math.min(more.length, length);
  const wide = at + rows > column.length ? grown(column, Math.min(POOL_ROWS, 4 * (at + rows))) : column;
  wide.set(more.subarray(0, rows), at);
  return wide;
}
