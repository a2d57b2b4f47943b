import { extent } from "d3-array";
import { type ScaleLinear, type ScaleTime, scaleLinear, scaleUtc } from "d3-scale";
import { area, curveMonotoneX, line } from "d3-shape";
import type { ReportFinding, ReportSeries } from "../../page/reportModel.js";
import { html, svg } from "../dom.js";
import { moment } from "../format.js";
import type { Quantity } from "../quantity.js";
import { timeTicks } from "./time/timeTicks.js";

const WIDTH = 340;
const HEIGHT = 150;
const MARGIN = { top: 10, right: 8, bottom: 20, left: 44 };

interface Axes {
  readonly x: ScaleTime<number, number>;
  readonly y: ScaleLinear<number, number>;
}

/** Observed against expected around a finding, with the interval expected and the time of the incident shaded. */
export function findingChart(finding: ReportFinding, series: ReportSeries, quantity: Quantity): HTMLElement {
  const axes = axesOf(series);
  const chart = svg(
    "svg",
    {
      viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
      role: "img",
      "aria-label": `${quantity.name} observed against expected around the finding`,
    },
    shade(finding, series, axes),
    ...grid(axes, quantity),
    band(series, axes),
    curve("expected", series, series.expected, axes),
    curve("observed", series, series.observed, axes),
  );
  const readout = html("div", { class: "chart-readout" });
  listenToPointer(chart, series, axes, quantity, readout);
  return html("figure", { class: "chart" }, legend(quantity, series), chart, readout);
}

function axesOf(series: ReportSeries): Axes {
  const [first = 0, last = 1] = extent(series.timeMs) as [number, number] | [undefined, undefined];
  const values = [series.observed, series.expected, series.low ?? [], series.high ?? []].flat();
  const most = Math.max(1e-9, ...values.filter((value) => value !== null));
  const x = scaleUtc([first, last + series.bucketMs], [MARGIN.left, WIDTH - MARGIN.right]);
  const y = scaleLinear([0, most * 1.05], [HEIGHT - MARGIN.bottom, MARGIN.top]).nice(3);
  return { x, y };
}

function shade(finding: ReportFinding, series: ReportSeries, { x }: Axes): SVGElement {
  const [left, right] = x.range() as [number, number];
  const end = finding.endMs ?? series.timeMs[series.timeMs.length - 1]! + series.bucketMs;
  const from = Math.max(left, Math.min(right, x(finding.startMs)));
  const to = Math.max(left, Math.min(right, x(end)));
  const height = HEIGHT - MARGIN.bottom - MARGIN.top;
  return svg("rect", { class: "incident", x: from, y: MARGIN.top, width: Math.max(1.5, to - from), height });
}

function grid({ x, y }: Axes, quantity: Quantity): SVGElement[] {
  const rows = y
    .ticks(3)
    .flatMap((value) => [
      svg("line", { class: "grid", x1: MARGIN.left, x2: WIDTH - MARGIN.right, y1: y(value), y2: y(value) }),
      svg("text", { x: MARGIN.left - 6, y: y(value), dy: "0.32em", "text-anchor": "end" }, quantity.text(value)),
    ]);
  const times = timeTicks(x, 5).map(({ at, text }) =>
    svg("text", { x: at, y: HEIGHT - 6, "text-anchor": "middle" }, text),
  );
  return [...rows, ...times];
}

function band(series: ReportSeries, { x, y }: Axes): SVGElement {
  const { low, high } = series;
  if (!low || !high) return svg("g");
  const shape = area<number>()
    .defined((_, i) => low[i] != null && high[i] != null)
    .x((time) => x(time + series.bucketMs / 2))
    .y0((_, i) => y(Math.max(0, low[i]!)))
    .y1((_, i) => y(high[i]!))
    .curve(curveMonotoneX);
  return svg("path", { class: "band", d: shape(series.timeMs) ?? "" });
}

function curve(name: string, series: ReportSeries, values: readonly (number | null)[], { x, y }: Axes): SVGElement {
  const shape = line<number>()
    .defined((_, i) => values[i] != null)
    .x((time) => x(time + series.bucketMs / 2))
    .y((_, i) => y(values[i]!));
  return svg("path", { class: name, d: shape(series.timeMs) ?? "" });
}

function legend(quantity: Quantity, series: ReportSeries): HTMLElement {
  return html(
    "figcaption",
    {},
    html("span", { class: "key observed" }, `${quantity.name} observed`),
    html("span", { class: "key expected" }, "expected"),
    series.low && html("span", { class: "key band" }, "95%"),
  );
}

function listenToPointer(
  chart: SVGSVGElement,
  series: ReportSeries,
  { x, y }: Axes,
  quantity: Quantity,
  readout: HTMLElement,
): void {
  const rule = svg("line", { class: "rule", y1: MARGIN.top, y2: HEIGHT - MARGIN.bottom });
  const dot = svg("circle", { class: "dot", r: 3 });
  const text = (value: number | null | undefined): string => (value == null ? "no data" : quantity.text(value));
  chart.addEventListener("pointermove", (event) => {
    const box = chart.getBoundingClientRect();
    const time = +x.invert(((event.clientX - box.left) / box.width) * WIDTH);
    const i = Math.floor((time - series.timeMs[0]!) / series.bucketMs);
    const start = series.timeMs[i];
    if (start === undefined) return;
    const at = x(start + series.bucketMs / 2);
    rule.setAttribute("x1", String(at));
    rule.setAttribute("x2", String(at));
    chart.append(rule);
    const observed = series.observed[i];
    if (observed != null) {
      dot.setAttribute("cx", String(at));
      dot.setAttribute("cy", String(y(observed)));
      chart.append(dot);
    }
    readout.textContent = `${moment(start)}: ${text(observed)}, expected ${text(series.expected[i])}`;
  });
  chart.addEventListener("pointerleave", () => {
    rule.remove();
    dot.remove();
    readout.textContent = "";
  });
}
