import type { ReportFinding, ReportModel } from "../../page/reportModel.js";
import { html } from "../dom.js";
import { counted, interval, moment } from "../format.js";
import { kindLabel, type SeverityName, severityClass } from "../severity.js";
import type { Store } from "../state/store.js";
import { mountFindingDetails } from "./findingDetails.js";

/** The findings, one a card; opening a card takes the reader there and shows the evidence. */
export function mountFindings(box: HTMLElement, model: ReportModel, store: Store): void {
  if (model.findings.length === 0) {
    box.append(nothing(model));
    return;
  }
  const cards = model.findings.map((finding, i) => card(finding, i, model, store));
  const list = html("ol", { class: "findings" }, ...cards.map((one) => one.item));
  box.append(list);
  list.addEventListener("keydown", (event) =>
    moveFocus(
      event,
      cards.filter((one) => !one.item.hidden).map((one) => one.button),
    ),
  );
  const none = html("div", { class: "empty" });
  box.append(none);
  store.listen(({ finding, severities }, changed) => {
    if (changed("severities")) {
      for (const one of cards) one.item.hidden = !severities.includes(one.severity);
      none.hidden = cards.some((one) => !one.item.hidden);
      none.replaceChildren(
        html("strong", {}, severities.length > 0 ? `No ${severities.join(", ")} findings` : "Nothing chosen"),
      );
      none.append(html("p", {}, `${counted(cards.length, "other")} can be shown by the buttons above.`));
    }
    if (!changed("finding")) return;
    for (const [i, one] of cards.entries()) one.open(i === finding);
  });
}

interface Card {
  readonly severity: SeverityName;
  readonly item: HTMLLIElement;
  readonly button: HTMLButtonElement;
  open(open: boolean): void;
}

function card(finding: ReportFinding, index: number, model: ReportModel, store: Store): Card {
  const severity = severityClass(finding.severity);
  const details = html("div", { class: "details", id: `finding-${index}`, hidden: true });
  const button = html(
    "button",
    { type: "button", class: "finding", "aria-expanded": "false", "aria-controls": details.id },
    html(
      "span",
      { class: "finding-top" },
      html("span", { class: `severity ${severity}` }, severity),
      html("span", { class: "muted" }, kindLabel(finding.kind, finding.subtype)),
    ),
    html("span", { class: "finding-title" }, finding.title),
    html("span", { class: "muted" }, when(finding)),
  );
  button.addEventListener("click", () => store.set({ finding: store.state.finding === index ? null : index }));
  const item = html("li", { class: severity }, button, details);
  let mounted = false;
  return {
    severity,
    item,
    button,
    open: (open) => {
      button.setAttribute("aria-expanded", String(open));
      item.classList.toggle("selected", open);
      details.hidden = !open;
      if (!open) return;
      if (!mounted) mountFindingDetails(details, finding, model);
      mounted = true;
      item.scrollIntoView({ block: "nearest", behavior: "instant" });
    },
  };
}

/** "Mon 2 Mar, 12:00–13:00", or since when it lasts. */
function when(finding: ReportFinding): string {
  if (finding.endMs === null) return `since ${moment(finding.startMs)}, lasting`;
  return interval(finding.startMs, finding.endMs);
}

function moveFocus(event: KeyboardEvent, buttons: readonly HTMLButtonElement[]): void {
  const at = buttons.indexOf(event.target as HTMLButtonElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
  if (at < 0 || to === undefined) return;
  event.preventDefault();
  buttons[Math.max(0, Math.min(buttons.length - 1, to))]!.focus();
}

function nothing(model: ReportModel): HTMLElement {
  const { events } = model.input;
  const text =
    events === 0
      ? "There were no requests to judge."
      : `${counted(events, "request")} from ${counted(model.countries, "country", "countries")}, and nothing that stands out.`;
  return html("div", { class: "empty" }, html("strong", {}, "No findings"), html("p", {}, text));
}
