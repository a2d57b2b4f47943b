import type { ClientSketch } from "./clientStore.js";
import type { Segment } from "./segment.js";

/**
 * Puts segments, or slices of some, one behind the other as they are: groups that several of them have stay apart, so the
 * result is fit for `regroup` only. All must have the same dimensions and number their places, clients and values alike.
 */
export function concatSegments(segments: readonly Segment[]): Segment {
  const firstBucket = segments.reduce((first, s) => Math.min(first, s.firstBucket), Number.POSITIVE_INFINITY);
  const length = segments.reduce((total, s) => total + s.length, 0);
  const lists = new ListMemory(segments);
  const join = (column: (s: Segment) => Uint32Array): Uint32Array => joined(segments.map(column), Uint32Array);
  return {
    length,
    firstBucket,
    bucket: joinedBuckets(segments, firstBucket, length),
    place: join((s) => s.place),
    codes: segments[0]!.codes.map((_, d) => join((s) => s.codes[d]!)),
    count: join((s) => s.count),
    errors: join((s) => s.errors),
    clientErrors: join((s) => s.clientErrors),
    denied: join((s) => s.denied),
    bytes: joined(
      segments.map((s) => s.bytes),
      Float64Array,
    ),
    latencyCount: join((s) => s.latencyCount),
    latencies: {
      start: joinedStarts(segments.map((s) => s.latencies.start)),
      words: lists.joined(Uint16Array, (s) => s.latencies.words),
    },
    clients: {
      start: joinedStarts(segments.map((s) => s.clients.start)),
      code: lists.joined(Uint32Array, (s) => s.clients.code),
      count: lists.joined(Uint32Array, (s) => s.clients.count),
      errors: lists.joined(Uint32Array, (s) => s.clients.errors),
      sketches: joinedMaps<ClientSketch>(segments.map((s) => [s.length, s.clients.sketches])),
    },
    users: {
      start: joinedStarts(segments.map((s) => s.users.start)),
      low: lists.joined(Uint32Array, (s) => s.users.low),
      high: lists.joined(Uint32Array, (s) => s.users.high),
      sketches: joinedMaps<Uint8Array>(segments.map((s) => [s.length, s.users.sketches])),
    },
  };
}

type Column = Uint16Array | Uint32Array | Float64Array;

function joined<T extends Column>(columns: readonly T[], make: new (length: number) => T): T {
  return setAll(new make(lengthOf(columns)), columns);
}

function setAll<T extends Column>(all: T, columns: readonly T[]): T {
  let at = 0;
  for (const column of columns) {
    all.set(column, at);
    at += column.length;
  }
  return all;
}

function lengthOf(columns: readonly Column[]): number {
  return columns.reduce((total, column) => total + column.length, 0);
}

/**
 * What the lists of segments are joined in: one piece, for they are most of a segment, and a collection of garbage begins
 * with every few megabytes of new pieces.
 */
class ListMemory {
  readonly #segments: readonly Segment[];
  readonly #buffer: ArrayBuffer;
  #at = 0;

  constructor(segments: readonly Segment[]) {
    const rows = (column: (s: Segment) => Column): number => lengthOf(segments.map(column));
    const words = rows((s) => s.latencies.words);
    const longs = 3 * rows((s) => s.clients.code) + 2 * rows((s) => s.users.low);
    this.#segments = segments;
    this.#buffer = new ArrayBuffer(aligned(2 * words) + 4 * longs);
  }

  joined<T extends Uint16Array | Uint32Array>(
    Kind: new (buffer: ArrayBuffer, at: number, length: number) => T,
    column: (s: Segment) => T,
  ): T {
    const columns = this.#segments.map(column);
    const all = new Kind(this.#buffer, this.#at, lengthOf(columns));
    this.#at += aligned(all.byteLength);
    return setAll(all, columns);
  }
}

const aligned = (bytes: number): number => (bytes + 3) & ~3;

function joinedBuckets(segments: readonly Segment[], firstBucket: number, length: number): Uint32Array {
  const all = new Uint32Array(length);
  let at = 0;
  for (const segment of segments) {
    const { bucket } = segment;
    const later = segment.firstBucket - firstBucket;
    for (let g = 0; g < bucket.length; g++) all[at + g] = bucket[g]! + later;
    at += bucket.length;
  }
  return all;
}

/** Every column of starts ends with that of the lists that follow, less where its own begin. */
function joinedStarts(columns: readonly Uint32Array[]): Uint32Array {
  const all = new Uint32Array(columns.reduce((total, column) => total + column.length - 1, 1));
  let group = 0;
  let end = 0;
  for (const column of columns) {
    const moved = end - column[0]!;
    for (let g = 0; g < column.length; g++) all[group + g] = column[g]! + moved;
    group += column.length - 1;
    end = all[group]!;
  }
  return all;
}

function joinedMaps<T>(maps: readonly (readonly [length: number, map: ReadonlyMap<number, T>])[]): Map<number, T> {
  const all = new Map<number, T>();
  let offset = 0;
  for (const [length, map] of maps) {
    for (const [group, value] of map) all.set(group + offset, value);
    offset += length;
  }
  return all;
}
