import type { Allocate, Column } from "../../core/grown.js";
import { columnOf, type ListColumns, type ListSchema, listOf } from "../measures/state/stateSchema.js";
import type { Segment, SegmentStates } from "./segment.js";
import { roomOf, type SegmentCapacity } from "./segmentCapacity.js";
import {
  codeName,
  KEYS,
  rowName,
  type SegmentColumns,
  type SegmentShape,
  segmentColumns,
  widened,
} from "./segmentColumns.js";
import { weightedColumns, weightedSchema, weightedSegment } from "./weightedSegment.js";

const ownMemory: Allocate = (bytes) => new ArrayBuffer(bytes);

/** A segment at whose end groups are added and taken away, in memory with room for more. */
export class SegmentBuffer {
  #shape: SegmentShape;
  #firstBucket: number;
  readonly #allocate: Allocate;
  #length = 0;
  #room: SegmentCapacity;
  #columns: SegmentColumns;
  /** Of each list of the schema. */
  readonly #sketches: readonly Map<number, unknown>[];

  /**
   * @param shape - the columns of what will be added
   * @param firstBucket - bucket 0, counted from 1970; nothing that is added may be before it
   * @param room - what there is room for at first
   * @param allocate - where memory comes from; default this thread's
   */
  constructor(shape: SegmentShape, firstBucket: number, room: SegmentCapacity, allocate: Allocate = ownMemory) {
    this.#shape = shape;
    this.#firstBucket = firstBucket;
    this.#allocate = allocate;
    this.#room = room;
    this.#columns = segmentColumns(shape, room, allocate);
    this.#sketches = shape.schema.lists.map(() => new Map());
  }

  /** Whether it has the columns of a shape. */
  isFor({ dimensions, schema }: SegmentShape): boolean {
    return this.#shape.dimensions === dimensions && this.#shape.schema.isWeighted === schema.isWeighted;
  }

  /** Takes all groups away, to begin with those of another time. */
  begin(firstBucket: number): void {
    this.truncate(0);
    this.#firstBucket = firstBucket;
  }

  /** Adds the groups of a segment, or of a slice of one. */
  append(segment: Segment): void {
    if (segment.schema.isWeighted && !this.#shape.schema.isWeighted) this.#becomeWeighted();
    const { schema } = this.#shape;
    const more = schema.isWeighted ? weightedSegment(segment) : segment;
    const used = this.#used;
    this.#makeRoom(used, more);
    const { groups } = this.#columns;
    const at = used.groups;
    const later = more.firstBucket - this.#firstBucket;
    const bucket = groups[KEYS.bucket]!;
    for (let i = 0; i < more.length; i++) bucket[at + i] = more.bucket[i]! + later;
    groups[KEYS.place]!.set(more.place, at);
    for (const [d, codes] of more.codes.entries()) groups[codeName(d)]!.set(codes, at);
    for (const name of Object.keys(schema.columns)) groups[name]!.set(columnOf(more, name), at);
    for (const [l, list] of schema.lists.entries()) this.#appendList(l, list, listOf(more, list), used);
    this.#length = at + more.length;
  }

  #appendList(l: number, { name: list, rows, items }: ListSchema, more: ListColumns, used: SegmentCapacity): void {
    const { groups, items: columns } = this.#columns;
    const at = used.groups;
    for (const name of Object.keys(rows)) groups[rowName(list, name)]!.set(columnOf(more, name), at);
    addStarts(groups[rowName(list, "start")]! as Uint32Array, at, more.start);
    for (const name of Object.keys(items)) columns[l]![name]!.set(columnOf(more, name), used.items[l]!);
    if (more.sketches) for (const [group, sketch] of more.sketches) this.#sketches[l]!.set(at + group, sketch);
  }

  /** Takes all groups but the first `length` away. */
  truncate(length: number): void {
    this.#length = length;
    for (const sketches of this.#sketches)
      for (const group of sketches.keys()) if (group >= length) sketches.delete(group);
  }

  /** The groups as they are now: views, which what is added later may overwrite once groups are taken away. */
  view(): Segment {
    const { schema, dimensions } = this.#shape;
    const { groups } = this.#columns;
    const used = this.#used;
    const rows = <T extends Column>(name: string): T => groups[name]!.subarray(0, used.groups) as T;
    const states: Record<string, unknown> = {};
    for (const name of Object.keys(schema.columns)) states[name] = rows(name);
    for (const [l, list] of schema.lists.entries()) states[list.name] = this.#listView(l, list, used);
    return {
      schema,
      length: used.groups,
      firstBucket: this.#firstBucket,
      bucket: rows(KEYS.bucket),
      place: rows(KEYS.place),
      codes: Array.from({ length: dimensions }, (_, d) => rows(codeName(d))),
      ...(states as unknown as SegmentStates),
    };
  }

  #listView(l: number, { name: list, rows, items, sketchBytes }: ListSchema, used: SegmentCapacity): unknown {
    const { groups, items: columns } = this.#columns;
    const view: Record<string, unknown> = {
      start: groups[rowName(list, "start")]!.subarray(0, used.groups + 1),
    };
    for (const name of Object.keys(rows)) view[name] = groups[rowName(list, name)]!.subarray(0, used.groups);
    for (const name of Object.keys(items)) view[name] = columns[l]![name]!.subarray(0, used.items[l]!);
    if (sketchBytes > 0) view.sketches = this.#sketches[l]!;
    return view;
  }

  get #used(): SegmentCapacity {
    const { groups } = this.#columns;
    const length = this.#length;
    return {
      groups: length,
      items: this.#shape.schema.lists.map(({ name }) => groups[rowName(name, "start")]![length]!),
    };
  }

  /** Makes twice the room for what there is too little of. */
  #makeRoom(used: SegmentCapacity, more: Segment): void {
    const before = this.#room;
    const added = roomOf([more]);
    const capacity = (had: number, needed: number): number => (needed <= had ? had : Math.max(needed, 2 * had));
    this.#room = {
      groups: capacity(before.groups, used.groups + added.groups),
      items: before.items.map((had, l) => capacity(had, used.items[l]! + added.items[l]!)),
    };
    this.#columns = widened(this.#columns, this.#shape, used, before, this.#room, this.#allocate);
  }

  /** Makes room for fractions: until now all events were single requests. */
  #becomeWeighted(): void {
    const { schema, dimensions } = this.#shape;
    this.#shape = { dimensions, schema: weightedSchema(schema) };
    const wide = segmentColumns(this.#shape, this.#room, this.#allocate);
    this.#columns = weightedColumns(this.#columns, wide, this.#used);
  }
}

/** Adds the starts of more lists behind those of the first `groups`. */
function addStarts(column: Uint32Array, groups: number, starts: Uint32Array): void {
  const moved = column[groups]! - starts[0]!;
  for (let i = 1; i < starts.length; i++) column[groups + i] = starts[i]! + moved;
}
