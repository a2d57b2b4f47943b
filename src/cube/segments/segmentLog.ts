import { compactSegments, type SegmentNumbers } from "./compactSegments.js";
import { concatSegments } from "./concatSegments.js";
import { type AddedSegment, emptySegment, type Segment, segmentBytes } from "./segment.js";
import type { SegmentShape } from "./segmentColumns.js";
import { SegmentRun } from "./segmentRun.js";
import { shapeOf } from "./shapeOf.js";
import { shouldCompact } from "./shouldCompact.js";

/**
 * The segments that a cube is made of so far. Those of a log in order are put behind one another as they come, and only the
 * few buckets that two of them share are summed anew; others wait until there are several to be joined.
 */
export class SegmentLog {
  readonly #shape: SegmentShape;
  #run: SegmentRun | undefined;
  /** From the largest to the smallest, but for those that are soon to be joined. */
  #waiting: Segment[] = [];
  /** How many times as large as now, or as its first segment, the cube is to be expected to become. */
  #scale = 1;

  /**
   * @param segment - what there is to begin with; stays as it is
   */
  constructor(segment: Segment) {
    this.#shape = shapeOf([segment]);
    if (segment.length > 0) this.#run = new SegmentRun(segment);
  }

  /** Says how many times as large as now, or as its first segment, the cube will become, so that there is room at once. */
  expect(scale: number): void {
    this.#scale = scale;
  }

  add({ segment, isBorrowed = false }: AddedSegment, numbers: SegmentNumbers): void {
    const kept = (): Segment => (isBorrowed ? concatSegments([segment]) : segment);
    if (this.#run === undefined) {
      this.#run = isBorrowed ? SegmentRun.copyOf(segment, this.#scale) : new SegmentRun(segment);
      if (isBorrowed) this.#scale = 1;
    } else if (this.#run.isFollowedBy(segment)) {
      this.#run.append(segment, numbers, this.#scale);
      // There is room from now on; a copy of what somebody has seen needs no more than others.
      this.#scale = 1;
    } else {
      this.#waiting.push(kept());
      for (let count = shouldCompact(this.#all); count > 1; count = shouldCompact(this.#all))
        this.#join(count, numbers);
    }
  }

  /** All groups in one piece, which stays as it is. */
  whole(numbers: SegmentNumbers): Segment {
    if (this.#waiting.length > 0) this.#join(1 + this.#waiting.length, numbers);
    return this.#run?.keep() ?? emptySegment(this.#shape.dimensions, this.#shape.schema);
  }

  get memoryBytes(): number {
    return this.#all.reduce((total, segment) => total + segmentBytes(segment), 0);
  }

  get #all(): Segment[] {
    return this.#run ? [this.#run.segment, ...this.#waiting] : [];
  }

  /** Joins the last segments, so many. */
  #join(count: number, numbers: SegmentNumbers): void {
    const joined = compactSegments(this.#all.slice(-count), numbers);
    if (count > this.#waiting.length) {
      this.#run = new SegmentRun(joined);
      this.#waiting = [];
    } else this.#waiting.splice(-count, count, joined);
  }
}
