import { type ScaleTime, scaleLinear, scaleUtc } from "d3-scale";
import { area, curveStepAfter } from "d3-shape";
import type { ReportModel } from "../../../page/reportModel.js";
import { svg } from "../../dom.js";
import { counted, span } from "../../format.js";
import { severityClass } from "../../severity.js";
import { listedFindings } from "../../state/listed.js";
import type { ReportState } from "../../state/store.js";
import { type FrameRange, timesOf } from "../../state/timeRange.js";
import { timeTicks } from "./timeTicks.js";

const HEIGHT = 76;
const AXIS = 18;
/** Room above the traffic for the findings' marks. */
const MARKS = 10;

/** Draws the traffic over time, when findings were, and the stretch of time that is shown. */
export function drawTimeline(box: HTMLElement, model: ReportModel, state: ReportState): void {
  const width = box.clientWidth;
  const { count, errors } = model.timeline;
  if (count.length === 0) return;
  const x = scaleUtc(timesOf(model, null), [0, width]);
  const y = scaleLinear([0, count.reduce((a, b) => Math.max(a, b), 1)], [HEIGHT - AXIS, MARKS]);
  const shape = (values: Uint32Array): string => {
    const path = area<number>()
      .x((frame) => x(model.originMs + frame * model.frameMs))
      .y0(HEIGHT - AXIS)
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
      ...marks(model, x, state),
      ...ticks(x, width),
      svg("text", { class: "peak", x: 0, y: MARKS + 7 }, peak(model)),
      ...windowOf(model, x, state.range),
    ),
  );
}

/** The height of the chart in words: "Up to 7,412 requests an hour". */
function peak(model: ReportModel): string {
  const most = model.timeline.count.reduce((a, b) => Math.max(a, b), 0);
  return `Up to ${counted(most, "request")} in ${span(model.frameMs)}`;
}

function marks(model: ReportModel, x: ScaleTime<number, number>, state: ReportState): SVGElement[] {
  const [, end] = timesOf(model, null);
  return listedFindings(model, state).map((i) => {
    const finding = model.findings[i]!;
    const severity = severityClass(finding.severity);
    const from = x(finding.startMs);
    const width = Math.max(3, x(finding.endMs ?? end) - from);
    const isChosen = state.finding === i || state.pointed === i;
    return svg("rect", {
      class: `mark ${severity}${isChosen ? " selected" : ""}`,
      x: from,
      y: 1,
      width,
      height: 5,
      rx: 1.5,
    });
  });
}

function ticks(x: ScaleTime<number, number>, width: number): SVGElement[] {
  return timeTicks(x, Math.max(2, Math.floor(width / 90))).map(({ at, text }) => {
    const anchor = at < 24 ? "start" : at > width - 24 ? "end" : "middle";
    return svg("text", { x: at, y: HEIGHT - 4, "text-anchor": anchor }, text);
  });
}

/** The window with its two handles; what lies beside it is veiled. */
function windowOf(model: ReportModel, x: ScaleTime<number, number>, range: FrameRange | null): SVGElement[] {
  if (range === null) return [];
  const [from, to] = timesOf(model, range).map((time) => x(time)) as [number, number];
  const [left, right] = x.range() as [number, number];
  const height = HEIGHT - AXIS;
  const veil = (start: number, end: number): SVGElement =>
    svg("rect", { class: "veil", x: start, y: MARKS - 2, width: Math.max(0, end - start), height: height - MARKS + 2 });
  const handle = (at: number): SVGElement =>
    svg("rect", { class: "handle", x: at - 2, y: height / 2 - 7, width: 4, height: 18, rx: 2 });
  return [
    veil(left, from),
    veil(to, right),
    svg("rect", { class: "window", x: from, y: 0, width: Math.max(2, to - from), height }),
    handle(from),
    handle(Math.max(to, from + 2)),
  ];
}
