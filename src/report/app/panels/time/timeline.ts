import type { ReportModel } from "../../../page/reportModel.js";
import { byId } from "../../dom.js";
import { counted, interval, localInterval, percent } from "../../format.js";
import type { Store } from "../../state/store.js";
import { type FrameRange, movedRange, timesOf } from "../../state/timeRange.js";
import { mountPlayback } from "./playback.js";
import { listenToBrush, listenToBrushKeys } from "./timelineBrush.js";
import { drawTimeline } from "./timelineChart.js";

/** The traffic over time, with a window that can be drawn and moved over it: by pointer, by keyboard, by itself. */
export function mountTimeline(model: ReportModel, store: Store): void {
  const chart = byId("timeline-chart");
  const slider = byId<HTMLInputElement>("time-slider");
  const frames = model.timeline.count.length;
  slider.max = String(Math.max(0, frames - 1));
  const draw = (): void => drawTimeline(chart, model, store.state);
  new ResizeObserver(draw).observe(chart);
  store.listen(({ range, finding }) => {
    draw();
    const zone = finding === null ? null : model.findings[finding]!.timeZone;
    const local = zone && range ? localInterval(...timesOf(model, range), zone) : "";
    const text = describe(model, range) + (local === "" ? "" : ` · ${local} there`);
    slider.value = String(range?.[0] ?? 0);
    slider.setAttribute("aria-valuetext", text);
    byId("time-label").textContent = text;
    byId("whole").setAttribute("aria-pressed", String(range === null));
  });
  slider.addEventListener("input", () => {
    const from = Number(slider.value);
    const before = store.state.range ?? [0, 1];
    store.set({ range: movedRange(before, from - before[0], frames) });
  });
  byId("whole").addEventListener("click", () => showWhole(store));
  listenToBrush(chart, frames, store);
  listenToBrushKeys(slider, frames, store, () => showWhole(store));
  mountPlayback(frames, store);
}

/** Shows the whole period again; what is usual then has no meaning, so that measure gives way to requests. */
function showWhole(store: Store): void {
  store.set({ range: null, ...(store.state.measure === "typical" && { measure: "requests" as const }) });
}

function describe(model: ReportModel, range: FrameRange | null): string {
  const { count, errors } = model.timeline;
  if (count.length === 0) return "";
  const when = interval(...timesOf(model, range));
  if (range === null) return `Whole period: ${when}`;
  const sum = (values: Uint32Array): number => values.subarray(...range).reduce((total, value) => total + value, 0);
  const [requests, failed] = [sum(count), sum(errors)];
  return `${when} UTC: ${counted(requests, "request")}${failed > 0 ? `, ${percent(failed / requests)} failed` : ""}`;
}
