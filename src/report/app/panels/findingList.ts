import type { ReportFinding, ReportModel } from "../../page/reportModel.js";
import { html } from "../dom.js";
import { findingSpan, findingTime } from "../findingWords.js";
import { counted } from "../format.js";
import { kindLabel, severityClass } from "../severity.js";
import { isListed } from "../state/listed.js";
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
  store.listen((state, changed) => {
    const { finding, pointed, severities } = state;
    if (changed("severities")) {
      for (const [i, one] of cards.entries()) one.item.hidden = !isListed(model.findings[i]!, state, model.slice);
      none.hidden = cards.some((one) => !one.item.hidden);
      none.replaceChildren(
        html("strong", {}, severities.length > 0 ? `No ${severities.join(", ")} findings` : "Nothing chosen"),
      );
      none.append(html("p", {}, `${counted(cards.length, "other")} can be shown by the buttons above.`));
    }
    if (changed("pointed")) for (const [i, one] of cards.entries()) one.item.classList.toggle("pointed", i === pointed);
    if (!changed("finding")) return;
    for (const [i, one] of cards.entries()) one.open(i === finding);
  });
}

interface Card {
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
    html("span", { class: "muted" }, findingTime(finding)),
    figures(finding, model),
  );
  button.addEventListener("click", () => store.set({ finding: store.state.finding === index ? null : index }));
  const item = html("li", { class: severity }, button, details);
  const point = (pointed: number | null) => () => store.set({ pointed });
  item.addEventListener("pointerenter", point(index));
  item.addEventListener("pointerleave", point(null));
  button.addEventListener("focus", point(index));
  button.addEventListener("blur", point(null));
  let mounted = false;
  return {
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

/** How long, and how many clients. */
function figures(finding: ReportFinding, model: ReportModel): HTMLElement {
  const lasted = findingSpan(finding, model);
  return html(
    "span",
    { class: "finding-figures" },
    html("span", {}, finding.endMs === null ? html("b", {}, `lasting, ${lasted}`) : lasted),
    finding.clients > 0 && html("span", {}, counted(finding.clients, "client")),
  );
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
