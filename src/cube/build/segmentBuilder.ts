import type { EncodedEvents } from "../keys/encodedEvents.js";
import { BLOCK_ROWS } from "../keys/timeBlocks.js";
import { ClientWriter } from "../measures/clientStore.js";
import { UserWriter } from "../measures/distinctUsers.js";
import { type RecordLayout, recordLayout } from "../measures/lists/eventRecord.js";
import { LatencyWriter } from "../measures/lists/latencyWriter.js";
import type { MeasureContext } from "../measures/measure.js";
import { allMeasures, type MeasureChoice, schemaOf } from "../measures/measures.js";
import { completeState, type StateSchema } from "../measures/state/stateSchema.js";
import type { GroupKeys, Segment, SegmentStates } from "../segments/segment.js";
import { weightedEvents, withOwnStates } from "./addStates.js";
import { ChunkRows, keySpace } from "./chunkRows.js";
import { type BlockBuckets, blockBuckets, type EventChunk, eventChunks } from "./eventChunks.js";
import { RecordSorter, ScalarRecords } from "./eventRecords.js";
import { groupBySort } from "./groupBySort.js";
import { GroupColumns, type KeyShape } from "./groupColumns.js";
import { KeyCounters } from "./keyCounters.js";
import { RecordKernel } from "./recordKernel.js";

/** A table of all possible keys of a chunk is not larger than this, or, for a chunk of many rows, than a few times those. */
const SMALL_TABLE = 2 ** 20;
const MAX_TABLE = 2 ** 24;

export interface BuildOptions extends MeasureContext, MeasureChoice {
  /** How many dimensions events have. */
  readonly dimensions: number;
  /** Whether to do without WebAssembly. Default false. */
  readonly scalar?: boolean;
}

/**
 * Sums batches of events into segments, a few buckets at a time: small enough for all that this takes to stay in a fast
 * cache, and in memory that is used over and over. Events are brought together by key, then summed one group at a time, its
 * records side by side.
 */
export class SegmentBuilder {
  readonly #options: BuildOptions;
  readonly #schema: StateSchema;
  readonly #layout: RecordLayout;
  readonly #needsRecords: boolean;
  readonly #rows: ChunkRows;
  readonly #counters = new KeyCounters();
  readonly #sorter: RecordSorter;
  readonly #records: ScalarRecords;
  /** Undefined where there is no WebAssembly, or nothing for it to do. */
  readonly #kernel: RecordKernel | undefined;
  readonly #groups: GroupColumns;
  readonly #latencies = new LatencyWriter();
  readonly #clients: ClientWriter;
  readonly #users = new UserWriter();
  /** Rows of the batch at hand that chunks have been made of, or about so many. */
  #done = 0;

