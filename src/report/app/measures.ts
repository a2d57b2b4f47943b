import { type CellColumns, latencyOf } from "../page/reportModel.js";
import { counted, duration, percent, shortNumber, wholeNumber } from "./format.js";
import type { RampName } from "./map/palette.js";

export type MeasureId = "requests" | "error_rate" | "p50" | "p95" | "clients" | "typical";

/** Something that the map can be coloured by. */
export interface Measure {
  readonly id: MeasureId;
  readonly label: string;
  /** What a value is, in words, with its unit: the legend's title. */
  readonly legend: string;
  readonly ramp: RampName;
  /** How values are spread over the ramp. */
  readonly spread: "logarithmic" | "share" | "ratio";
  /** Cells with fewer requests than this are drawn pale: their value may be chance. */
  readonly surest: number;
  /** The value of a row; NaN where there is none. `typical` is what is usual for the cell at that time. */
  value(columns: CellColumns, row: number, typical: number): number;
  /** A value in words, with its unit. */
  text(value: number): string;
  /** A value beside the legend's ramp. */
  tick(value: number): string;
}

const typicalText = (ratio: number): string =>
  ratio === 0 ? "nothing" : ratio < 0.995 ? `${percent(ratio - 1)}` : `+${percent(ratio - 1)}`;

export const MEASURES: readonly Measure[] = [
  {
    id: "requests",
    label: "Requests",
    legend: "Requests per cell",
    ramp: "requests",
    spread: "logarithmic",
    surest: 0,
    value: (columns, row) => columns.count[row]!,
    text: (value) => counted(value, "request"),
    tick: shortNumber,
  },
  {
    id: "error_rate",
    label: "Error rate",
    legend: "Share of requests that failed (5xx)",
    ramp: "errors",
    spread: "share",
    surest: 20,
    value: (columns, row) => columns.errors[row]! / columns.count[row]!,
    text: (value) => `${percent(value)} failed`,
    tick: percent,
  },
  {
    id: "p50",
    label: "Latency p50",
    legend: "Median latency",
    ramp: "latency",
    spread: "logarithmic",
    surest: 10,
    value: (columns, row) => latencyOf(columns.p50[row]!),
    text: (value) => `${duration(value)} median`,
    tick: duration,
  },
  {
    id: "p95",
    label: "Latency p95",
    legend: "95th percentile of latency",
    ramp: "latency",
    spread: "logarithmic",
    surest: 10,
    value: (columns, row) => latencyOf(columns.p95[row]!),
    text: (value) => `${duration(value)} at p95`,
    tick: duration,
  },
  {
    id: "clients",
    label: "Clients",
    legend: "Distinct client addresses per cell",
    ramp: "clients",
    spread: "logarithmic",
    surest: 0,
    value: (columns, row) => columns.clients[row]!,
    text: (value) => counted(value, "client"),
    tick: shortNumber,
  },
  {
    id: "typical",
    label: "vs. usual",
    legend: "Requests against the usual at this time",
    ramp: "typical",
    spread: "ratio",
    surest: 5,
    value: (columns, row, typical) => columns.count[row]! / typical,
    text: (value) => `${typicalText(value)} against usual`,
    tick: (ratio) => (ratio < 1 ? `÷${wholeNumber(1 / ratio)}` : ratio > 1 ? `×${wholeNumber(ratio)}` : "usual"),
  },
];

export function measureOf(id: MeasureId): Measure {
  return MEASURES.find((measure) => measure.id === id)!;
}
