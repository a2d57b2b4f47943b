import type { Column } from "../../core/grown.js";
import { columnOf, type ListColumns, type ListSchema, listOf } from "../measures/state/stateSchema.js";
import type { Segment } from "./segment.js";

/**
 * Groups [from, to) of a segment, as views of its columns. Lists still begin where they did in the segment, not at 0, unless
 * it is the whole of it: fit for `concatSegments` only.
 */
export function segmentSlice(segment: Segment, from: number, to: number): Segment {
  if (from === 0 && to === segment.length) return segment;
  const { schema } = segment;
  const rows = <T extends Column>(column: T): T => column.subarray(from, to) as T;
  const states: Record<string, unknown> = {};
  for (const name of Object.keys(schema.columns)) states[name] = rows(columnOf(segment, name));
  for (const list of schema.lists) states[list.name] = listSlice(listOf(segment, list), list, from, to);
  return {
    ...segment,
    ...states,
    length: to - from,
    bucket: rows(segment.bucket),
    place: rows(segment.place),
    codes: segment.codes.map(rows),
  };
}

function listSlice(columns: ListColumns, { rows, items }: ListSchema, from: number, to: number): ListColumns {
  const { start, sketches } = columns;
  const slice: Record<string, unknown> = { start: start.subarray(from, to + 1) };
  for (const name of Object.keys(rows)) slice[name] = columnOf(columns, name).subarray(from, to);
  for (const name of Object.keys(items)) slice[name] = columnOf(columns, name).subarray(start[from]!, start[to]!);
  if (sketches) slice.sketches = within(sketches, from, to);
  return slice as unknown as ListColumns;
}

function within<T>(sketches: ReadonlyMap<number, T>, from: number, to: number): ReadonlyMap<number, T> {
  const found = new Map<number, T>();
  for (const [group, sketch] of sketches) if (group >= from && group < to) found.set(group - from, sketch);
  return found;
}
