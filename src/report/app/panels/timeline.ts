import { type ScaleTime, scaleLinear, scaleUtc } from "d3-scale";
import { area, curveStepAfter } from "d3-shape";
import type { ReportModel } from "../../page/reportModel.js";
import { byId, svg } from "../dom.js";
import { counted, interval, span } from "../format.js";
import { severityClass } from "../severity.js";
import type { ReportState, Store } from "../store.js";
import { timeTicks } from "./timeTicks.js";

const HEIGHT = 76;
const AXIS = 18;
/** Room above the traffic for the findings' marks. */
const MARKS = 10;
const PLAY_MS = 160;

/** The traffic over time, with a window that can be moved over it: by pointer, by keyboard, by itself. */
export function mountTimeline(model: ReportModel, store: Store): void {
  const chart = byId("timeline-chart");
  const slider = byId<HTMLInputElement>("time-slider");
  const frames = model.timeline.count.length;
  slider.max = String(Math.max(0, frames - 1));
  const draw = (): void => drawTimeline(chart, model, store);
  new ResizeObserver(draw).observe(chart);
  store.listen(() => {
    draw();
    const { frame } = store.state;
    slider.value = String(frame ?? 0);
    slider.setAttribute("aria-valuetext", describe(model, frame));
    byId("time-label").textContent = describe(model, frame);
    byId("whole").setAttribute("aria-pressed", String(frame === null));
  });
  slider.addEventListener("input", () => store.set({ frame: Number(slider.value) }));
  byId("whole").addEventListener("click", () => showWhole(store));
  listenToDrag(chart, frames, store);
  mountPlay(frames, store);
}

/** Shows the whole period again; what is usual then has no meaning, so that measure gives way to requests. */
export function showWhole(store: Store): void {
  store.set({ frame: null, ...(store.state.measure === "typical" && { measure: "requests" as const }) });
}

function describe(model: ReportModel, frame: number | null): string {
  const start = model.originMs + (frame ?? 0) * model.frameMs;
  if (model.timeline.count.length === 0) return "";
  const end = frame === null ? start + model.timeline.count.length * model.frameMs : start + model.frameMs;
  if (frame === null) return `Whole period: ${interval(start, end)}`;
  return `${interval(start, end)} UTC: ${counted(model.timeline.count[frame]!, "request")}`;
}

function drawTimeline(box: HTMLElement, model: ReportModel, store: Store): void {
  const width = box.clientWidth;
  const { count, errors } = model.timeline;
  if (count.length === 0) return;
  const end = model.originMs + count.length * model.frameMs;
  const x = scaleUtc([model.originMs, end], [0, width]);
  const y = scaleLinear([0, count.reduce((a, b) => Math.max(a, b), 1)], [HEIGHT - AXIS, MARKS]);
  const shape = (values: Uint32Array): string => {
    const path = area<number>()
      .x((frame) => x(model.originMs + frame * model.frameMs))
      .y0(y(0))
      .y1((frame) => y(values[Math.min(frame, values.length - 1)]!))
      .curve(curveStepAfter);
    return path([...Array(values.length + 1).keys()]) ?? "";
  };
  box.replaceChildren(
    svg(
      "svg",
      { width, height: HEIGHT, "aria-hidden": "true" },
      svg("path", { class: "traffic", d: shape(count) }),
      svg("path", { class: "failed", d: shape(errors) }),
      ...marks(model, x, store.state),
      ...ticks(x, width),
      svg("text", { class: "peak", x: 0, y: MARKS + 7 }, peak(model)),
      ...windowOf(model, x, store.state.frame),
    ),
  );
}

/** The height of the chart in words: "Up to 7,412 requests an hour". */
function peak(model: ReportModel): string {
  const most = model.timeline.count.reduce((a, b) => Math.max(a, b), 0);
  return `Up to ${counted(most, "request")} in ${span(model.frameMs)}`;
}

function marks(model: ReportModel, x: ScaleTime<number, number>, state: ReportState): SVGElement[] {
  const end = model.originMs + model.timeline.count.length * model.frameMs;
  return model.findings.flatMap((finding, i) => {
    const severity = severityClass(finding.severity);
    if (!state.severities.includes(severity)) return [];
    const from = x(finding.startMs);
    const width = Math.max(3, x(finding.endMs ?? end) - from);
    const name = `mark ${severity}${state.finding === i ? " selected" : ""}`;
    return svg("rect", { class: name, x: from, y: 1, width, height: 5, rx: 1.5 });
  });
}

function ticks(x: ScaleTime<number, number>, width: number): SVGElement[] {
  return timeTicks(x, Math.max(2, Math.floor(width / 90))).map(({ at, text }) => {
    const anchor = at < 24 ? "start" : at > width - 24 ? "end" : "middle";
    return svg("text", { x: at, y: HEIGHT - 4, "text-anchor": anchor }, text);
  });
}

function windowOf(model: ReportModel, x: ScaleTime<number, number>, frame: number | null): SVGElement[] {
  if (frame === null) return [];
  const from = x(model.originMs + frame * model.frameMs);
  const width = Math.max(2, x(model.originMs + (frame + 1) * model.frameMs) - from);
  return [svg("rect", { class: "window", x: from, y: 0, width, height: HEIGHT - AXIS })];
}

function listenToDrag(chart: HTMLElement, frames: number, store: Store): void {
  const frameAt = (event: PointerEvent): number => {
    const { left, width } = chart.getBoundingClientRect();
    return Math.max(0, Math.min(frames - 1, Math.floor(((event.clientX - left) / width) * frames)));
  };
  chart.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    chart.setPointerCapture(event.pointerId);
    store.set({ frame: frameAt(event) });
  });
  chart.addEventListener("pointermove", (event) => {
    if (chart.hasPointerCapture(event.pointerId)) store.set({ frame: frameAt(event) });
  });
}

function mountPlay(frames: number, store: Store): void {
  const button = byId<HTMLButtonElement>("play");
  let timer: ReturnType<typeof setInterval> | undefined;
  const stop = (): void => {
    clearInterval(timer);
    timer = undefined;
    button.setAttribute("aria-label", "Play");
    button.classList.remove("playing");
  };
  const step = (): void => {
    const next = (store.state.frame ?? -1) + 1;
    if (next >= frames) stop();
    else store.set({ frame: next });
  };
  button.disabled = frames < 2;
  button.addEventListener("click", () => {
    if (timer) return stop();
    if (store.state.frame === frames - 1) store.set({ frame: 0 });
    timer = setInterval(step, PLAY_MS);
    button.setAttribute("aria-label", "Pause");
    button.classList.add("playing");
    step();
  });
}
