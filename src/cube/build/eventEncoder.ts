import type { Events } from "../../core/events.js";
import type { CubeSettings } from "../cubeOptions.js";
import { cubeError } from "../errors.js";
import type { EncodedEvents } from "../keys/encodedEvents.js";
import type { IdAssigner } from "../keys/idAssigner.js";
import { timeBlocks } from "../keys/timeBlocks.js";
import { eventWeights } from "./eventWeights.js";
import { takeRows } from "./takeRows.js";

/** The most buckets that one cube may span. */
export const MAX_BUCKETS = 2 ** 24;

/** A batch in the cube's own numbers, and what was left aside. */
export interface CodedBatch extends EncodedEvents {
  readonly firstTimeMs: number;
  readonly lastTimeMs: number;
  /** Events outside the cube's window, without a time, or that stand for no request. */
  readonly outside: number;
}

/** Turns batches of events into the numbers of one cube: its buckets, places, values and clients. */
export class EventEncoder {
  readonly #settings: CubeSettings;
  readonly #numbers: IdAssigner;

  constructor(settings: CubeSettings, numbers: IdAssigner) {
    this.#settings = settings;
    this.#numbers = numbers;
  }

  /** The batch in numbers, or null if none of its events is within the window. Throws `too-many-buckets`. */
  encode(batch: Events): CodedBatch | null {
    const { fromMs, toMs, bucketMs, measures, dimensions } = this.#settings;
    if (batch.length === 0) return null;
    let events = batch;
    let blocks = timeBlocks(batch.timeMs, batch.length);
    if (!(!hasNone(batch) && blocks.allKnown && blocks.firstTimeMs >= fromMs && blocks.lastTimeMs < toMs)) {
      const rows = rowsInside(batch, fromMs, toMs);
      if (rows.length === 0) return null;
      events = takeRows(batch, rows);
      blocks = timeBlocks(events.timeMs, rows.length);
    }
    const n = events.length;
    const { firstTimeMs, lastTimeMs } = blocks;
    const firstBucket = Math.floor(firstTimeMs / bucketMs);
    const buckets = Math.floor(lastTimeMs / bucketMs) - firstBucket + 1;
    if (buckets > MAX_BUCKETS) throw cubeError("too-many-buckets", { buckets, limit: MAX_BUCKETS });
    const numbers = this.#numbers;
    const codes = dimensions.map((_, dimension) => {
      const column = new Uint32Array(n);
      numbers.codesInto(dimension, events, column);
      return column;
    });
    const rowOfPlace = numbers.rowOfPlace(events);
    const client = measures.has("clients") ? numbers.clientCodes(events.client) : new Uint32Array(0);
    return {
      length: n,
      firstBucket,
      bucketMs,
      timeMs: events.timeMs,
      blocks,
      place: events.place,
      rowOfPlace,
      codes,
      sizes: [buckets, ...numbers.sizes],
      status: events.status,
      bytes: events.bytes,
      latencyMs: events.latencyMs,
      ...(events.weight && { weights: eventWeights(events, events.weight) }),
      client,
      userLow: events.user.low,
      userHigh: events.user.high,
      firstTimeMs,
      lastTimeMs,
      outside: batch.length - n,
    };
  }
}

/** Whether some row stands for no request. */
function hasNone({ weight, length }: Events): boolean {
  for (let i = 0; weight && i < length; i++) if (!(weight[i]! > 0)) return true;
  return false;
}

function rowsInside({ timeMs, weight, length }: Events, fromMs: number, toMs: number): Uint32Array {
  const rows = new Uint32Array(length);
  let kept = 0;
  for (let i = 0; i < length; i++) {
    const time = timeMs[i]!;
    if (weight && !(weight[i]! > 0)) continue;
    if (time >= fromMs && time < toMs && time !== Number.NEGATIVE_INFINITY) rows[kept++] = i;
  }
  return rows.subarray(0, kept);
}
