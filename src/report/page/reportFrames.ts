import { bucketStartMs, DAY_MS } from "../../core/time.js";
import type { Cube } from "../../cube/cube.js";

/** The most frames that a report's time slider has. */
export const MOST_FRAMES = 200;

/** The frames of a report's time slider. */
export interface ReportFrames {
  readonly frameMs: number;
  /** Start of frame 0, epoch milliseconds. */
  readonly originMs: number;
  readonly count: number;
}

/**
 * Puts buckets together into at most `mostFrames` (default {@link MOST_FRAMES}) frames of whole buckets. Frames that divide a day (or are whole
 * days) are preferred, so that the same frame of another day is the same time of day; they begin on whole frames since 1970.
 */
export function reportFrames(
  bucketMs: number,
  originMs: number,
  bucketCount: number,
  mostFrames = MOST_FRAMES,
): ReportFrames {
  const frameMs = frameLength(bucketMs, originMs, bucketCount, mostFrames);
  return {
    frameMs,
    originMs: bucketStartMs(originMs, frameMs),
    count: framesOf(originMs, bucketMs, bucketCount, frameMs),
  };
}

/** The frame of each of a cube's groups. */
export function framesOfGroups({ bucketMs, originMs, groups }: Cube, frames: ReportFrames): Uint32Array {
  return groups.bucket.map((bucket) => (originMs + bucket * bucketMs - frames.originMs) / frames.frameMs);
}

function frameLength(bucketMs: number, originMs: number, bucketCount: number, mostFrames: number): number {
  const least = Math.max(1, Math.ceil(bucketCount / mostFrames));
  for (let buckets = least; buckets <= 4 * least; buckets++) {
    const frameMs = buckets * bucketMs;
    const regular = DAY_MS % frameMs === 0 || frameMs % DAY_MS === 0;
    if (regular && framesOf(originMs, bucketMs, bucketCount, frameMs) <= mostFrames) return frameMs;
  }
  for (let buckets = least; ; buckets++) {
    if (framesOf(originMs, bucketMs, bucketCount, buckets * bucketMs) <= mostFrames) return buckets * bucketMs;
  }
}

function framesOf(originMs: number, bucketMs: number, bucketCount: number, frameMs: number): number {
  if (bucketCount === 0) return 0;
  const lastMs = originMs + (bucketCount - 1) * bucketMs;
  return Math.floor((lastMs - bucketStartMs(originMs, frameMs)) / frameMs) + 1;
}