  constructor(options: BuildOptions) {
    this.#options = options;
    this.#schema = schemaOf(allMeasures(options), false);
    this.#layout = recordLayout(options.measures);
    this.#needsRecords = options.measures.has("latency") || this.#layout.stride > 1;
    this.#rows = new ChunkRows(this.#needsRecords || options.dimensions > 0);
    this.#sorter = new RecordSorter(this.#layout, options.meaning);
    this.#records = new ScalarRecords(this.#layout);
    if (this.#needsRecords && !options.scalar) this.#kernel = RecordKernel.create(this.#layout);
    this.#groups = new GroupColumns(options.dimensions);
    this.#clients = new ClientWriter(options.clients);
  }

  /** What is kept for the next batch. */
  get memoryBytes(): number {
    const chunk = [this.#rows, this.#counters, this.#records];
    const batch = [this.#groups, this.#latencies, this.#clients, this.#users];
    return [...chunk, ...batch, ...(this.#kernel ? [this.#kernel] : [])].reduce(
      (total, part) => total + part.memoryBytes,
      0,
    );
  }

  /** Some events as a segment, of views until the next is built. */
  build(events: EncodedEvents): Segment {
    const { own } = this.#options;
    if (events.weights) return weightedEvents(events, this.#options);
    const segment = this.#build(events);
    return own.length === 0 ? segment : withOwnStates(segment, events, own, this.#options);
  }

  /** The segment of events that each are one request: what measures' `add` makes of them, faster. */
  #build(events: EncodedEvents): Segment {
    const { measures } = this.#options;
    const buckets = blockBuckets(events);
    const chunks = eventChunks(events, buckets, keySpace(events, 1));
    if (measures.has("latency")) this.#latencies.reserve(0, events.length);
    if (measures.has("clients")) this.#clients.reserve(0, events.length);
    if (measures.has("users")) this.#users.reserve(0, events.length);
    this.#done = 0;
    for (const chunk of chunks) this.#add(events, buckets, chunk);
    const groups = this.#groups.take();
    const lists: Partial<SegmentStates> = {
      ...(measures.has("latency") && { latencies: this.#latencies.finish() }),
      ...(measures.has("clients") && { clients: this.#clients.finish() }),
      ...(measures.has("users") && { users: this.#users.finish() }),
    };
    return {
      ...completeState<SegmentStates>(this.#schema, groups.length, { ...groups, ...lists }),
      ...groups,
      schema: this.#schema,
      firstBucket: events.firstBucket,
    };
  }

  #add(events: EncodedEvents, buckets: BlockBuckets, chunk: EventChunk): void {
    const counters = this.#counters;
    const space = keySpace(events, chunk.to - chunk.from);
    const rows = chunk.blocks.length * BLOCK_ROWS;
    const fits = space <= Math.max(SMALL_TABLE, Math.min(MAX_TABLE, 4 * rows));
    const names = fits ? null : this.#rank(events, buckets, chunk);
    counters.open(names ? names.bucket.length : space, rows);
    if (names) this.#countRows(events, 0, -1);
    else this.#count(events, buckets, chunk);
    const keys = counters.sorted();
    this.#done += rows;
    this.#groups.reserve(keys.length, events.length / this.#done);
    this.#reserveLists(this.#groups.capacity - this.#groups.length);
    if (names) this.#groups.nameByRows(names);
    else this.#groups.nameByKeys(keys, keyShape(events, chunk));
    this.#groups.addCounts(keys, counters);
    if (this.#needsRecords) this.#addRecords(events, keys);
    counters.clear(keys);
  }

  /** Makes room for the lists of as many more groups as there is room for: writers would make it bit by bit. */
  #reserveLists(groups: number): void {
    const { measures } = this.#options;
    if (measures.has("latency")) this.#latencies.reserve(groups, 0);
    if (measures.has("clients")) this.#clients.reserve(groups, 0);
    if (measures.has("users")) this.#users.reserve(groups, 0);
  }

  /** Counts block by block, while a block's keys are in the nearest cache; keeps them if they are needed again. */
  #count(events: EncodedEvents, buckets: BlockBuckets, chunk: EventChunk): void {
    const rows = this.#rows;
    rows.clear(this.#needsRecords ? chunk.blocks.length : 1);
    for (const block of chunk.blocks) {
      if (!this.#needsRecords) rows.clear(1);
      const from = rows.length;
      this.#countRows(events, from, rows.add(events, block, buckets, chunk));
    }
  }

  #countRows({ status, bytes }: EncodedEvents, from: number, first: number): void {
    this.#counters.add(this.#rows, from, first, status, this.#options.meaning);
    if (this.#options.measures.has("bytes")) this.#counters.addBytes(this.#rows, from, bytes);
  }

  /** Finds other keys where there would be too many; returns what they mean. */
  #rank(events: EncodedEvents, buckets: BlockBuckets, chunk: EventChunk): GroupKeys {
    this.#rows.clear(chunk.blocks.length);
    for (const block of chunk.blocks) this.#rows.add(events, block, buckets, chunk);
    return groupBySort(events, chunk, this.#rows);
  }

  #addRecords(events: EncodedEvents, keys: Int32Array): void {
    const kernel = this.#kernel?.reserve(this.#rows.length) ? this.#kernel : null;
    const area = kernel ?? this.#records;
    area.reserve(this.#rows.length);
    const records = this.#sorter.sort(events, this.#rows, keys, this.#counters.count, area);
    const { measures } = this.#options;
    const layout = this.#layout;
    if (measures.has("latency") && kernel) kernel.addLatencies(records, this.#latencies);
    else if (measures.has("latency")) this.#latencies.addRecords(records, layout);
    if (layout.client > 0 && kernel) kernel.addClients(records, this.#clients);
    else if (layout.client > 0) this.#clients.addRecords(records, layout);
    if (layout.user > 0 && kernel) kernel.addUsers(records, this.#users);
    else if (layout.user > 0) this.#users.addRecords(records, layout);
  }
}

function keyShape({ sizes }: EncodedEvents, { from }: EventChunk): KeyShape {
  return { firstBucket: from, places: sizes[1]!, values: sizes.slice(2).map((size) => Math.max(1, size)) };
}
