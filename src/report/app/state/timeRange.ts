import type { ReportModel } from "../../page/reportModel.js";

/** A stretch of time: the frames [from, to). */
export type FrameRange = readonly [from: number, to: number];

/** The frames that a stretch of time touches, at least one; what lies outside of the period is cut. */
export function rangeOf(model: ReportModel, startMs: number, endMs: number): FrameRange {
  const { originMs, frameMs, timeline } = model;
  const last = Math.max(0, timeline.count.length - 1);
  const clamped = (frame: number): number => Math.max(0, Math.min(last, frame));
  const from = clamped(Math.floor((startMs - originMs) / frameMs));
  return [from, Math.max(from, clamped(Math.ceil((endMs - originMs) / frameMs) - 1)) + 1];
}

/** Start and end of a range, or of the whole period, epoch milliseconds. */
export function timesOf(model: ReportModel, range: FrameRange | null): [startMs: number, endMs: number] {
  const [from, to] = range ?? [0, model.timeline.count.length];
  return [model.originMs + from * model.frameMs, model.originMs + to * model.frameMs];
}

/** A range moved by some frames, as far as the period goes. */
export function movedRange([from, to]: FrameRange, by: number, frames: number): FrameRange {
  const step = Math.max(-from, Math.min(frames - to, by));
  return [from + step, to + step];
}

export function isSameRange(a: FrameRange | null, b: FrameRange | null): boolean {
  return a === b || (a !== null && b !== null && a[0] === b[0] && a[1] === b[1]);
}
