import type { ReportModel } from "../../page/reportModel.js";
import { byId, html } from "../dom.js";
import { counted, day, wholeNumber } from "../format.js";

/** What was read, in a line, and how many findings there are. */
export function mountHeader(model: ReportModel): void {
  const { events, rejected, unlocated, files } = model.input;
  const parts = [
    counted(events, "request"),
    counted(model.countries, "country", "countries"),
    period(model),
    rejected > 0 && `${wholeNumber(rejected)} lines rejected`,
    unlocated > 0 && `${wholeNumber(unlocated)} not located`,
  ].filter((part): part is string => typeof part === "string" && part !== "");
  const summary = byId("summary");
  summary.replaceChildren(...parts.map((part) => html("span", {}, part)));
  if (files.length > 0) summary.title = files.join("\n");
  byId("finding-count").textContent = wholeNumber(model.findings.length);
}

function period(model: ReportModel): string {
  const { from, to } = model.input;
  if (!from || !to) return "";
  const [first, last] = [day(Date.parse(from)), day(Date.parse(to))];
  return `${first === last ? first : `${first} – ${last}`} UTC`;
}
