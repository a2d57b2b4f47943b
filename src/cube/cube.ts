import type { Dictionary } from "../core/dictionary.js";
import type { Events } from "../core/events.js";
import { checkArgument, checkOptions } from "../core/options/checkOptions.js";
import { EVENT_BATCHES, EVENTS } from "../core/options/eventShapes.js";
import { bytes as BYTES, either, iterable, list, number, seconds } from "../core/options/shapes.js";
import { has } from "../core/options/shown.js";
import type { DistinctSketch } from "../stats/distinctSketch.js";
import { CountTable } from "../stats/heavyHitters.js";
import type { LogBins } from "../stats/logBins.js";
import { CubeBuilder } from "./build/cubeBuilder.js";
import { type CubeOptions, type CubeSettings, cubeSettings } from "./cubeOptions.js";
import { type CubeParts, emptyParts } from "./cubeParts.js";
import { CUBE } from "./cubeShape.js";
import { cubeFromArrow } from "./io/cubeFromArrow.js";
import { ARROW_OPTIONS, type ArrowOptions, cubeToArrow } from "./io/cubeToArrow.js";
import { isSavedCube, type LoadOptions, loadCube } from "./io/loadCube.js";
import { saveCube } from "./io/saveCube.js";
import type { CubePlaces } from "./keys/cubePlaces.js";
import type { PlaceLevel } from "./keys/placeLevel.js";
import { addClients } from "./measures/clientStore.js";
import { addUsers } from "./measures/distinctUsers.js";
import { addLatencies, LATENCY_BINS } from "./measures/latencyStore.js";
import type { CubeGroups, Segment, SummedEvents } from "./segments/segment.js";
import { mergeCubes } from "./verbs/mergeCubes.js";
import { ROLL_UP_OPTIONS, type RollUpOptions, rollUpCube } from "./verbs/rollUpCube.js";
import { CUBE_SLICE, type CubeSlice, drillDown, sliceCube, withoutWindow } from "./verbs/sliceCube.js";
import { subtractCube } from "./verbs/subtractCube.js";
import { withPrivacyFloor } from "./verbs/withPrivacyFloor.js";

/** What {@link Cube.merge} takes. */
const CUBES = either(list(CUBE, "cubes"), iterable("cubes"));

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
 * except which values count as "(other)" once a dimension has too many, and how tight the bounds of the busiest clients of
 * groups with more than 4,096 clients are.
 *
 * @example
 * ```ts
 * const cube = Cube.from(events, { bucketSeconds: 300, resolution: 4, dimensions: ["service"] });
 * const days = cube.slice({ countries: ["DE", "AT"] }).rollUp({ level: "region" }).resample(86_400);
 * await writeFile("traffic.cube", cube.save());
 * ```
 */
export class Cube {
  readonly #parts: CubeParts;
  #madeBuilder: CubeBuilder | undefined;

  /** An empty cube, or one that holds the given parts. Throws `bad-cube-option`. */
  constructor(options: CubeOptions | CubeParts = {}) {
    this.#parts = isParts(options) ? options : emptyParts(cubeSettings(options));
  }

  /** The cube of some events, in one batch or several. Throws `bad-cube-option` and what {@link add} throws. */
  static from(events: Events | Iterable<Events>, options: CubeOptions = {}): Cube {
    checkArgument("Cube.from", "the first argument", events, EVENT_BATCHES);
    const cube = new Cube(options);
    for (const batch of Symbol.iterator in events ? events : [events]) cube.add(batch);
    return cube;
  }

  /**
   * One cube of the events of several. The order makes no difference, and the result equals the cube of all events at once;
   * the cubes given stay as they are. Throws `cubes-differ` if bucket, resolution, dimensions, measures or the rule for
   * errors are not the same.
   */
  static merge(cubes: Iterable<Cube>): Cube {
    checkArgument("Cube.merge", "the first argument", cubes, CUBES);
    return new Cube(mergeCubes(Array.from(cubes, ({ parts }) => parts)));
  }

  /** The cube that {@link save} wrote. Throws `bad-cube-file`; whatever the bytes are, nothing else comes of them. */
  static load(bytes: Uint8Array, options: LoadOptions = {}): Cube {
    checkArgument("Cube.load", "the first argument", bytes, BYTES);
    return new Cube(loadCube(bytes, options));
  }

  /** Whether bytes begin as those of {@link save} do. */
  static isSaved(bytes: Uint8Array): boolean {
    return isSavedCube(bytes);
  }

  /**
   * The cube that {@link toArrow} wrote, with `sketches`. Rows may have been filtered or reordered in between, not changed.
   * Throws `bad-cube-file`.
   */
  static fromArrow(bytes: Uint8Array, options: Pick<LoadOptions, "measures"> = {}): Cube {
    checkArgument("Cube.fromArrow", "the first argument", bytes, BYTES);
    return new Cube(cubeFromArrow(bytes, options));
  }

  /** Adds a batch. Throws `too-many-buckets`, `too-many-values` (if asked to) and `cube-too-large`. */
  add(batch: Events): void {
    checkArgument("cube.add", "the batch", batch, EVENTS);
    this.#builder.add(batch);
  }

