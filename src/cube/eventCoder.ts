import type { Events } from "../core/events.js";
import type { PlaceTable } from "../core/places.js";
import type { ClientCodes } from "./clientCodes.js";
import type { CodedEvents } from "./codedEvents.js";
import type { CubeDimension } from "./cubeDimension.js";
import type { CubeSettings } from "./cubeOptions.js";
import type { CubePlaces } from "./cubePlaces.js";
import { cubeError } from "./errors.js";
import { pickEvents } from "./pickEvents.js";

/** The most buckets that one cube may span. */
export const MAX_BUCKETS = 2 ** 24;

/** A batch in the cube's own numbers, and what was left aside. */
export interface CodedBatch extends CodedEvents {
  readonly firstTimeMs: number;
  readonly lastTimeMs: number;
  /** Events outside the cube's window, or without a time. */
  readonly outside: number;
}

/** Turns batches of events into the numbers of one cube: its buckets, places, values and clients. */
export class EventCoder {
  readonly #settings: CubeSettings;
  readonly #places: CubePlaces;
  readonly #dimensions: readonly CubeDimension[];
  readonly #clients: ClientCodes;
  /** Row of the cube's places + 1 by place id, for each place table met. */
  readonly #rowsByTable = new WeakMap<PlaceTable, Uint32Array>();

  constructor(settings: CubeSettings, places: CubePlaces, dimensions: readonly CubeDimension[], clients: ClientCodes) {
    this.#settings = settings;
    this.#places = places;
    this.#dimensions = dimensions;
    this.#clients = clients;
  }

  /** The batch in numbers, or null if none of its events is within the window. Throws `too-many-buckets`. */
  encode(batch: Events): CodedBatch | null {
    const { fromMs, toMs, bucketMs, measures } = this.#settings;
    const span = timeSpan(batch.timeMs, batch.length, fromMs, toMs);
    if (span.inside === 0) return null;
    const events = span.inside === batch.length ? batch : pickEvents(batch, rowsInside(batch, fromMs, toMs));
    const n = events.length;
    const firstBucket = Math.floor(span.firstTimeMs / bucketMs);
    const buckets = Math.floor(span.lastTimeMs / bucketMs) - firstBucket + 1;
    if (buckets > MAX_BUCKETS) throw cubeError("too-many-buckets", { buckets, limit: MAX_BUCKETS });
    const codes = this.#dimensions.map((dimension) => {
      const column = new Uint32Array(n);
      dimension.codesInto(events, column);
      return column;
    });
    const rowOfPlace = this.#rowOfPlace(events);
    const client = new Uint32Array(measures.has("clients") ? n : 0);
    if (measures.has("clients")) this.#clients.codesInto(events.client, client);
    return {
      length: n,
      firstBucket,
      bucketMs,
      timeMs: events.timeMs,
      place: events.place,
      rowOfPlace,
      codes,
      sizes: [buckets, this.#places.length, ...this.#dimensions.map((d) => d.dictionary.size)],
      status: events.status,
      bytes: events.bytes,
      latencyMs: events.latencyMs,
      client,
      userLow: events.user.low,
      userHigh: events.user.high,
      firstTimeMs: span.firstTimeMs,
      lastTimeMs: span.lastTimeMs,
      outside: batch.length - n,
    };
  }

  #rowOfPlace({ place, places, length }: Events): Uint32Array {
    let rowOf = this.#rowsByTable.get(places);
    if (!rowOf || rowOf.length < places.length) {
      const wider = new Uint32Array(places.length);
      if (rowOf) wider.set(rowOf);
      else wider[0] = 1;
      rowOf = wider;
      this.#rowsByTable.set(places, rowOf);
    }
    this.#addPlaces(places, unseen(place, length, rowOf), rowOf);
    return rowOf;
  }

  #addPlaces(table: PlaceTable, ids: readonly number[], rowOf: Uint32Array): void {
    const rows = new Uint32Array(ids.length);
    this.#places.rowsOf(table, ids, rows);
    ids.forEach((id, i) => {
      rowOf[id] = rows[i]! + 1;
    });
  }
}

/** Place ids without a row, each once, in the order in which they occur. */
function unseen(place: Uint32Array, length: number, rowOf: Uint32Array): number[] {
  const ids: number[] = [];
  for (let i = 0; i < length; i++) {
    const id = place[i]! | 0;
    if (rowOf[id] !== 0) continue;
    rowOf[id] = 1;
    ids.push(id);
  }
  return ids;
}

function timeSpan(timeMs: Float64Array, length: number, fromMs: number, toMs: number) {
  let firstTimeMs = Number.POSITIVE_INFINITY;
  let lastTimeMs = Number.NEGATIVE_INFINITY;
  let inside = 0;
  if (fromMs === Number.NEGATIVE_INFINITY && toMs === Number.POSITIVE_INFINITY) {
    const span = wholeSpan(timeMs, length);
    if (span.allKnown) return { ...span, inside: length };
  }
  for (let i = 0; i < length; i++) {
    const time = timeMs[i]!;
    if (!(time >= fromMs && time < toMs)) continue;
    inside++;
    if (time < firstTimeMs) firstTimeMs = time;
    if (time > lastTimeMs) lastTimeMs = time;
  }
  return { firstTimeMs, lastTimeMs, inside };
}

/** Least and greatest time. Two rows at a time, apart from each other, since one chain of comparisons waits for itself. */
function wholeSpan(timeMs: Float64Array, length: number) {
  let [first, first2] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  let [last, last2] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  // Only NaN and infinities make a difference with itself that is not 0.
  let [strange, strange2] = [0, 0];
  const even = length & ~1;
  for (let i = 0; i < even; i += 2) {
    const time = timeMs[i]!;
    const time2 = timeMs[i + 1]!;
    first = Math.min(first, time);
    first2 = Math.min(first2, time2);
    last = Math.max(last, time);
    last2 = Math.max(last2, time2);
    strange += time - time;
    strange2 += time2 - time2;
  }
  const rest = even < length ? timeMs[even]! : first;
  return {
    firstTimeMs: Math.min(first, first2, rest),
    lastTimeMs: Math.max(last, last2, even < length ? rest : last),
    allKnown: length > 0 && strange + strange2 + (rest - rest) === 0,
  };
}

function rowsInside({ timeMs, length }: Events, fromMs: number, toMs: number): Uint32Array {
  const rows = new Uint32Array(length);
  let kept = 0;
  for (let i = 0; i < length; i++) if (timeMs[i]! >= fromMs && timeMs[i]! < toMs) rows[kept++] = i;
  return rows.subarray(0, kept);
}
