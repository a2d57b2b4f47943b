import { figureText, measureWords } from "../../triage/payloads/text/figureText.js";
import type { IncidentTimeline } from "../../triage/timeline/timeline.js";
import type { Box } from "./mapFrame.js";
import { at, pathOf, svgText } from "./svgText.js";

type Point = readonly [number, number];

/** Observed against expected as SVG, with the moments at which it began, could be known, was told and ended. */
export function seriesChart(incident: IncidentTimeline, box: Box): string {
  const { measure, series } = incident.chart!;
  const { left, top, width, height } = box;
  const [first, last] = [series.timeMs[0]!, series.timeMs.at(-1)! + series.bucketMs];
  const values = [...series.observed, ...series.expected, ...(series.high ?? [])].filter((value) => value !== null);
  const most = values.reduce((a, b) => Math.max(a, b), 0) * 1.08 || 1;
  const x = (timeMs: number): number => left + (width * (timeMs - first)) / (last - first);
  const y = (value: number): number => top + height - (height * Math.max(0, value)) / most;
  const line = (points: readonly (number | null)[]): string => pieces(points, series.timeMs, series.bucketMs, x, y);
  return [
    `<text x="${left}" y="${top - 26}" font-weight="600">${svgText(measureWords(measure), 60)}</text>`,
    ...[0, most / 2.16, most / 1.08].map((value) => gridLine(value, measure, box, y)),
    band(series, x, y),
    `<path d="${line(series.expected)}" fill="none" stroke="#5b7690" stroke-dasharray="4 3"/>`,
    `<path d="${line(series.observed)}" fill="none" stroke="#b8232f" stroke-width="1.8"/>`,
    ...marks(incident, box, first, last, x),
    ...[0.02, 0.5, 0.98].map((share) => timeLabel(first + share * (last - first), share, box)),
  ].join("\n");
}

/** Lines between what is known; a gap where it is not. */
function pieces(
  values: readonly (number | null)[],
  timeMs: readonly number[],
  bucketMs: number,
  x: (timeMs: number) => number,
  y: (value: number) => number,
): string {
  const runs: Point[][] = [[]];
  values.forEach((value, i) => {
    if (value === null) runs.push([]);
    else runs.at(-1)!.push([x(timeMs[i]! + bucketMs / 2), y(value)]);
  });
  return runs.map((run) => pathOf(run, false)).join("");
}

function band(
  { low, high, timeMs, bucketMs }: NonNullable<IncidentTimeline["chart"]>["series"],
  x: (timeMs: number) => number,
  y: (value: number) => number,
): string {
  if (!low || !high) return "";
  const there = timeMs.map((_, i) => i).filter((i) => low[i] != null && high[i] != null);
  const point =
    (values: readonly (number | null)[]) =>
    (i: number): Point => [x(timeMs[i]! + bucketMs / 2), y(values[i]!)];
  const around = [...there.map(point(high)), ...there.reverse().map(point(low))];
  return `<path d="${pathOf(around, true)}" fill="#5b7690" fill-opacity=".16"/>`;
}

function gridLine(value: number, measure: string, { left, width }: Box, y: (value: number) => number): string {
  const line = `<path d="M${left} ${at(y(value))}H${left + width}" stroke="#e3e8ec"/>`;
  return `${line}<text x="${left - 6}" y="${at(y(value) + 4)}" text-anchor="end" fill="#596673">${svgText(figureText(measure, value), 20)}</text>`;
}

/** What is near the mark before it is written a line above. */
function marks(
  { alert, knowableMs, toldMs }: IncidentTimeline,
  { top, height }: Box,
  first: number,
  last: number,
  x: (timeMs: number) => number,
): string[] {
  const all: [timeMs: number | null, label: string][] = [
    [alert.startMs, "began"],
    [knowableMs, "known"],
    [toldMs === knowableMs ? null : toldMs, "told"],
    [alert.endMs, "ended"],
  ];
  let [before, level] = [Number.NEGATIVE_INFINITY, 0];
  return all.flatMap(([timeMs, label]) => {
    if (timeMs === null || timeMs < first || timeMs > last) return [];
    level = x(timeMs) - before < 38 ? (level + 1) % 2 : 0;
    before = x(timeMs);
    const text = `<text x="${at(x(timeMs))}" y="${top - 4 - 11 * level}" text-anchor="middle" font-size="10">${label}</text>`;
    return [`<path d="M${at(x(timeMs))} ${top}V${top + height}" stroke="#171c22" stroke-opacity=".45"/>${text}`];
  });
}

function timeLabel(timeMs: number, share: number, { left, top, width, height }: Box): string {
  const anchor = share < 0.1 ? "start" : share > 0.9 ? "end" : "middle";
  const text = new Date(timeMs).toISOString().slice(5, 16).replace("T", " ");
  return `<text x="${at(left + share * width)}" y="${top + height + 16}" text-anchor="${anchor}" fill="#596673">${text}</text>`;
}
