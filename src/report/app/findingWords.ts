import type { ReportCause, ReportFinding, ReportModel } from "../page/reportModel.js";
import { counted, interval, moment, percent, shortNumber, span } from "./format.js";
import { quantityOf } from "./quantity.js";
import { kindLabel } from "./severity.js";
import { timesOf } from "./state/timeRange.js";

/** Names on the map are cut after so many characters. */
const LONGEST_NAME = 28;

const LONGEST_FIGURE = 22;

/** Where a finding is, in a word: "Germany", "Hanoi"; where someone went to, for those who moved. */
export function findingPlace({ region, path }: ReportFinding): string {
  const name = path[path.length - 1]?.place || region;
  const first = name.split(/,| \(/)[0]!.trim() || name;
  return first.length > LONGEST_NAME ? `${first.slice(0, LONGEST_NAME - 1)}…` : first;
}

/** How bad it is, in a figure: "−93%", "×101", "592 ms", "58% fail"; empty where a figure says nothing by itself. */
export function findingFigure({ measure, observed, expected, kind }: ReportFinding): string {
  const { text, name } = quantityOf(measure);
  if (measure === "requests" && expected > 0) {
    const ratio = observed / expected;
    return ratio < 1 ? `−${percent(1 - ratio)}` : `×${shortNumber(ratio)}`;
  }
  if (/latency/.test(measure)) return text(observed);
  if (/ rate$/.test(name) && kind !== "suspicious-traffic") return `${text(observed)} fail`;
  const words = `${text(observed)} ${name}`;
  return words.length <= LONGEST_FIGURE && name !== "speed" ? words : "";
}

/** How long a finding lasted, or has lasted by the end of the data. */
export function findingSpan({ startMs, endMs }: ReportFinding, model: ReportModel): string {
  return span(Math.max(0, (endMs ?? timesOf(model, null)[1]) - startMs));
}

/** "Mon 2 Mar, 12:00–13:00", or since when it lasts. */
export function findingTime({ startMs, endMs }: ReportFinding): string {
  return endMs === null ? `since ${moment(startMs)}` : interval(startMs, endMs);
}

/** "version 4.3.0, but not method HEAD". */
export function causeText({ slice, except = {} }: ReportCause, nameOf: (key: string) => string): string {
  const values = Object.entries(slice).map(([name, value]) => `${nameOf(name)} ${value}`);
  const without = Object.entries(except).map(([name, them]) => `but not ${nameOf(name)} ${them.join(", ")}`);
  return [...values, ...without].join(", ");
}

/** A finding as plain text, to be pasted where people talk. */
export function findingText(finding: ReportFinding, model: ReportModel): string {
  const { severity, kind, subtype, title, region, measure, observed, expected, clients, cause } = finding;
  const { name, text } = quantityOf(measure);
  const lasted = findingSpan(finding, model);
  const causes = cause.slice(0, 3).map((one) => `${percent(one.share)} ${causeText(one, (name) => name)}`);
  return [
    `[${severity}] ${title}`,
    `${kindLabel(kind, subtype)}${region === "" ? "" : `, ${region}`}`,
    `${findingTime(finding)} UTC, ${finding.endMs === null ? `lasting for ${lasted}` : lasted}`,
    `${name}: ${text(observed)}, expected ${text(expected)}; ${counted(clients, "client")}`,
    ...(causes.length > 0 ? [`What carries it: ${causes.join("; ")}`] : []),
    `Finding ${finding.id} of ${model.title}`,
  ].join("\n");
}
