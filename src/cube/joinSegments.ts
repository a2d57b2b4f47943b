import type { ClientCodes } from "./clientCodes.js";
import { concatSegments } from "./concatSegments.js";
import type { CubeMeasure } from "./cubeOptions.js";
import { identityRows } from "./identityRows.js";
import { regroup } from "./regroup.js";
import { bucketSpan, type Segment } from "./segment.js";
import { segmentSlice } from "./segmentSlice.js";

/** Segments of like size are joined by so many at a time, since each joining copies all that they hold. */
const FAN_IN = 8;
/** Together they have no more groups than this (some 100 MB), so that the same groups in each do not take too much memory. */
const MAX_WAITING = 2 ** 20;

/** Segments that share no more than this part of their time hold few groups twice: joining them can wait. */
const SHARED_TIME = 0.25;

/** How many of the last segments are to be joined now; 1 or less if none. */
export function dueForJoining(segments: readonly Segment[]): number {
  const last = segments.at(-1);
  if (!last) return 0;
  let count = 0;
  let groups = 0;
  for (let i = segments.length - 1; i >= 0 && segments[i]!.length <= 2 * last.length; i--) {
    count++;
    groups += segments[i]!.length;
  }
  return (count >= FAN_IN || groups > MAX_WAITING) && shareTime(segments.slice(-count)) ? count : 0;
}

/** Whether segments are of the same time, more than in passing: those of a log in order only meet where one ends. */
function shareTime(segments: readonly Segment[]): boolean {
  const spans = segments.map((segment) => ({ from: segment.firstBucket, to: endBucket(segment) }));
  spans.sort((a, b) => a.from - b.from);
  let [covered, shared] = [0, 0];
  let end = Number.NEGATIVE_INFINITY;
  for (const { from, to } of spans) {
    const fresh = Math.max(0, to - Math.max(from, end));
    covered += fresh;
    shared += to - from - fresh;
    end = Math.max(end, to);
  }
  return shared > SHARED_TIME * covered;
}

/** What the segments' numbers mean; they all number their places, clients and values alike. */
export interface SegmentNumbers {
  readonly clients: ClientCodes;
  /** How many places and values of each dimension there are. */
  readonly sizes: readonly number[];
  readonly measures: ReadonlySet<CubeMeasure>;
}

/**
 * One segment with the groups of several, at least one. Logs come nearly in order of time, so most buckets are in one
 * segment alone: their groups are copied as they are, and only those of the others are brought together.
 */
export function joinSegments(segments: readonly Segment[], numbers: SegmentNumbers): Segment {
  const pieces = stretches(segments).map(({ from, to, members }) => {
    const slices = members.map((segment) => bucketSlice(segment, from, to)).filter(({ length }) => length > 0);
    return slices.length > 1 ? regroupTogether(slices, numbers) : slices;
  });
  const found = pieces.flat();
  return found.length === 1 ? found[0]! : concatSegments(found);
}

/** Buckets [from, to), counted from 1970, and the segments that may have some of them. */
interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly members: readonly Segment[];
}

/** Cuts time wherever a segment begins or ends; neighbours that are shared are one stretch. */
function stretches(segments: readonly Segment[]): Stretch[] {
  const spans = segments.map((segment) => ({ segment, from: segment.firstBucket, to: endBucket(segment) }));
  const cuts = [...new Set(spans.flatMap(({ from, to }) => [from, to]))].sort((a, b) => a - b);
  const found: Stretch[] = [];
  for (let c = 0; c + 1 < cuts.length; c++) {
    const [from, to] = [cuts[c]!, cuts[c + 1]!];
    const members = spans.filter((span) => span.from <= from && span.to >= to).map(({ segment }) => segment);
    const last = found.at(-1);
    if (members.length > 1 && last && last.members.length > 1 && last.to === from)
      found[found.length - 1] = { from: last.from, to, members: [...new Set([...last.members, ...members])] };
    else if (members.length > 0) found.push({ from, to, members });
  }
  return found;
}

/** One more than the last bucket, counted from 1970. */
export const endBucket = ({ firstBucket, bucket, length }: Segment): number => firstBucket + bucket[length - 1]! + 1;

/** The groups of buckets [from, to), counted from 1970, as views. */
export function bucketSlice(segment: Segment, from: number, to: number): Segment {
  const { firstBucket } = segment;
  return segmentSlice(segment, groupAt(segment, from - firstBucket), groupAt(segment, to - firstBucket));
}

/** The first group of a bucket or one after it. */
export function groupAt({ bucket, length }: Pick<Segment, "bucket" | "length">, wanted: number): number {
  let [low, high] = [0, length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (bucket[middle]! < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** {@link joinSegments} for groups in any order: sums all that are equal. */
export function regroupTogether(segments: readonly Segment[], { clients, sizes, measures }: SegmentNumbers): Segment {
  const all = concatSegments(segments);
  return regroup(all, clients, {
    keys: all,
    rows: identityRows(all.length),
    sizes: [bucketSpan(all), ...sizes],
    firstBucket: all.firstBucket,
    measures,
  });
}
