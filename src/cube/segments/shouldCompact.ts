import { endBucket } from "./compactSegments.js";
import { type Segment, segmentBytes } from "./segment.js";

/**
 * Segments of like size are joined when they take so many bytes: each joining copies all that they hold, but until then the
 * same groups may be in each of them.
 */
const MAX_WAITING = 2 ** 26;
/** Segments that share no more than this part of their time hold few groups twice: joining them can wait. */
const SHARED_TIME = 0.25;

/** How many of the last segments are to be joined now; 1 or less if none. */
export function shouldCompact(segments: readonly Segment[]): number {
  const last = segments.at(-1);
  if (!last) return 0;
  let count = 0;
  let bytes = 0;
  for (let i = segments.length - 1; i >= 0 && segments[i]!.length <= 2 * last.length; i--) {
    count++;
    bytes += segmentBytes(segments[i]!);
  }
  return bytes > MAX_WAITING && shareTime(segments.slice(-count)) ? count : 0;
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
