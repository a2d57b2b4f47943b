import { DAY_MS, parseTimeMs } from "../core/time.js";
import type { Cube } from "../cube/cube.js";
import { explainError } from "./errors.js";

/** A stretch of time: [fromMs, toMs). */
export interface Window {
  readonly fromMs: number;
  readonly toMs: number;
}

/** What a window is held against. */
export type Against = "previous" | "baseline" | { readonly from: number | string; readonly to: number | string };

/** Earlier days of which the same hours make the baseline, at the most: two weeks, so that weekends are among them. */
const BASELINE_DAYS = 14;

/** The window asked about. Throws `bad-explain-option` where it is empty or holds nothing of the cube. */
export function windowOf(cube: Cube, from: number | string, to: number | string): Window {
  const window = { fromMs: parseTimeMs(from), toMs: parseTimeMs(to) };
  if (!(window.fromMs < window.toMs)) throw badWindow("from", from, "a time before `to`");
  if (window.toMs <= cube.firstTimeMs || window.fromMs > cube.lastTimeMs)
    throw badWindow("from", from, `a window within ${isoSpan(cube)}`);
  return window;
}

/**
 * The windows that a window is held against: the one of the same length just before it, the same hours of up to 14 earlier
 * days, or one that is named. Throws `bad-explain-option` where the cube has nothing of them.
 */
export function referenceWindows(cube: Cube, window: Window, against: Against): Window[] {
  const windows = candidates(window, against).filter(
    ({ fromMs, toMs }) => toMs > cube.firstTimeMs && fromMs >= firstBucketMs(cube) && fromMs <= cube.lastTimeMs,
  );
  if (windows.length === 0) throw badWindow("against", describe(against), `windows within ${isoSpan(cube)}`);
  return windows;
}

function candidates({ fromMs, toMs }: Window, against: Against): Window[] {
  if (against === "previous") return [{ fromMs: fromMs - (toMs - fromMs), toMs: fromMs }];
  if (against === "baseline") {
    const days = Math.ceil((toMs - fromMs) / DAY_MS);
    return Array.from({ length: Math.floor(BASELINE_DAYS / days) }, (_, i) => {
      const back = (i + 1) * days * DAY_MS;
      return { fromMs: fromMs - back, toMs: toMs - back };
    });
  }
  const named = { fromMs: parseTimeMs(against.from), toMs: parseTimeMs(against.to) };
  if (!(named.fromMs < named.toMs)) throw badWindow("against", describe(against), "a window that ends after its start");
  return [named];
}

function firstBucketMs(cube: Cube): number {
  return Math.floor(cube.firstTimeMs / cube.bucketMs) * cube.bucketMs;
}

function badWindow(option: string, value: unknown, expected: string) {
  return explainError("bad-explain-option", { option, value: String(value), expected });
}

function describe(against: Against): string {
  return typeof against === "string" ? against : `${against.from}..${against.to}`;
}

function isoSpan(cube: Cube): string {
  const iso = (timeMs: number): string => (Number.isFinite(timeMs) ? new Date(timeMs).toISOString() : "nothing");
  return `${iso(cube.firstTimeMs)}..${iso(cube.lastTimeMs)}`;
}
