import type { ReportFinding, ReportModel } from "../../page/reportModel.js";
import { html } from "../dom.js";
import { causeText, findingSpan } from "../findingWords.js";
import { counted, localInterval, moment, percent, wholeNumber } from "../format.js";
import { quantityOf } from "../quantity.js";
import { words } from "../severity.js";
import { findingActions } from "./findingActions.js";
import { findingChart } from "./findingChart.js";

const FEW = 8;

/** The evidence of a finding: its chart, the figures, what carries it, who was involved. */
export function mountFindingDetails(box: HTMLElement, finding: ReportFinding, model: ReportModel): void {
  box.append(findingActions(finding, model));
  if (finding.series) box.append(findingChart(finding, finding.series, quantityOf(finding.series.measure)));
  if (finding.path.length > 1) box.append(journey(finding));
  box.append(facts(finding, model));
  if (finding.evidence.length > 0) box.append(more(finding));
  if (finding.cause.length > 0) box.append(causes(finding));
  if (finding.users.length > 0) box.append(names("Users", finding.users, finding.userCount));
  if (finding.ips.length > 0) box.append(names("Addresses", finding.ips, finding.ipCount));
}

function facts(finding: ReportFinding, model: ReportModel): HTMLElement {
  const quantity = quantityOf(finding.measure);
  const list = html("dl", { class: "facts" });
  const add = (name: string, value: string): void => {
    list.append(html("dt", {}, name), html("dd", {}, value));
  };
  const band = finding.expectedInterval;
  add("Region", finding.region);
  add(`Observed ${quantity.name}`, quantity.text(finding.observed));
  const between = band ? ` (95%: ${quantity.text(band[0])} – ${quantity.text(band[1])})` : "";
  add("Expected", `${quantity.text(finding.expected)}${between}`);
  add(finding.endMs === null ? "Lasting for" : "Lasted", findingSpan(finding, model));
  const local = finding.timeZone
    ? localInterval(finding.startMs, finding.endMs ?? finding.detectedAtMs, finding.timeZone)
    : "";
  if (local !== "") add("Local time", local);
  add("Detected", moment(finding.detectedAtMs));
  add("Confidence", finding.confidence > 0.9995 ? "over 99.9%" : percent(finding.confidence));
  add("Clients", wholeNumber(finding.clients));
  for (const [name, value] of Object.entries(finding.dimensions)) add(words(name), value);
  return list;
}

/** What the detector knows beyond that, for those who ask how it was told. */
function more(finding: ReportFinding): HTMLElement {
  const list = html("dl", { class: "facts" });
  for (const [key, value] of finding.evidence) {
    const { name, text } = quantityOf(key);
    list.append(html("dt", {}, name), html("dd", {}, typeof value === "number" ? text(value) : value));
  }
  return html("details", { class: "more" }, html("summary", {}, "How it was told"), list);
}

/** Where someone was and when, in order. */
function journey(finding: ReportFinding): HTMLElement {
  const stops = finding.path.map((stop) =>
    html("li", {}, html("span", {}, stop.place), html("span", { class: "muted" }, moment(stop.timeMs))),
  );
  return html("ol", { class: "journey" }, ...stops);
}

function causes(finding: ReportFinding): HTMLElement {
  const rows = finding.cause.slice(0, 5).map((cause) => {
    const { share } = cause;
    const bar = html("span", { class: "share" });
    bar.style.width = `${Math.round(100 * Math.max(0, Math.min(1, share)))}%`;
    return html("li", {}, html("span", {}, causeText(cause, words)), html("b", {}, percent(share)), bar);
  });
  return html("section", {}, html("h4", {}, "What carries it"), html("ul", { class: "causes" }, ...rows));
}

function names(title: string, values: readonly string[], total: number): HTMLElement {
  const chips = (list: readonly string[]) => list.map((value) => html("li", {}, value));
  const list = html("ul", { class: "names" }, ...chips(values.slice(0, FEW)));
  const heading = html("h4", {}, `${title} `, html("span", { class: "muted" }, wholeNumber(total)));
  const section = html("section", {}, heading, list);
  if (values.length > FEW) {
    const more = html("button", { type: "button", class: "link" }, `Show ${values.length - FEW} more`);
    more.addEventListener("click", () => {
      list.append(...chips(values.slice(FEW)));
      more.replaceWith(
        total > values.length
          ? html("span", { class: "muted" }, `${counted(total - values.length, "other")} not shown`)
          : "",
      );
    });
    section.append(more);
  }
  return section;
}
