import type { EncodedEvents } from "../keys/encodedEvents.js";
import type { AnyMeasure, MeasureContext } from "../measures/measure.js";
import { allMeasures, keptMeasures, type MeasureChoice, schemaOf, statesOf } from "../measures/measures.js";
import { completeState } from "../measures/state/stateSchema.js";
import type { GroupKeys, Segment, SegmentStates } from "../segments/segment.js";
import { type RowOrder, sortGroupBy } from "../segments/sortGroupBy.js";

/**
 * Weighted events as a segment, by the measures' own `add`: all of them are grouped at once, by sorting. What the fast
 * builder makes of single requests is the same, but for the order in lists.
 */
export function weightedEvents(events: EncodedEvents, options: MeasureContext & MeasureChoice): Segment {
  const { keys, rows } = groupedEvents(events);
  const schema = schemaOf(allMeasures(options), true);
  const states = addStates(events, rows, statesOf(keptMeasures(options), true), options);
  return {
    ...completeState<SegmentStates>(schema, rows.groups, states),
    ...keys,
    schema,
    length: rows.groups,
    firstBucket: events.firstBucket,
  };
}

/** A segment of some events with the states of measures that the fast builder does not know. */
export function withOwnStates(
  segment: Segment,
  events: EncodedEvents,
  own: readonly AnyMeasure[],
  context: MeasureContext,
): Segment {
  return { ...segment, ...addStates(events, groupedEvents(events).rows, own, context) };
}

function addStates(
  events: EncodedEvents,
  rows: RowOrder,
  measures: readonly AnyMeasure[],
  context: MeasureContext,
): Partial<SegmentStates> {
  return Object.assign({}, ...measures.map((measure) => measure.add(events, rows, context)));
}

/** Which rows each group has, and the groups' keys, ascending. */
function groupedEvents(events: EncodedEvents): { readonly keys: GroupKeys; readonly rows: RowOrder } {
  const { length, timeMs, place, rowOfPlace, codes, sizes, firstBucket, bucketMs } = events;
  const bucket = Uint32Array.from({ length }, (_, i) => Math.floor(timeMs[i]! / bucketMs) - firstBucket);
  const placeRow = Uint32Array.from({ length }, (_, i) => rowOfPlace[place[i]!]! - 1);
  const rows = sortGroupBy([bucket, placeRow, ...codes], sizes, length);
  const heads = rows.starts.subarray(0, rows.groups).map((start) => rows.order[start]!);
  const ofHeads = (column: Uint32Array): Uint32Array => heads.map((row) => column[row]!);
  return { rows, keys: { bucket: ofHeads(bucket), place: ofHeads(placeRow), codes: codes.map(ofHeads) } };
}
