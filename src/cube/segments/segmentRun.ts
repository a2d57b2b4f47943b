import { bucketSlice, endBucket, groupAt, regroupTogether, type SegmentNumbers } from "./compactSegments.js";
import { type Segment, segmentBytes } from "./segment.js";
import { SegmentBuffer } from "./segmentBuffer.js";
import { roomOf, scaledRoom } from "./segmentCapacity.js";
import { segmentSlice } from "./segmentSlice.js";
import { shapeOf } from "./shapeOf.js";

/** A segment follows on if no more than this part of it, in groups, has to be summed with the end of what it follows. */
const MOST_SHARED = 1 / 2;
/** No more bytes than these are made room for because they are expected. */
const MOST_EXPECTED = 2 ** 30;

/** Segments that follow one another in time, as one. */
export class SegmentRun {
  /** All groups, until another segment changes them. */
  segment: Segment;
  /** The memory of `segment`, once others have followed it. */
  #growing: SegmentBuffer | undefined;

  /** @param segment - the first; stays as it is */
  constructor(segment: Segment) {
    this.segment = segment;
  }

  /** A run that begins with a copy. @param scale - how many times as large it is to be expected to become */
  static copyOf(segment: Segment, scale: number): SegmentRun {
    const growing = grownFrom(segment, scale);
    const run = new SegmentRun(growing.view());
    run.#growing = growing;
    return run;
  }

  /** Whether a segment comes behind all others, but for a few buckets. */
  isFollowedBy(next: Segment): boolean {
    const { segment } = this;
    return (
      next.firstBucket >= segment.firstBucket &&
      segment.length - firstShared(segment, next) <= MOST_SHARED * next.length
    );
  }

  /** @param scale - how many times as large as now it is to be expected to become, if this is the second */
  append(next: Segment, numbers: SegmentNumbers, scale: number): void {
    const before = this.segment;
    this.#growing ??= grownFrom(before, scale);
    const growing = this.#growing;
    const from = firstShared(before, next);
    let rest = next;
    if (from < before.length) {
      const end = endBucket(before);
      const shared = [segmentSlice(before, from, before.length), bucketSlice(next, next.firstBucket, end)];
      const summed = regroupTogether(shared, numbers, next.firstBucket);
      growing.truncate(from);
      growing.append(summed);
      rest = bucketSlice(next, end, Number.POSITIVE_INFINITY);
    }
    if (rest.length > 0) growing.append(rest);
    this.segment = growing.view();
  }

  /** All groups, as they are to stay: what follows goes into a copy. */
  keep(): Segment {
    this.#growing = undefined;
    return this.segment;
  }
}

function grownFrom(segment: Segment, scale: number): SegmentBuffer {
  const factor = Math.max(1, Math.min(scale, MOST_EXPECTED / segmentBytes(segment)));
  const room = scaledRoom(roomOf([segment]), factor);
  const growing = new SegmentBuffer(shapeOf([segment]), segment.firstBucket, room);
  growing.append(segment);
  return growing;
}

/** The first group of a segment that is of another's time. */
function firstShared(before: Segment, segment: Segment): number {
  return groupAt(before, segment.firstBucket - before.firstBucket);
}
