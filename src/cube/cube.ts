import type { Dictionary } from "../core/dictionary.js";
import type { Events } from "../core/events.js";
import type { DistinctSketch } from "../stats/distinctSketch.js";
import { CountTable } from "../stats/heavyHitters.js";
import type { LogBins } from "../stats/logBins.js";
import type { EncodedEvents } from "./build/encodedEvents.js";
import { EventEncoder } from "./build/eventEncoder.js";
import { EventPool, POOL_ROWS } from "./build/eventPool.js";
import { SegmentBuilder } from "./build/segmentBuilder.js";
import { type CubeOptions, type CubeSettings, cubeSettings } from "./cubeOptions.js";
import { cubeError } from "./errors.js";
import { ClientCodes } from "./keys/clientCodes.js";
import { CubeDimension } from "./keys/cubeDimension.js";
import { CubeIds } from "./keys/cubeIds.js";
import { CubePlaces } from "./keys/cubePlaces.js";
import { addClients } from "./measures/clientStore.js";
import { addUsers } from "./measures/distinctUsers.js";
import { addLatencies, LATENCY_BINS } from "./measures/latencyStore.js";
import { statusFlags } from "./measures/statusFlags.js";
import type { SegmentNumbers } from "./segments/compactSegments.js";
import { type CubeGroups, emptySegment, type Segment, type SummedEvents } from "./segments/segment.js";
import { SegmentLog } from "./segments/segmentLog.js";

/** What a cube is made of; the algebra takes cubes apart into this and puts them together from it. */
export interface CubeParts {
  readonly settings: CubeSettings;
  readonly places: CubePlaces;
  readonly dimensions: readonly CubeDimension[];
  readonly clients: ClientCodes;
  readonly segment: Segment;
  readonly firstTimeMs: number;
  readonly lastTimeMs: number;
  readonly outside: number;
}

/** A client among the busiest of some groups. */
export interface TopClient {
  readonly address: string;
  /** Requests, at least; the truth is at most `errorBound` more. */
  readonly count: number;
  /** 0 where every group kept all of its clients, which it does up to 4,096. */
  readonly errorBound: number;
  /** Requests among them that are errors, at least. */
  readonly errors: number;
}

/**
 * Traffic by time bucket, place and dimensions: counts, errors, bytes, latencies, distinct clients and users, and the
 * busiest clients, in memory that grows with the groups that occur.
 *
 * Counts are exact. Quantiles are within 1% of the value at their rank. Distinct counts are exact up to 4,096 a question,
 * and have a standard error of 0.57% beyond. Nothing depends on the order of events or on how they came in batches,
 * except which values count as "other" once a dimension has too many, and how tight the bounds of the busiest clients of
 * groups with more than 4,096 clients are.
 */
export class Cube {
  readonly #settings: CubeSettings;
  readonly #places: CubePlaces;
  readonly #dimensions: readonly CubeDimension[];
  readonly #clients: ClientCodes;
  readonly #coder: EventEncoder;
  readonly #meaning: Uint8Array;
  readonly #pool = new EventPool();
  /** Keeps memory from batch to batch, until the cube is read. */
  #builder: SegmentBuilder | null = null;
  readonly #segments: SegmentLog;
  #firstTimeMs: number;
  #lastTimeMs: number;
  #outside: number;

  constructor(options: CubeOptions | CubeParts = {}) {
    const parts = "segment" in options ? options : emptyParts(cubeSettings(options));
    this.#settings = parts.settings;
    this.#places = parts.places;
    this.#dimensions = parts.dimensions;
    this.#clients = parts.clients;
    this.#segments = new SegmentLog(parts.segment, parts.dimensions.length);
    this.#firstTimeMs = parts.firstTimeMs;
    this.#lastTimeMs = parts.lastTimeMs;
    this.#outside = parts.outside;
    const numbers = new CubeIds(parts.places, parts.dimensions, parts.clients);
    this.#coder = new EventEncoder(parts.settings, numbers);
    this.#meaning = statusFlags(parts.settings.errorStatuses);
  }

