import type { ClientCodes } from "../keys/clientCodes.js";
import type { AnyMeasure } from "../measures/measure.js";
import { statesOf } from "../measures/measures.js";
import { completeState } from "../measures/state/stateSchema.js";
import type { GroupKeys, Segment, SegmentStates } from "./segment.js";
import { sortGroupBy } from "./sortGroupBy.js";

/** What a segment's groups are to become. */
export interface Regrouping {
  /** New keys of the groups of `rows`, row i of the keys being that of group rows[i]. */
  readonly keys: GroupKeys;
  /** The groups to keep. */
  readonly rows: Uint32Array;
  /** Bucket, place and each dimension hold integers below these. */
  readonly sizes: readonly number[];
  readonly firstBucket: number;
}

/** What a segment's states are merged by. */
export interface MergedMeasures {
  /** The measures that are kept; of others the columns are emptied. */
  readonly measures: readonly AnyMeasure[];
  readonly clients: ClientCodes;
}

/**
 * Sums the groups whose new keys are equal. Merging, slicing, rolling up and resampling are all this one operation on
 * different keys, which is why each equals building anew from the events.
 */
export function aggregateGroups(segment: Segment, merged: MergedMeasures, to: Regrouping): Segment {
  const columns = [to.keys.bucket, to.keys.place, ...to.keys.codes];
  const { order: positions, starts, groups } = sortGroupBy(columns, to.sizes, to.rows.length);
  const heads = starts.subarray(0, groups).map((start) => positions[start]!);
  const rows = { order: positions.map((row) => to.rows[row]!), starts, groups };
  const { schema } = segment;
  const states: object = {};
  for (const measure of statesOf(merged.measures, schema.isWeighted))
    Object.assign(states, measure.merge(segment, rows, merged));
  return {
    schema,
    length: groups,
    firstBucket: to.firstBucket,
    bucket: heads.map((row) => to.keys.bucket[row]!),
    place: heads.map((row) => to.keys.place[row]!),
    codes: to.keys.codes.map((column) => heads.map((row) => column[row]!)),
    ...completeState<SegmentStates>(schema, groups, states),
  };
}
