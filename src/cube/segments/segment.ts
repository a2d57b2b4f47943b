import type { AnsweredColumns } from "../measures/answered.js";
import type { ByteColumns } from "../measures/bytes.js";
import type { ClientColumns } from "../measures/clients.js";
import type { CountColumns } from "../measures/count.js";
import type { DeniedColumns } from "../measures/denied.js";
import type { ErrorColumns } from "../measures/errors.js";
import type { LatencyColumns } from "../measures/latency.js";
import { columnOf, completeState, itemCount, listOf, type StateSchema } from "../measures/state/stateSchema.js";
import type { UserColumns } from "../measures/users.js";
import type { WeightColumns } from "../measures/weights.js";

/** What a group is: one bucket, one place, one value of each dimension. */
export interface GroupKeys {
  /** Bucket number; that of the segment's or cube's first bucket is 0. */
  readonly bucket: Uint32Array;
  /** Rows of the cube's places. */
  readonly place: Uint32Array;
  /** One column a dimension, codes of its dictionary. */
  readonly codes: readonly Uint32Array[];
}

/** The groups that occur, each once, ascending by bucket, place and codes: one row each in columns of `length` rows. */
export interface CubeGroups
  extends GroupKeys,
    CountColumns,
    ErrorColumns,
    DeniedColumns,
    AnsweredColumns,
    ByteColumns,
    WeightColumns {
  readonly length: number;
}

/** A finished piece of a cube: its groups' keys, and the states of its measures, of which the schema tells. */
export interface Segment extends CubeGroups, LatencyColumns, ClientColumns, UserColumns {
  readonly schema: StateSchema;
  /** Bucket 0 of `bucket`, counted from 1970. */
  readonly firstBucket: number;
}

/** The states of a segment's measures. */
export type SegmentStates = Omit<Segment, keyof GroupKeys | "schema" | "length" | "firstBucket">;

/** A segment that a cube is to take. */
export interface AddedSegment {
  readonly segment: Segment;
  /** Whether its memory is written to again afterwards. Default false. */
  readonly isBorrowed?: boolean;
}

/** Events that were summed elsewhere; without a segment if none of them is within the cube's window. */
export type SummedEvents = { readonly outside: number } & (
  | { readonly segment: null }
  | (AddedSegment & { readonly firstTimeMs: number; readonly lastTimeMs: number })
);

/** A segment without groups. */
export function emptySegment(dimensions: number, schema: StateSchema): Segment {
  const none = new Uint32Array(0);
  return {
    schema,
    length: 0,
    firstBucket: 0,
    bucket: none,
    place: none,
    codes: Array.from({ length: dimensions }, () => none),
    ...completeState<SegmentStates>(schema, 0),
  };
}

/** One more than the last bucket of groups in any order. */
export function bucketSpan({ bucket }: GroupKeys): number {
  let last = -1;
  for (let g = 0; g < bucket.length; g++) if (bucket[g]! > last) last = bucket[g]!;
  return last + 1;
}

/** Bytes that the columns of a segment take. */
export function segmentBytes(segment: Segment): number {
  const { schema, codes, length } = segment;
  let bytes = 4 * (2 + codes.length) * length;
  for (const name of Object.keys(schema.columns)) bytes += columnOf(segment, name).byteLength;
  for (const list of schema.lists) {
    const columns = listOf(segment, list);
    bytes += 4 * length;
    for (const name of Object.keys(list.rows)) bytes += columnOf(columns, name).byteLength;
    for (const name of Object.keys(list.items)) bytes += itemCount(columns) * columnOf(columns, name).BYTES_PER_ELEMENT;
    bytes += list.sketchBytes * (columns.sketches?.size ?? 0);
  }
  return bytes;
}
