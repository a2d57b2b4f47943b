import { type Column, grown } from "../core/grown.js";
import type { ClientSketch } from "./clientStore.js";
import type { Segment } from "./segment.js";

/** A segment at whose end groups are added and taken away, in memory with room for more. */
export class GrowingSegment {
  length = 0;
  /** Bucket 0, counted from 1970. */
  firstBucket = 0;
  #bucket: Uint32Array = new Uint32Array(0);
  #place: Uint32Array = new Uint32Array(0);
  #codes: Uint32Array[];
  #count: Uint32Array = new Uint32Array(0);
  #errors: Uint32Array = new Uint32Array(0);
  #clientErrors: Uint32Array = new Uint32Array(0);
  #denied: Uint32Array = new Uint32Array(0);
  #bytes: Float64Array = new Float64Array(0);
  #latencyCount: Uint32Array = new Uint32Array(0);
  #latencyStart: Uint32Array = new Uint32Array(1);
  #latencyWords: Uint16Array = new Uint16Array(0);
  #clientStart: Uint32Array = new Uint32Array(1);
  #clientCode: Uint32Array = new Uint32Array(0);
  #clientCount: Uint32Array = new Uint32Array(0);
  #clientErrorCount: Uint32Array = new Uint32Array(0);
  #clientSketches = new Map<number, ClientSketch>();
  #userStart: Uint32Array = new Uint32Array(1);
  #userLow: Uint32Array = new Uint32Array(0);
  #userHigh: Uint32Array = new Uint32Array(0);
  #userSketches = new Map<number, Uint8Array>();

  /** @param dimensions - how many there are */
  constructor(dimensions: number) {
    this.#codes = Array.from({ length: dimensions }, () => new Uint32Array(0));
  }

  /**
   * Adds groups, or a slice of some, which must come after those that there are.
   *
   * @param scale - how many times as many groups as there then are, are to be expected in all
   */
  append(more: Segment, scale: number): void {
    if (this.length === 0) this.firstBucket = more.firstBucket;
    const { length: g, firstBucket } = this;
    const { latencies, clients, users, length: n } = more;
    const later = more.firstBucket - firstBucket;
    const add = <T extends Column>(column: T, rows: T, at: number): T => {
      const wide = withRoom(column, at, rows.length, scale);
      wide.set(rows, at);
      return wide;
    };
    this.#bucket = withRoom(this.#bucket, g, n, scale);
    for (let i = 0; i < n; i++) this.#bucket[g + i] = more.bucket[i]! + later;
    this.#place = add(this.#place, more.place, g);
    this.#codes = this.#codes.map((column, d) => add(column, more.codes[d]!, g));
    this.#count = add(this.#count, more.count, g);
    this.#errors = add(this.#errors, more.errors, g);
    this.#clientErrors = add(this.#clientErrors, more.clientErrors, g);
    this.#denied = add(this.#denied, more.denied, g);
    this.#bytes = add(this.#bytes, more.bytes, g);
    this.#latencyCount = add(this.#latencyCount, more.latencyCount, g);
    const [words, rows, names] = [this.#latencyStart[g]!, this.#clientStart[g]!, this.#userStart[g]!];
    this.#latencyWords = add(this.#latencyWords, latencies.words, words);
    this.#clientCode = add(this.#clientCode, clients.code, rows);
    this.#clientCount = add(this.#clientCount, clients.count, rows);
    this.#clientErrorCount = add(this.#clientErrorCount, clients.errors, rows);
    this.#userLow = add(this.#userLow, users.low, names);
    this.#userHigh = add(this.#userHigh, users.high, names);
    this.#latencyStart = withStarts(this.#latencyStart, g, latencies.start, scale);
    this.#clientStart = withStarts(this.#clientStart, g, clients.start, scale);
    this.#userStart = withStarts(this.#userStart, g, users.start, scale);
    for (const [group, sketch] of clients.sketches) this.#clientSketches.set(g + group, sketch);
    for (const [group, sketch] of users.sketches) this.#userSketches.set(g + group, sketch);
    this.length = g + n;
  }

  /** Takes all groups but the first `length` away. */
  truncate(length: number): void {
    this.length = length;
    for (const sketches of [this.#clientSketches, this.#userSketches])
      for (const group of sketches.keys()) if (group >= length) sketches.delete(group);
  }

  /** The groups as they are now: views, which what is added later may overwrite once groups are taken away. */
  view(): Segment {
    const { length } = this;
    const rows = <T extends Column>(column: T, count = length): T => column.subarray(0, count) as T;
    const ends = [this.#latencyStart[length]!, this.#clientStart[length]!, this.#userStart[length]!] as const;
    return {
      length,
      firstBucket: this.firstBucket,
      bucket: rows(this.#bucket),
      place: rows(this.#place),
      codes: this.#codes.map((column) => rows(column)),
      count: rows(this.#count),
      errors: rows(this.#errors),
      clientErrors: rows(this.#clientErrors),
      denied: rows(this.#denied),
      bytes: rows(this.#bytes),
      latencyCount: rows(this.#latencyCount),
      latencies: { start: rows(this.#latencyStart, length + 1), words: rows(this.#latencyWords, ends[0]) },
      clients: {
        start: rows(this.#clientStart, length + 1),
        code: rows(this.#clientCode, ends[1]),
        count: rows(this.#clientCount, ends[1]),
        errors: rows(this.#clientErrorCount, ends[1]),
        sketches: this.#clientSketches,
      },
      users: {
        start: rows(this.#userStart, length + 1),
        low: rows(this.#userLow, ends[2]),
        high: rows(this.#userHigh, ends[2]),
        sketches: this.#userSketches,
      },
    };
  }
}

/** The least that a column grows to, in values. */
const FIRST_ROOM = 1024;

function withRoom<T extends Column>(column: T, used: number, more: number, scale: number): T {
  const needed = used + more;
  if (needed <= column.length) return column;
  return grown(column, Math.max(FIRST_ROOM, Math.ceil(Math.max(scale * needed, needed + used))));
}

/** Starts of lists with those of more lists behind the first `groups`. */
function withStarts(column: Uint32Array, groups: number, starts: Uint32Array, scale: number): Uint32Array {
  const wide = withRoom(column, groups + 1, starts.length - 1, scale);
  const moved = wide[groups]! - starts[0]!;
  for (let i = 1; i < starts.length; i++) wide[groups + i] = starts[i]! + moved;
  return wide;
}