  /**
   * Takes all events so far out, as a cube of their own; those that follow begin anew. Both have the same tables, which grow
   * with either: cubes that were taken out of one can be put together without renumbering.
   */
  take(): Cube {
    return new Cube(this.#builder.take());
  }

  /** Adds events that were summed elsewhere, in this cube's ids. Throws `cube-too-large`. */
  addSummed(summed: SummedEvents): void {
    this.#builder.addSummed(summed);
  }

  /** Says how many times as many events as so far, or as in the first batch, are to come in all: room is made at once. */
  expect(scale: number): void {
    this.#builder.expect(scale);
  }

  /** The part of the cube that a slice names. Throws `no-such-dimension`. */
  slice(slice: CubeSlice): Cube {
    checkOptions("cube.slice", slice, CUBE_SLICE);
    return new Cube(sliceCube(this.parts, slice));
  }

  /**
   * What lies under a slice, at a closer level of place: the regions of a country, the cities of a region. The cube must
   * have been built at that level or a closer one, as every cube is that was not rolled up. Throws `no-such-dimension`.
   */
  drillDown(slice: CubeSlice, level: PlaceLevel): Cube {
    checkOptions("cube.drillDown", slice, CUBE_SLICE);
    return new Cube(drillDown(this.parts, slice, level));
  }

  /** The cube without the buckets that start in [fromMs, toMs): a window that moves on drops its oldest part so. */
  withoutWindow(fromMs: number, toMs: number): Cube {
    return new Cube(withoutWindow(this.parts, fromMs, toMs));
  }

  /**
   * A coarser cube of the same events: places joined, dimensions dropped, buckets lengthened. It equals the cube built so
   * from the events, distinct clients and users included. Throws `bad-cube-option` and `no-such-dimension`.
   */
  rollUp(options: RollUpOptions): Cube {
    checkOptions("cube.rollUp", options, ROLL_UP_OPTIONS);
    return new Cube(rollUpCube(this.parts, options));
  }

  /** {@link rollUp} of time alone: longer buckets, a multiple of the cube's. Throws `bad-cube-option`. */
  resample(bucketSeconds: number): Cube {
    checkArgument("cube.resample", "the length", bucketSeconds, seconds);
    return this.rollUp({ bucketSeconds });
  }

  /**
   * Takes a cube that was merged in out again: `Cube.merge([a, b]).minus(b)` equals `a`, for every measure, as long as no
   * group (bucket, place and values) has events of both; that case is refused. Throws `cubes-differ` and `not-a-part`.
   */
  minus(part: Cube): Cube {
    checkArgument("cube.minus", "the part", part, CUBE);
    return new Cube(subtractCube(this.parts, part.parts));
  }

  /**
   * The cube fit to be given away: every group stands for at least `minClients` distinct clients, merged upward or withheld
   * where there are fewer; client addresses and users' hashes are not in it.
   */
  withPrivacyFloor(minClients: number): Cube {
    checkArgument("cube.withPrivacyFloor", "minClients", minClients, number);
    return new Cube(withPrivacyFloor(this.parts, minClients));
  }

  /** The cube as bytes, which {@link Cube.load} reads back. They hold client addresses, and users as hashes. */
  save(): Uint8Array {
    return saveCube(this.parts);
  }

  /**
   * The groups as an Arrow IPC file, one row each, as pandas, Polars and DuckDB open it: time, place (names, coordinates,
   * H3 cell), dimensions, counts, and lists of what the sketches are made of.
   */
  toArrow(options: ArrowOptions = {}): Uint8Array {
    checkOptions("cube.toArrow", options, ARROW_OPTIONS);
    return cubeToArrow(this.parts, options);
  }

  /** Length of a time bucket. */
  get bucketMs(): number {
    return this.#parts.settings.bucketMs;
  }
  /** H3 resolution of the places' cells. */
  get resolution(): number {
    return this.#parts.settings.resolution;
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
    const { firstTimeMs } = this.#madeBuilder ?? this.#parts;
    return Number.isFinite(firstTimeMs) ? firstTimeMs : Number.NaN;
  }
  /** Time of the latest event; NaN while there are none. */
  get lastTimeMs(): number {
    const { lastTimeMs } = this.#madeBuilder ?? this.#parts;
    return Number.isFinite(lastTimeMs) ? lastTimeMs : Number.NaN;
  }
  /** Events that were left aside because they lie outside the window or have no time. */
  get outside(): number {
    return this.#builder.outside;
  }
  get places(): CubePlaces {
    return this.#parts.places;
  }
  /** In the order in which they were asked for; `overflowed` tells whether some values count as "(other)". */
  get dimensions(): readonly {
    readonly name: string;
    readonly dictionary: Dictionary;
    readonly overflowed: boolean;
  }[] {
    return this.#parts.dimensions;
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
    return this.#builder.memoryBytes;
  }
  /** How the cube was asked to be, defaults filled in. */
  get settings(): CubeSettings {
    return this.#parts.settings;
  }

  /** Adds a group's latencies to a histogram of length `latencyBins.count`. */
  latencyInto(group: number, bins: Uint32Array | Float64Array): void {
    addLatencies(this.segment.latencies, group, bins);
  }

  /** Adds a group's distinct clients to a sketch. */
  clientsInto(group: number, sketch: DistinctSketch): void {
    addClients(this.segment.clients, this.#parts.clients, group, sketch);
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
        address: this.#parts.clients.text(table.keys[row]!),
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

  /** What takes events in: made when it is asked for, as most cubes are only read. */
  get #builder(): CubeBuilder {
    this.#madeBuilder ??= new CubeBuilder(this.#parts);
    return this.#madeBuilder;
  }

  /** All groups in one piece. */
  get segment(): Segment {
    return this.#madeBuilder === undefined ? this.#parts.segment : this.#builder.segment;
  }

  /** The cube taken apart; the parts are the cube's own, not copies. */
  get parts(): CubeParts {
    if (this.#madeBuilder === undefined) return this.#parts;
    const { segment, firstTimeMs, lastTimeMs, outside } = this.#builder;
    return { ...this.#parts, segment, firstTimeMs, lastTimeMs, outside };
  }
}

function isParts(options: CubeOptions | CubeParts): options is CubeParts {
  return has(options, "segment");
}
