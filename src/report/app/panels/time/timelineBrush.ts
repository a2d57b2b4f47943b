import type { Store } from "../../state/store.js";
import { type FrameRange, movedRange } from "../../state/timeRange.js";

/** Pointers this close to an end of the window take that end. */
const GRIP_PX = 7;
const FINGER_GRIP_PX = 16;

/** What a drag does, given the frame where it began, as a number with a fraction, and where it is. */
type Gesture = (at: number) => FrameRange;

/**
 * Chooses a stretch of time by pointer: a click takes one frame, a drag a stretch, a drag of an end moves it, and a drag
 * within a stretch of several frames moves the whole of it.
 */
export function listenToBrush(chart: HTMLElement, frames: number, store: Store): void {
  let gesture: Gesture | null = null;
  const frameAt = (event: PointerEvent): number => {
    const { left, width } = chart.getBoundingClientRect();
    return Math.max(0, Math.min(frames - 1e-6, ((event.clientX - left) / width) * frames));
  };
  chart.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || frames === 0) return;
    chart.setPointerCapture(event.pointerId);
    const grip = ((event.pointerType === "mouse" ? GRIP_PX : FINGER_GRIP_PX) * frames) / chart.clientWidth;
    const at = frameAt(event);
    gesture = gestureAt(at, store.state.range, grip, frames);
    store.set({ range: gesture(at) });
  });
  chart.addEventListener("pointermove", (event) => {
    if (gesture && chart.hasPointerCapture(event.pointerId)) store.set({ range: gesture(frameAt(event)) });
  });
  for (const name of ["pointerup", "pointercancel"]) chart.addEventListener(name, () => (gesture = null));
}

function gestureAt(start: number, range: FrameRange | null, grip: number, frames: number): Gesture {
  const from = Math.floor(start);
  if (range !== null && range[1] - range[0] > 1) {
    for (const [end, other] of [range, [range[1], range[0]] as const])
      if (Math.abs(start - end) <= grip) return (at) => between(Math.round(at), other);
    if (start > range[0] && start < range[1]) return moving(start, range, frames);
  }
  return (at) => [Math.min(from, Math.floor(at)), Math.max(from, Math.floor(at)) + 1];
}

/** Moves a window; a press without a drag takes the frame under it. */
function moving(start: number, range: FrameRange, frames: number): Gesture {
  let hasMoved = false;
  return (at) => {
    hasMoved ||= Math.abs(at - start) >= 1;
    return hasMoved ? movedRange(range, Math.round(at - start), frames) : range;
  };
}

/** The frames between two edges, at least one. */
function between(a: number, b: number): FrameRange {
  const from = Math.min(a, b);
  return [from, Math.max(a, b, from + 1)];
}

/** What keys do: arrows move the window (the slider's own), with Shift its end; Escape shows the whole period. */
export function listenToBrushKeys(slider: HTMLInputElement, frames: number, store: Store, onEscape: () => void): void {
  slider.addEventListener("keydown", (event) => {
    if (event.key === "Escape") return onEscape();
    const by = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[event.key];
    if (by === undefined || !event.shiftKey) return;
    event.preventDefault();
    const [from, to] = store.state.range ?? [0, 0];
    store.set({ range: [from, Math.max(from + 1, Math.min(frames, to + by))] });
  });
}
