import type { Events } from "../../core/events.js";
import { concatEvents } from "../../read/columns/concatEvents.js";
import { copyRows } from "./copyRows.js";
import type { DimensionCodes } from "./dimensionCodes.js";
import { timeOrder } from "./timeOrder.js";

/** Rows that are ordered by time at once, at the most. */
const MANY_CHUNKS = 4096;

/** Events that wait until all of their time have come, by slices of time: a bucket is one slice or several. */
export class SliceBuffer {
  readonly #sliceMs: number;
  readonly #codes: DimensionCodes;
  readonly #chunks = new Map<number, Events[]>();
  #rows = 0;

  constructor(sliceMs: number, codes: DimensionCodes) {
    this.#sliceMs = sliceMs;
    this.#codes = codes;
  }

  /** How many rows wait. */
  get rows(): number {
    return this.#rows;
  }

  /** The number of the first slice with events; undefined if there is none. */
  get first(): number | undefined {
    return this.#chunks.size === 0 ? undefined : Math.min(...this.#chunks.keys());
  }

  /** The number of the last slice with events; undefined if there is none. */
  get last(): number | undefined {
    return this.#chunks.size === 0 ? undefined : Math.max(...this.#chunks.keys());
  }

  /** Copies rows of a batch to their slices. */
  add(events: Events, rows: Uint32Array): void {
    if (rows.length === 0) return;
    const dimensions = this.#codes.of(events);
    for (const [slice, some] of this.#bySlice(events.timeMs, rows)) {
      const chunks = this.#chunks.get(slice) ?? [];
      this.#chunks.set(slice, chunks);
      chunks.push(copyRows(events, some, dimensions));
      // Single requests come by the thousand: they are put together before there are too many of them.
      if (chunks.length >= MANY_CHUNKS) chunks.splice(0, chunks.length, concatEvents(chunks, events));
      this.#rows += some.length;
    }
  }

  /** All events that wait, as they came. */
  batches(): Events[] {
    return [...this.#chunks.values()].flat();
  }

  /** Takes the events of a slice out, in the order of their times; null if it has none. */
  take(slice: number): Events | null {
    const chunks = this.#chunks.get(slice);
    if (chunks === undefined) return null;
    this.#chunks.delete(slice);
    const events = chunks.length === 1 ? chunks[0]! : concatEvents(chunks, chunks[0]!);
    this.#rows -= events.length;
    const order = timeOrder(events.timeMs, slice * this.#sliceMs, this.#sliceMs);
    return order === null ? events : copyRows(events, order);
  }

  #bySlice(timeMs: Float64Array, rows: Uint32Array): Map<number, Uint32Array> {
    const counts = new Map<number, number>();
    let [slice, count] = [Number.NaN, 0];
    for (let i = 0; i < rows.length; i++) {
      const own = Math.floor(timeMs[rows[i]!]! / this.#sliceMs);
      if (own !== slice) {
        if (count > 0) counts.set(slice, (counts.get(slice) ?? 0) + count);
        [slice, count] = [own, 0];
      }
      count++;
    }
    counts.set(slice, (counts.get(slice) ?? 0) + count);
    if (counts.size === 1) return new Map([[slice, rows]]);
    const parts = new Map(Array.from(counts, ([key, size]) => [key, { rows: new Uint32Array(size), length: 0 }]));
    for (let i = 0; i < rows.length; i++) {
      const part = parts.get(Math.floor(timeMs[rows[i]!]! / this.#sliceMs))!;
      part.rows[part.length++] = rows[i]!;
    }
    return new Map(Array.from(parts, ([key, part]) => [key, part.rows]));
  }
}
