import { isGeopivotError } from "../../core/errors.js";
import type { Events } from "../../core/events.js";
import type { Allocate } from "../../core/grown.js";
import { allocateShared } from "../../core/grown.js";
import type { ChunkWork } from "../../read/parallel/chunkWork.js";
import { EventEncoder } from "../build/eventEncoder.js";
import { SegmentBuilder } from "../build/segmentBuilder.js";
import type { CubeSettings } from "../cubeOptions.js";
import { ClientCodes } from "../keys/clientCodes.js";
import { statusFlags } from "../measures/statusFlags.js";
import type { Segment } from "../segments/segment.js";
import { SegmentBuffer } from "../segments/segmentBuffer.js";
import { roomOf, scaledRoom } from "../segments/segmentCapacity.js";
import type { SegmentShape } from "../segments/segmentColumns.js";
import { shapeOf } from "../segments/shapeOf.js";
import { ChunkIds, type FreshValues, type SharedNumbers } from "./chunkIds.js";
import type { FreshKeys } from "./keyIds.js";

/** What a thread is told that makes cubes of parts. */
export interface PartCubeTask {
  readonly settings: CubeSettings;
  readonly numbers: SharedNumbers;
  /** Whether another thread is to read what is made: it lies in memory that threads share, then. */
  readonly isShared: boolean;
}

/** A part summed up, in numbers of the cube where the thread knew them. */
export interface ChunkCube {
  readonly segment: Segment;
  readonly firstTimeMs: number;
  readonly lastTimeMs: number;
  /** Events outside the cube's window, or without a time. */
  readonly outside: number;
  readonly places: FreshKeys;
  /** Of each dimension of the cube. */
  readonly values: readonly FreshValues[];
  /** Words of the rows that the thread's table of clients has more than before. */
  readonly longClients: Uint32Array;
}

/** A part without events within the cube's window, or one that the cube cannot take. */
export type MadeCube =
  | ChunkCube
  | { readonly outside: number }
  | { readonly failed: { readonly code: string; readonly details: object } };

/** So much more room than a part needs, for those that follow. */
const SPARE = 1.25;

/** Makes cubes of the parts that a thread reads. */
export class PartCubes implements ChunkWork {
  readonly #allocate: Allocate | undefined;
  readonly #clients = new ClientCodes();
  readonly #numbers: ChunkIds;
  readonly #coder: EventEncoder;
  readonly #builder: SegmentBuilder;
  /** What is yet to be read, and its memory. */
  readonly #lent = new Map<Segment, SegmentBuffer>();
  /** Memory that nobody reads any more. */
  readonly #free: SegmentBuffer[];
  /** Rows of the table of clients that were told of. */
  #told = 0;

  /** @param free - memory that others of this thread have left, of the same kind */
  constructor({ settings, numbers, isShared }: PartCubeTask, free: SegmentBuffer[] = []) {
    this.#free = free;
    this.#allocate = isShared ? allocateShared : undefined;
    this.#numbers = new ChunkIds(settings.dimensions, numbers, this.#clients);
    this.#coder = new EventEncoder(settings, this.#numbers);
    this.#builder = new SegmentBuilder({
      meaning: statusFlags(settings.errorStatuses),
      measures: settings.measures,
      own: settings.own,
      clients: this.#clients,
      dimensions: settings.dimensions.length,
    });
  }

  /** What some events have that the thread has no number for. Throws `too-many-buckets`. */
  freshOf(events: Events): Pick<ChunkCube, "places" | "values"> {
    this.#numbers.begin();
    this.#coder.encode(events);
    return { places: this.#numbers.freshPlaces, values: this.#numbers.freshValues };
  }

  make(events: Events): MadeCube {
    try {
      return this.#make(events);
    } catch (error) {
      // An error that goes through a thread's end is no longer one of ours.
      if (isGeopivotError(error)) return { failed: { code: error.code, details: error.details } };
      throw error;
    }
  }

  reuse(made: unknown): void {
    const cube = made as MadeCube;
    const memory = "segment" in cube ? this.#lent.get(cube.segment) : undefined;
    if (memory === undefined) return;
    this.#lent.delete((cube as ChunkCube).segment);
    this.#free.push(memory);
  }

  #make(events: Events): MadeCube {
    const numbers = this.#numbers;
    numbers.begin();
    const coded = this.#coder.encode(events);
    if (coded === null) return { outside: events.length };
    const segment = this.#builder.build(coded);
    const { firstTimeMs, lastTimeMs, outside } = coded;
    const longClients = this.#clients.longTable(this.#told);
    this.#told = this.#clients.longCount;
    const fresh = { places: numbers.freshPlaces, values: numbers.freshValues, longClients };
    return { segment: this.#lend(segment), firstTimeMs, lastTimeMs, outside, ...fresh };
  }

  /** A copy that stays until it is taken back. */
  #lend(segment: Segment): Segment {
    const { firstBucket } = segment;
    const room = scaledRoom(roomOf([segment]), SPARE);
    const shape = shapeOf([segment]);
    const memory = this.#freeFor(shape) ?? new SegmentBuffer(shape, firstBucket, room, this.#allocate);
    memory.begin(firstBucket);
    memory.append(segment);
    const copy = memory.view();
    this.#lent.set(copy, memory);
    return copy;
  }

  /** Free memory for segments of a shape; what is for others goes. */
  #freeFor(shape: SegmentShape): SegmentBuffer | undefined {
    for (let memory = this.#free.pop(); memory !== undefined; memory = this.#free.pop())
      if (memory.isFor(shape)) return memory;
    return undefined;
  }
}
