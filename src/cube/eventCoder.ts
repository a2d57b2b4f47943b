import type { Events } from "../core/events.js";
import type { PlaceTable } from "../core/places.js";
import type { ClientCodes } from "./clientCodes.js";
import type { CodedEvents } from "./codedEvents.js";
import type { CubeDimension } from "./cubeDimension.js";
import type { CubeSettings } from "./cubeOptions.js";
import type { CubePlaces } from "./cubePlaces.js";
import { cubeError } from "./errors.js";
import { pickEvents } from "./pickEvents.js";
import { BLOCK_ROWS, timeBlocks } from "./timeBlocks.js";

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
    if (batch.length === 0) return null;
    let events = batch;
    let blocks = timeBlocks(batch.timeMs, batch.length);
    if (!(blocks.allKnown && blocks.firstTimeMs >= fromMs && blocks.lastTimeMs < toMs)) {
      const rows = rowsInside(batch, fromMs, toMs);
      if (rows.length === 0) return null;
      events = pickEvents(batch, rows);
      blocks = timeBlocks(events.timeMs, rows.length);
    }
    const n = events.length;
    const { firstTimeMs, lastTimeMs } = blocks;
    const firstBucket = Math.floor(firstTimeMs / bucketMs);
    const buckets = Math.floor(lastTimeMs / bucketMs) - firstBucket + 1;
    if (buckets > MAX_BUCKETS) throw cubeError("too-many-buckets", { buckets, limit: MAX_BUCKETS });
    const codes = this.#dimensions.map((dimension) => {
      const column = new Uint32Array(n);
      dimension.codesInto(events, column);
      return column;
    });
    const rowOfPlace = this.#rowOfPlace(events);
    const client = measures.has("clients") ? this.#clients.codesOf(events.client) : new Uint32Array(0);
    return {
      length: n,
      firstBucket,
      bucketMs,
      timeMs: events.timeMs,
      blocks,
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
      firstTimeMs,
      lastTimeMs,
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
  const unknown = countZeros(rowOf);
  // With few places, as of a country database, all of them are soon known.
  for (let from = 0; from < length && ids.length < unknown; from += BLOCK_ROWS) {
    const to = Math.min(length, from + BLOCK_ROWS);
    if (!allSeen(place, from, to, rowOf)) addUnseen(place, from, to, rowOf, ids);
  }
  return ids;
}

function countZeros(values: Uint32Array): number {
  let zeros = 0;
  for (let i = 0; i < values.length; i++) if (values[i] === 0) zeros++;
  return zeros;
}

function allSeen(place: Uint32Array, from: number, to: number, rowOf: Uint32Array): boolean {
  let rows = 0;
  // A row less 1 is negative only where there is none.
  for (let i = from; i < to; i++) rows |= ((rowOf[place[i]! | 0]! | 0) - 1) | 0;
  return rows >= 0;
}

function addUnseen(place: Uint32Array, from: number, to: number, rowOf: Uint32Array, ids: number[]): void {
  for (let i = from; i < to; i++) {
    const id = place[i]! | 0;
    if (rowOf[id] !== 0) continue;
    rowOf[id] = 1;
    ids.push(id);
  }
}

function rowsInside({ timeMs, length }: Events, fromMs: number, toMs: number): Uint32Array {
  const rows = new Uint32Array(length);
  let kept = 0;
  for (let i = 0; i < length; i++) {
    const time = timeMs[i]!;
    if (time >= fromMs && time < toMs && time !== Number.NEGATIVE_INFINITY) rows[kept++] = i;
  }
  return rows.subarray(0, kept);
}
