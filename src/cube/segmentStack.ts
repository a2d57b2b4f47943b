import { GrowingSegment } from "./growingSegment.js";
import {
  bucketSlice,
  dueForJoining,
  endBucket,
  groupAt,
  joinSegments,
  regroupTogether,
  type SegmentNumbers,
} from "./joinSegments.js";
import { emptySegment, type Segment, segmentBytes } from "./segment.js";
import { segmentSlice } from "./segmentSlice.js";

/** A segment is put behind the others if no more than this part of it, in groups, has to be summed with their end. */
const MOST_SHARED = 1 / 2;
/** No more bytes than these are made room for because they are expected. */
const MOST_EXPECTED = 2 ** 29;

/**
 * The segments that a cube is made of so far. Those of a log in order are put behind one another as they come, and only the
 * few buckets that two of them share are summed anew; others wait until there are several to be joined.
 */
export class SegmentStack {
  readonly #dimensions: number;
  #growing: GrowingSegment;
  /** Whether somebody has seen the growing segment: it must not change then. */
  #isSeen = false;
  /** From the largest to the smallest, but for those that are soon to be joined. */
  #waiting: Segment[] = [];
  /** How many times as large as now the cube is to be expected to become. */
  #scale = 1;

  /**
   * @param segment - what there is to begin with; stays as it is
   * @param dimensions - how many there are
   */
  constructor(segment: Segment, dimensions: number) {
    this.#dimensions = dimensions;
    this.#growing = new GrowingSegment(dimensions);
    if (segment.length > 0) this.#waiting.push(segment);
  }

  /** Says how many times as large as now the cube will become, so that there is room for it at once. */
  expect(scale: number): void {
    this.#scale = scale;
  }

  add(segment: Segment, numbers: SegmentNumbers): void {
    if (this.#goesBehindAll(segment)) {
      this.#append(segment, numbers);
      return;
    }
    this.#waiting.push(segment);
    for (let count = dueForJoining(this.#waiting); count > 1; count = dueForJoining(this.#waiting))
      this.#waiting.push(joinSegments(this.#waiting.splice(-count), numbers));
  }

  /** All groups in one piece, which stays as it is. */
  whole(numbers: SegmentNumbers): Segment {
    if (this.#waiting.length > 0) {
      const all = this.#growing.length > 0 ? [this.#growing.view(), ...this.#waiting] : this.#waiting;
      this.#waiting = [joinSegments(all, numbers)];
      this.#startAnew();
      return this.#waiting[0]!;
    }
    if (this.#growing.length === 0) return emptySegment(this.#dimensions);
    this.#isSeen = true;
    return this.#growing.view();
  }

  get memoryBytes(): number {
    const waiting = this.#waiting.reduce((total, segment) => total + segmentBytes(segment), 0);
    return waiting + (this.#growing.length > 0 ? segmentBytes(this.#growing.view()) : 0);
  }

  /** Whether the segment can be put behind what there is; if that is one segment, it begins to grow. */
  #goesBehindAll(segment: Segment): boolean {
    if (this.#growing.length > 0) return followsOn(this.#growing.view(), segment);
    const [only, ...others] = this.#waiting;
    if (only === undefined || others.length > 0 || !followsOn(only, segment)) return false;
    this.#waiting = [];
    this.#growing.append(only, Math.max(1, Math.min(this.#scale, MOST_EXPECTED / segmentBytes(only))));
    return true;
  }

  #append(segment: Segment, numbers: SegmentNumbers): void {
    if (this.#isSeen) this.#copyGrowing();
    const growing = this.#growing;
    const before = growing.view();
    const from = firstShared(before, segment);
    let rest = segment;
    if (from < before.length) {
      const end = endBucket(before);
      const shared = [segmentSlice(before, from, before.length), bucketSlice(segment, segment.firstBucket, end)];
      const summed = regroupTogether(shared, numbers);
      growing.truncate(from);
      growing.append(summed, 1);
      rest = bucketSlice(segment, end, Number.POSITIVE_INFINITY);
    }
    if (rest.length > 0) growing.append(rest, 1);
  }

  #copyGrowing(): void {
    const seen = this.#growing.view();
    this.#startAnew();
    this.#growing.append(seen, 1);
  }

  #startAnew(): void {
    this.#growing = new GrowingSegment(this.#dimensions);
    this.#isSeen = false;
  }
}

/** Whether a segment comes behind another, but for a few buckets. */
function followsOn(before: Segment, segment: Segment): boolean {
  if (segment.firstBucket < before.firstBucket) return false;
  return before.length - firstShared(before, segment) <= MOST_SHARED * segment.length;
}

/** The first group of a segment that is of another's time. */
function firstShared(before: Segment, segment: Segment): number {
  return groupAt(before, segment.firstBucket - before.firstBucket);
}
