import type { Events } from "../../core/events.js";
import type { ColumnLocator } from "../../read/columns/eventColumns.js";
import type { ChunkPlan, FirstPart, MadePart } from "../../read/parallel/chunkWork.js";
import type { Cube } from "../cube.js";
import type { CubeParts } from "../cubeParts.js";
import { cubeError } from "../errors.js";
import { FIRST_LONG } from "../keys/clientCodes.js";
import { derivedText } from "../keys/dimensionSource.js";
import type { ClientStore } from "../measures/clientStore.js";
import { keptMeasures } from "../measures/measures.js";
import { regroupTogether } from "../segments/compactSegments.js";
import type { AddedSegment, Segment } from "../segments/segment.js";
import { type ChunkCube, type MadeCube, PartCubes, type PartCubeTask } from "./chunkCube.js";
import type { FreshValues } from "./chunkIds.js";
import { IdLog } from "./idLog.js";
import type { FreshKeys } from "./keyIds.js";

/** Values of a dimension whose codes a thread is told at most; the cube replaces those of others in every part. */
const MAX_TOLD_VALUES = 8192;

/** Somewhat more than what is expected. */
export const ROOM = 1.15;

export interface PartIntakeOptions {
  readonly cube: Cube;
  /** What the cube was made of, but for its events. */
  readonly parts: CubeParts;
  readonly locator: ColumnLocator;
  readonly threads: number;
  /** Sees the events of each part, if it is given. */
  readonly onBatch: ((events: Events) => void) | undefined;
}

/**
 * Has threads sum up parts of a file, and puts them into a cube, in their order: so the cube gives its numbers as if it had
 * seen the events itself.
 */
export class CubeReducer implements ChunkPlan {
  readonly work: PartCubes;
  readonly #options: PartIntakeOptions;
  readonly #places: IdLog;
  /** Of each thread, of each dimension. */
  readonly #values: readonly (readonly IdLog[])[];
  readonly #derived: readonly IdLog[];
  /** The cube's code of each row of a thread's table of clients. */
  readonly #clientsOf: number[][];
  readonly #fileParts: number;

  /** @param first - the file's first part, of which each thread is told what numbers the cube gives it */
  constructor(options: PartIntakeOptions, first: FirstPart) {
    const { locator, parts, threads } = options;
    const { dimensions } = parts;
    this.#options = options;
    this.#fileParts = first.fileParts;
    this.#places = IdLog.create(locator.places.length);
    this.#derived = dimensions.map(() => IdLog.create(Math.max(locator.networks.length, 1024)));
    this.#values = Array.from({ length: threads }, () => dimensions.map(() => IdLog.create(MAX_TOLD_VALUES)));
    this.#clientsOf = Array.from({ length: threads }, () => []);
    this.work = new PartCubes(this.told(0));
    const { places, values } = this.work.freshOf(first.events);
    this.#placeNumbers(places);
    values.forEach((fresh, d) => {
      this.#valueNumbers(fresh, d, 0, first.textOf);
    });
  }

  told(thread: number): PartCubeTask {
    const { parts, locator } = this.#options;
    return {
      settings: parts.settings,
      isShared: thread > 0,
      numbers: {
        places: this.#places.shared,
        placeCount: locator.places.length,
        networkCount: locator.networks.length,
        values: this.#values[thread]!.map((log) => log.shared),
        derived: this.#derived.map((log) => log.shared),
      },
    };
  }

  take(part: MadePart): void {
    const { cube, onBatch } = this.#options;
    const made = part.made as MadeCube;
    if ("failed" in made) throw cubeError(made.failed.code as never, made.failed.details as never);
    if (part.isFirst) cube.expect(ROOM * this.#fileParts);
    if ("segment" in made) cube.addSummed({ ...made, ...this.#adopted(made, part) });
    else cube.addSummed({ segment: null, outside: made.outside });
    if (part.events !== undefined && part.events.length > 0) onBatch?.(part.events);
  }

  /** A part's segment in the numbers of the cube. */
  #adopted(made: ChunkCube, part: MadePart): AddedSegment {
    const { parts } = this.#options;
    const places = this.#placeNumbers(made.places);
    const values = made.values.map((fresh, d) => this.#valueNumbers(fresh, d, part.thread, part.textOf));
    const numbered: Segment = {
      ...made.segment,
      place: renumbered(made.segment.place, made.places, places),
      codes: made.segment.codes.map((codes, d) => renumbered(codes, made.values[d]!, values[d]!)),
      clients: this.#clients(made, part.thread),
    };
    if (isOrdered(numbered)) return { segment: numbered, isBorrowed: true };
    const sizes = [parts.places.length, ...parts.dimensions.map((d) => d.dictionary.size)];
    const measures = keptMeasures(parts.settings);
    return { segment: regroupTogether([numbered], { clients: parts.clients, sizes, measures }) };
  }

  #placeNumbers({ keys }: FreshKeys): Uint32Array {
    const { parts, locator } = this.#options;
    const rows = new Uint32Array(keys.length);
    parts.places.rowsOf(locator.places, keys, rows);
    this.#places.append(keys, rows, parts.places.length);
    return rows;
  }

  #valueNumbers({ keys, kind }: FreshValues, d: number, thread: number, textOf: FirstPart["textOf"]): Uint32Array {
    const { parts, locator } = this.#options;
    const dimension = parts.dimensions[d]!;
    const derived = kind === "value" ? undefined : derivedText(dimension.name, locator.networks);
    const codes = keys.map((key) => dimension.code(derived ? derived(key) : textOf(dimension.name, key)));
    const log = kind === "value" ? this.#values[thread]![d]! : this.#derived[d]!;
    log.append(keys, codes, dimension.dictionary.size);
    return codes;
  }

  #clients({ segment, longClients }: ChunkCube, thread: number): ClientStore {
    const { clients } = this.#options.parts;
    const codeOf = this.#clientsOf[thread]!;
    for (let at = 0; at < longClients.length; at += 4)
      codeOf.push(clients.longCode(longClients[at]!, longClients[at + 1]!, longClients[at + 2]!, longClients[at + 3]!));
    if (codeOf.length === 0) return segment.clients;
    const code = segment.clients.code.map((own) => (own < FIRST_LONG ? own : codeOf[own - FIRST_LONG]!));
    return { ...segment.clients, code };
  }
}

/** A column in which the numbers of fresh keys are replaced by those that the cube has given them. */
function renumbered(column: Uint32Array, { first, keys }: FreshKeys, numbers: Uint32Array): Uint32Array {
  if (keys.length === 0) return column;
  return Uint32Array.from(column, (number) => (number < first ? number : numbers[number - first]!));
}

/** Whether groups ascend by bucket, place and codes, each once. */
function isOrdered({ bucket, place, codes, length }: Segment): boolean {
  for (let g = 1; g < length; g++) {
    let order = bucket[g]! - bucket[g - 1]! || place[g]! - place[g - 1]!;
    for (let d = 0; d < codes.length && order === 0; d++) order = codes[d]![g]! - codes[d]![g - 1]!;
    if (order <= 0) return false;
  }
  return true;
}
