import { byId } from "../../dom.js";
import type { Store } from "../../state/store.js";
import { type FrameRange, movedRange } from "../../state/timeRange.js";

const PLAY_MS = 160;

/** The button that lets time pass: the window moves on, a frame at a time, to the end of the period. */
export function mountPlayback(frames: number, store: Store): void {
  const button = byId<HTMLButtonElement>("play");
  let timer: ReturnType<typeof setInterval> | undefined;
  const stop = (): void => {
    clearInterval(timer);
    timer = undefined;
    button.setAttribute("aria-label", "Play");
    button.classList.remove("playing");
  };
  const step = (): void => {
    const { range } = store.state;
    if (range && range[1] >= frames) stop();
    else store.set({ range: range ? movedRange(range, 1, frames) : [0, 1] });
  };
  button.disabled = frames < 2;
  button.addEventListener("click", () => {
    if (timer) return stop();
    const { range } = store.state;
    if (range && range[1] >= frames) store.set({ range: [0, range[1] - range[0]] satisfies FrameRange });
    timer = setInterval(step, PLAY_MS);
    button.setAttribute("aria-label", "Pause");
    button.classList.add("playing");
    step();
  });
}
