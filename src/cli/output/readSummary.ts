import type { Cube } from "../../cube/cube.js";
import type { ReadReport } from "../../read/readReport.js";
import { printable } from "./printable.js";

/** What was read, in a few lines for a person: requests, countries, time, and the lines that could not be read. */
export function readSummary(report: ReadReport, cube: Cube): string {
  const lines = [
    `${count(report.events, "request")} from ${count(countriesOf(cube), "country", "countries")}${timeRange(report)}` +
      (report.unlocated > 0 ? `; ${count(report.unlocated, "request")} without a known place` : ""),
  ];
  if (report.rejected > 0) lines.push(...rejectedLines(report));
  return `${lines.join("\n")}\n`;
}

/** How many lines could not be read and why, and the first of each reason. */
export function rejectedLines(report: ReadReport): string[] {
  const share = (100 * report.rejected) / (report.events + report.rejected);
  const reasons = Object.entries(report.reasons).map(([reason, n]) => `${reason} ${n.toLocaleString("en-US")}`);
  return [
    `${count(report.rejected, "line")} (${share < 0.1 ? "<0.1" : share.toFixed(1)}%) could not be read: ${reasons.join(", ")}`,
    ...report.samples.map((s) => `  ${printable(s.file)}:${s.line}: ${s.reason}: ${printable(shortened(s.text))}`),
  ];
}

function timeRange(report: ReadReport): string {
  if (report.events === 0) return "";
  const minute = (ms: number): string => new Date(ms).toISOString().slice(0, 16).replace("T", " ");
  return `, ${minute(report.fromMs)} to ${minute(report.toMs)} UTC`;
}

function countriesOf(cube: Cube): number {
  const { country, length } = cube.places;
  const seen = new Set(country.subarray(0, length));
  seen.delete(0);
  return seen.size;
}

function count(n: number, singular: string, plural = `${singular}s`): string {
  return `${n.toLocaleString("en-US")} ${n === 1 ? singular : plural}`;
}

function shortened(text: string): string {
  return text.length > 120 ? `${text.slice(0, 119)}…` : text;
}
