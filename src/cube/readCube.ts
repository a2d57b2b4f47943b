import type { Events } from "../core/events.js";
import type { Shapes } from "../core/options/shape.js";
import { callback, either, list, nested, text } from "../core/options/shapes.js";
import type { ChunkPlan, ChunkPlanner, FirstPart } from "../read/parallel/chunkWork.js";
import { workerUrl } from "../read/parallel/workerUrl.js";
import { checkReading, readPlanned } from "../read/readBatches.js";
import { READ_OPTIONS, type ReadOptions, type ReadProgress } from "../read/readOptions.js";
import type { ReadReport } from "../read/readReport.js";
import type { LogSource } from "../read/source/openSource.js";
import { EventFilter, type EventFilterOptions, filterDimension } from "./build/eventFilter.js";
import { takeRows } from "./build/takeRows.js";
import { Cube } from "./cube.js";
import { CUBE_OPTIONS, type CubeOptions, cubeSettings } from "./cubeOptions.js";
import { type CubeParts, emptyParts } from "./cubeParts.js";
import { cubeError } from "./errors.js";
import { CubeReducer, ROOM } from "./parallel/cubeReducer.js";

export interface ReadCubeOptions extends Omit<ReadOptions, "reuse">, EventFilterOptions {
  /**
   * What the cube is to keep, or how to tell it from the first events (undefined if there are none), whose dimensions are
   * those that the log has. Default: what `new Cube()` keeps.
   */
  readonly cube?: CubeOptions | ((first: Events | undefined) => CubeOptions);
  /** The dimensions to read. Default: the cube's, if they are known beforehand and no batches are wanted; else all. */
  readonly dimensions?: readonly string[];
  /** Sees all events, batch by batch, in the order of the log. A batch is overwritten afterwards. */
  readonly onBatch?: (events: Events) => void;
}

const { reuse: _, ...READING } = READ_OPTIONS;

/** What each option takes. */
export const READ_CUBE_OPTIONS: Shapes<ReadCubeOptions> = {
  ...READING,
  cube: either(nested(CUBE_OPTIONS), callback),
  onBatch: callback,
  where: list(text, "conditions: name=value"),
  exclude: list(text, "conditions: name=value"),
};

/** A log as a cube, and what was read of it. */
export interface CubeRead {
  readonly cube: Cube;
  readonly report: ReadReport;
}

/**
 * Reads logs into one cube, in bounded memory but for the cube. The cube is that which adding every batch of
 * {@link readBatches} gives; but with `workers`, threads that read parts of a large file also sum them up, so that two of
 * them take little more than half the time.
 *
 * @throws what {@link readBatches} and `Cube` throw
 *
 * @example
 * ```ts
 * const { cube, report } = await readCube("logs/*.gz", { locator, workers: 4, cube: { dimensions: ["service"] } });
 * ```
 */
export async function readCube(sources: LogSource | readonly LogSource[], options: ReadCubeOptions): Promise<CubeRead> {
  checkReading("readCube", sources, options, READ_CUBE_OPTIONS);
  const { cube: wanted = {}, onBatch, where = [], exclude = [], ...reading } = options;
  const filter = where.length + exclude.length > 0 ? new EventFilter({ where, exclude }) : undefined;
  const known = typeof wanted === "function" || onBatch !== undefined ? undefined : (wanted.dimensions ?? []);
  const asked = [...where, ...exclude].flatMap((text) => filterDimension(text) ?? []);
  const counted = options.dimensions ?? known;
  const dimensions = counted && [...new Set([...counted, ...asked])];
  const filling = new Filling(wanted, options);
  let progress: ReadProgress | undefined;
  const onProgress = (now: ReadProgress): void => {
    progress = now;
    options.onProgress?.(now);
  };
  const plan = { ...reading, ...(dimensions && { dimensions }), onProgress, reuse: true };
  // Functions do not go to other threads: with conditions, or measures of the caller's own, this one alone sums up.
  const isAlone =
    filter !== undefined || (typeof wanted !== "function" && filling.cubeFor(undefined).settings.own.length > 0);
  const batches = readPlanned(sources, plan, isAlone ? undefined : filling);
  let isFirst = true;
  for await (const all of batches) {
    const rows = filter?.rows(all);
    const batch = rows === undefined ? all : takeRows(all, rows);
    const cube = filling.cubeFor(batch);
    if (isFirst && progress?.totalBytes) cube.expect((ROOM * progress.totalBytes) / progress.storedBytes);
    cube.add(batch);
    isFirst = false;
    onBatch?.(batch);
  }
  if (batches.report.events > 0) filter?.check();
  return { cube: filling.cubeFor(undefined), report: batches.report };
}

/** The cube that is being filled, begun when the first events are there. */
class Filling implements ChunkPlanner {
  readonly worker = workerUrl("cubeWorker.cjs");
  readonly keepsEvents: boolean;
  readonly keepsNames: boolean;
  readonly #wanted: NonNullable<ReadCubeOptions["cube"]>;
  readonly #options: ReadCubeOptions;
  #parts: CubeParts | undefined;
  #cube: Cube | undefined;

  constructor(wanted: NonNullable<ReadCubeOptions["cube"]>, options: ReadCubeOptions) {
    this.keepsEvents = options.onBatch !== undefined;
    this.keepsNames = this.keepsEvents || typeof wanted === "function";
    this.#wanted = wanted;
    this.#options = options;
    // What is wrong with the options is told before anything is read.
    if (typeof wanted !== "function") this.cubeFor(undefined);
  }

  cubeFor(first: Events | undefined): Cube {
    if (this.#cube !== undefined) return this.#cube;
    this.#parts = emptyParts(cubeSettings(typeof this.#wanted === "function" ? this.#wanted(first) : this.#wanted));
    this.#cube = new Cube(this.#parts);
    return this.#cube;
  }

  plan(first: FirstPart, threads: number): ChunkPlan {
    const cube = this.cubeFor(first.events);
    const { own } = cube.settings;
    if (own.length > 0)
      throw cubeError("bad-cube-option", {
        option: "measures",
        value: own.map(({ name }) => name).join(", "),
        expected: "none of your own where threads read and `cube` is a function",
      });
    const { locator, onBatch } = this.#options;
    return new CubeReducer({ cube, parts: this.#parts!, locator, threads, onBatch }, first);
  }
}
