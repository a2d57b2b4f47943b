import type { ReportModel } from "../../page/reportModel.js";
import { html } from "../dom.js";
import { SEVERITY_ORDER, type SeverityName, severityClass } from "../severity.js";
import type { Store } from "../state/store.js";

/** How many findings of a severity there are. */
export function countOf(model: ReportModel, severity: SeverityName): number {
  return model.findings.filter((finding) => severityClass(finding.severity) === severity).length;
}

/** A button for each severity that occurs: pressed, its findings are listed and marked. */
export function mountSeverities(box: HTMLElement, model: ReportModel, store: Store): void {
  for (const severity of SEVERITY_ORDER) {
    const count = countOf(model, severity);
    if (count === 0) continue;
    const button = html("button", { type: "button", class: `severity ${severity}` }, `${count} ${severity}`);
    button.addEventListener("click", () => toggle(severity, model, store));
    store.listen(({ severities }) => button.setAttribute("aria-pressed", String(severities.includes(severity))));
    box.append(button);
  }
}

/** A finding that is no longer listed is no longer selected. */
function toggle(severity: SeverityName, model: ReportModel, store: Store): void {
  const { severities, finding } = store.state;
  const next = SEVERITY_ORDER.filter((one) => (one === severity) !== severities.includes(one));
  const selected = finding === null ? null : severityClass(model.findings[finding]!.severity);
  store.set({ severities: next, finding: selected !== null && next.includes(selected) ? finding : null });
}