  /** The cube of some events, in one batch or several. Throws `bad-cube-option` and what {@link add} throws. */
  static from(events: Events | Iterable<Events>, options: CubeOptions = {}): Cube {
    const cube = new Cube(options);
    for (const batch of Symbol.iterator in events ? events : [events]) cube.add(batch);
    return cube;
  }

  /** Adds a batch. Throws `too-many-buckets`, `too-many-values` (if asked to) and `cube-too-large`. */
  add(batch: Events): void {
    const coded = this.#coder.encode(batch);
    this.#outside += coded ? coded.outside : batch.length;
    if (!coded) return;
    this.#firstTimeMs = Math.min(this.#firstTimeMs, coded.firstTimeMs);
    this.#lastTimeMs = Math.max(this.#lastTimeMs, coded.lastTimeMs);
    if (coded.length > POOL_ROWS / 2) this.#build(coded);
    else {
      if (!this.#pool.fits(coded)) this.#emptyPool();
      this.#pool.append(coded);
    }
    this.#checkSize();
  }

  /** Adds events that were summed elsewhere, in this cube's numbers. Throws `cube-too-large`. */
  addSummed(summed: SummedEvents): void {
    this.#outside += summed.outside;
    if (summed.segment === null) return;
    this.#firstTimeMs = Math.min(this.#firstTimeMs, summed.firstTimeMs);
    this.#lastTimeMs = Math.max(this.#lastTimeMs, summed.lastTimeMs);
    this.#segments.add(summed, this.#numbers);
    this.#checkSize();
  }

  /** Says how many times as many events as so far, or as in the first batch, are to come in all: room is made at once. */
  expect(scale: number): void {
    this.#segments.expect(scale);
  }

  /** Length of a time bucket. */
  get bucketMs(): number {
    return this.#settings.bucketMs;
  }
  /** H3 resolution of the places' cells. */
  get resolution(): number {
    return this.#settings.resolution;
  }
  /** Start of bucket 0, epoch milliseconds; 0 while there are no events. */
  get originMs(): number {
    return this.segment.length > 0 ? this.segment.firstBucket * this.bucketMs : 0;
  }
  /** How many buckets there are from the first to the last that has events. */
  get bucketCount(): number {
    const { length, bucket } = this.segment;
    return length > 0 ? bucket[length - 1]! + 1 : 0;
  }
  /** Time of the earliest event; NaN while there are none. */
  get firstTimeMs(): number {
    return Number.isFinite(this.#firstTimeMs) ? this.#firstTimeMs : Number.NaN;
  }
  /** Time of the latest event; NaN while there are none. */
  get lastTimeMs(): number {
    return Number.isFinite(this.#lastTimeMs) ? this.#lastTimeMs : Number.NaN;
  }
  /** Events that were left aside because they lie outside the window or have no time. */
  get outside(): number {
    return this.#outside;
  }
  get places(): CubePlaces {
    return this.#places;
  }
  /** In the order in which they were asked for; `overflowed` tells whether some values count as "other". */
  get dimensions(): readonly {
    readonly name: string;
    readonly dictionary: Dictionary;
    readonly overflowed: boolean;
  }[] {
    return this.#dimensions;
  }
  /** The groups that occur, ascending by bucket, place and codes. */
  get groups(): CubeGroups {
    return this.segment;
  }
  /** The bins that {@link latencyInto} counts in. */
  get latencyBins(): LogBins {
    return LATENCY_BINS;
  }
  /** Bytes that the cube takes. */
  get memoryBytes(): number {
    this.#emptyPool();
    return this.#bytesNow;
  }
  /** How the cube was asked to be, defaults filled in. */
  get settings(): CubeSettings {
    return this.#settings;
  }

  /** Adds a group's latencies to a histogram of length `latencyBins.count`. */
  latencyInto(group: number, bins: Uint32Array | Float64Array): void {
    addLatencies(this.segment.latencies, this.segment.latencyCount[group]!, group, bins);
  }

  /** Adds a group's distinct clients to a sketch. */
  clientsInto(group: number, sketch: DistinctSketch): void {
    addClients(this.segment.clients, this.#clients, group, sketch);
  }

  /** Adds a group's distinct users to a sketch. */
  usersInto(group: number, sketch: DistinctSketch): void {
    addUsers(this.segment.users, group, sketch);
  }

  /** The busiest clients of some groups together, busiest first, at most `limit` of them. */
  topClients(groups: Iterable<number>, limit = 100): TopClient[] {
    const table = new CountTable();
    let errorBound = 0;
    for (const group of groups) errorBound += this.clientCountsInto(group, table);
    return Array.from({ length: table.size }, (_, row) => row)
      .sort((a, b) => table.counts[b]! - table.counts[a]! || table.keys[a]! - table.keys[b]!)
      .slice(0, limit)
      .map((row) => ({
        address: this.#clients.text(table.keys[row]!),
        count: table.counts[row]!,
        errorBound,
        errors: table.errors[row]!,
      }));
  }

  /**
   * Adds a group's requests and errors by client to a table, and returns how much a client's true count may exceed it. The
   * keys mean something within this cube alone.
   */
  clientCountsInto(group: number, table: CountTable): number {
    const { start, code, count, errors, sketches } = this.segment.clients;
    for (let i = start[group]!; i < start[group + 1]!; i++) table.add(code[i]!, count[i]!, errors[i]!);
    return sketches.get(group)?.bound ?? 0;
  }

  /** All groups in one piece. */
  get segment(): Segment {
    this.#emptyPool();
    this.#builder = null;
    return this.#segments.whole(this.#numbers);
  }

  /** The cube taken apart; the parts are the cube's own, not copies. */
  get parts(): CubeParts {
    return {
      settings: this.#settings,
      places: this.#places,
      dimensions: this.#dimensions,
      clients: this.#clients,
      segment: this.segment,
      firstTimeMs: this.#firstTimeMs,
      lastTimeMs: this.#lastTimeMs,
      outside: this.#outside,
    };
  }

  /** Builds a segment of what small batches have left. */
  #emptyPool(): void {
    if (this.#pool.length > 0) this.#build(this.#pool.take(this.#sizes, this.bucketMs));
  }

  #build(events: EncodedEvents): void {
    this.#builder ??= new SegmentBuilder({
      meaning: this.#meaning,
      measures: this.#settings.measures,
      clients: this.#clients,
      dimensions: this.#dimensions.length,
    });
    this.#segments.add({ segment: this.#builder.build(events), isBorrowed: true }, this.#numbers);
  }

  /** What the numbers of segments mean. */
  get #numbers(): SegmentNumbers {
    return { clients: this.#clients, sizes: this.#sizes, measures: this.#settings.measures };
  }

  /** How many places and values of each dimension there are. */
  get #sizes(): readonly number[] {
    return [this.#places.length, ...this.#dimensions.map((d) => d.dictionary.size)];
  }

  get #bytesNow(): number {
    const work = this.#pool.memoryBytes + (this.#builder?.memoryBytes ?? 0);
    return work + this.#segments.memoryBytes + this.#places.memoryBytes + this.#clients.memoryBytes;
  }

  #checkSize(): void {
    const limit = this.#settings.maxBytes;
    if (this.#bytesNow <= limit) return;
    this.#emptyPool();
    this.#builder = null;
    this.#segments.whole(this.#numbers);
    if (this.#bytesNow > limit) throw cubeError("cube-too-large", { bytes: this.#bytesNow, limit });
  }
}

/** The parts of a cube without events. */
export function emptyParts(settings: CubeSettings): CubeParts {
  return {
    settings,
    places: new CubePlaces(settings.resolution),
    dimensions: settings.dimensions.map((name) => new CubeDimension(name, settings.maxValues, settings.overflow)),
    clients: new ClientCodes(),
    segment: emptySegment(settings.dimensions.length),
    firstTimeMs: Number.POSITIVE_INFINITY,
    lastTimeMs: Number.NEGATIVE_INFINITY,
    outside: 0,
  };
}
