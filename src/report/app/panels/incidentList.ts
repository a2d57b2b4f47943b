import type { ReportIncident, ReportModel } from "../../page/reportModel.js";
import { byId, html } from "../dom.js";
import { counted, interval, moment } from "../format.js";
import { severityClass } from "../severity.js";
import type { Store } from "../state/store.js";

const KINDS: Readonly<Record<string, string>> = {
  began: "Began",
  knowable: "Could be known",
  told: "Told",
  ended: "Ended",
};

/** The incidents that triage made of the findings: what could be known when, what was told to whom, when it ended. */
export function mountIncidents(box: HTMLElement, { incidents }: ReportModel, store: Store): void {
  byId("tab-incidents").hidden = incidents.length === 0;
  byId("incident-count").textContent = String(incidents.length);
  box.append(html("ol", { class: "findings" }, ...incidents.map((incident, i) => card(incident, i, store))));
}

function card(incident: ReportIncident, index: number, store: Store): HTMLLIElement {
  const severity = severityClass(incident.severity);
  const details = html("div", { class: "details", id: `incident-${index}`, hidden: true });
  const button = html(
    "button",
    { type: "button", class: "finding incident", "aria-expanded": "false", "aria-controls": details.id },
    html(
      "span",
      { class: "finding-top" },
      html("span", { class: `severity ${severity}` }, severity),
      html("span", { class: "muted" }, incident.status),
    ),
    html("span", { class: "finding-title" }, incident.title),
    html("span", { class: "muted" }, when(incident)),
  );
  const item = html("li", {}, button, details);
  button.addEventListener("click", () => {
    const open = details.hidden;
    if (open && details.childElementCount === 0) mountDetails(details, incident);
    details.hidden = !open;
    button.setAttribute("aria-expanded", String(open));
    item.classList.toggle("selected", open);
    if (open && incident.finding !== null) store.set({ finding: incident.finding });
  });
  return item;
}

function when({ startMs, endMs }: ReportIncident): string {
  return endMs === null ? `since ${moment(startMs)}, lasting` : interval(startMs, endMs);
}

function mountDetails(box: HTMLElement, incident: ReportIncident): void {
  const facts = incident.facts.flatMap(([label, text]) => [html("dt", {}, label), html("dd", {}, text)]);
  box.append(html("dl", { class: "facts" }, ...facts), timeline(incident));
  if (incident.outline.length > 0) box.append(outline(incident));
  if (incident.steps.length > 0) box.append(lines("What to do first", incident.steps));
  if (incident.why.length > 0) box.append(lines("Why it was told as it was", incident.why));
  const draft = html("textarea", { readonly: true, rows: 12, "aria-label": "Draft of a post-mortem in Markdown" });
  draft.value = incident.draft;
  box.append(html("details", { class: "more" }, html("summary", {}, "Draft of a post-mortem"), draft));
}

function timeline({ moments }: ReportIncident): HTMLElement {
  const rows = moments.map(({ atMs, kind, text, receivers }) =>
    html(
      "li",
      { class: kind in KINDS ? kind : "" },
      html("time", { datetime: new Date(atMs).toISOString() }, moment(atMs)),
      html("b", {}, KINDS[kind] ?? kind),
      html("span", {}, receivers.length > 0 ? `${text} → ${receivers.join(", ")}` : text),
    ),
  );
  return html("section", {}, html("h4", {}, "Timeline"), html("ol", { class: "moments" }, ...rows));
}

function outline({ outline: steps }: ReportIncident): HTMLElement {
  const rows = steps.map(({ atMs, regions, cells }) =>
    html("li", {}, `Known by ${moment(atMs)}: ${regions} (${counted(cells, "cell")})`),
  );
  return html("section", {}, html("h4", {}, "How the outline grew"), html("ol", { class: "lines" }, ...rows));
}

function lines(title: string, texts: readonly string[]): HTMLElement {
  return html(
    "section",
    {},
    html("h4", {}, title),
    html("ol", { class: "lines" }, ...texts.map((text) => html("li", {}, text))),
  );
}
