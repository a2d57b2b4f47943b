import type { Allocate } from "../../core/grown.js";
import { arrayOf, type Columns, type ColumnType, type StateSchema } from "../measures/state/stateSchema.js";
import type { SegmentCapacity } from "./segmentCapacity.js";

/** All columns of a segment, with room for more than they hold. */
export interface SegmentColumns {
  /** Those with a row a group: keys by {@link KEYS} and {@link codeName}, states by their names, of lists by {@link rowName}. */
  readonly groups: Columns;
  /** Those with a row an item of a list, in the order of the schema's lists. */
  readonly items: readonly Columns[];
}

/** Names of the keys' columns among the groups'; no state can have such a name. */
export const KEYS = { bucket: "#bucket", place: "#place" } as const;
export const codeName = (dimension: number): string => `#code${dimension}`;
/** The name that a list's column with a row a group has among the groups'. */
export const rowName = (list: string, name: string): string => `${list}.${name}`;

/** What columns a segment has. */
export interface SegmentShape {
  /** How many there are. */
  readonly dimensions: number;
  readonly schema: StateSchema;
}

/**
 * Columns of 0 for so many groups and items of lists, in one piece of memory: small pieces that come and go leave gaps, and
 * a large one goes back to the system as a whole.
 */
export function segmentColumns(shape: SegmentShape, room: SegmentCapacity, allocate: Allocate): SegmentColumns {
  const groups = groupSpecs(shape, room.groups);
  const items = room.items.map((rows, l) => itemSpecs(shape, l, rows));
  const sizes = [groups, ...items].map(bytesOf);
  const memory = allocate(sizes.reduce((total, size) => total + size, 0));
  let at = 0;
  const placed = [groups, ...items].map((specs, i) => {
    at += sizes[i]!;
    return placedAt(specs, memory, at - sizes[i]!);
  });
  return { groups: placed[0]!, items: placed.slice(1) };
}

/** Columns with more room: those that there was room enough for as they are, the others as copies. */
export function widened(
  columns: SegmentColumns,
  shape: SegmentShape,
  used: SegmentCapacity,
  before: SegmentCapacity,
  room: SegmentCapacity,
  allocate: Allocate,
): SegmentColumns {
  const wide = (from: Columns, specs: Spec[], rows: number): Columns =>
    copiedTo(placedAt(specs, allocate(bytesOf(specs)), 0), from, rows);
  return {
    groups:
      room.groups === before.groups
        ? columns.groups
        : wide(columns.groups, groupSpecs(shape, room.groups), used.groups + 1),
    items: columns.items.map((from, l) =>
      room.items[l] === before.items[l] ? from : wide(from, itemSpecs(shape, l, room.items[l]!), used.items[l]!),
    ),
  };
}

/** Columns after others of the same names were copied into them, up to so many rows. */
export function copiedTo(to: Columns, from: Columns, rows: number): Columns {
  for (const name of Object.keys(from)) to[name]!.set(from[name]!.subarray(0, rows));
  return to;
}

interface Spec {
  readonly name: string;
  readonly kind: ReturnType<typeof arrayOf>;
  readonly rows: number;
}

function groupSpecs({ dimensions, schema }: SegmentShape, rows: number): Spec[] {
  const spec = (name: string, type: ColumnType, length = rows): Spec => {
    return { name, kind: arrayOf(type, schema.isWeighted), rows: length };
  };
  return [
    spec(KEYS.bucket, "u32"),
    spec(KEYS.place, "u32"),
    ...Array.from({ length: dimensions }, (_, d) => spec(codeName(d), "u32")),
    ...Object.entries(schema.columns).map(([name, type]) => spec(name, type)),
    ...schema.lists.flatMap((list) => [
      ...Object.entries(list.rows).map(([name, type]) => spec(rowName(list.name, name), type)),
      spec(rowName(list.name, "start"), "u32", rows + 1),
    ]),
  ];
}

function itemSpecs({ schema }: SegmentShape, list: number, rows: number): Spec[] {
  const columns = Object.entries(schema.lists[list]!.items);
  return columns.map(([name, type]) => ({ name, kind: arrayOf(type, schema.isWeighted), rows }));
}

/** Bytes of some columns, so that others may begin behind them. */
function bytesOf(specs: readonly Spec[]): number {
  const bytes = specs.reduce((total, { kind, rows }) => total + kind.BYTES_PER_ELEMENT * rows, 0);
  return 8 * Math.ceil(bytes / 8);
}

/** Columns from byte `at` of some memory on, the widest first, as each begins at a multiple of its width. */
function placedAt(specs: readonly Spec[], memory: ArrayBufferLike, at: number): Columns {
  const columns: Columns = {};
  let next = at;
  for (const { name, kind, rows } of specs.toSorted((a, b) => b.kind.BYTES_PER_ELEMENT - a.kind.BYTES_PER_ELEMENT)) {
    columns[name] = new kind(memory as ArrayBuffer, next, rows);
    next += rows * kind.BYTES_PER_ELEMENT;
  }
  return columns;
}
