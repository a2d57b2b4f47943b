import type { ReportModel } from "../../page/reportModel.js";
import { SEVERITY_ORDER, severityClass } from "../severity.js";
import type { Store } from "./store.js";
import { rangeOf, timesOf } from "./timeRange.js";

/** The address of this page with a finding of it: `#finding=…`. */
export function linkToFinding(id: string): string {
  return `${location.href.split("#")[0]}#${new URLSearchParams({ finding: id })}`;
}

/**
 * Keeps the address in step with what is chosen, so that it can be passed on: `#finding=id`, or `#from=…&to=…` (ISO 8601)
 * for a stretch of time. Follows it where someone edits it or goes back.
 *
 * @param signal - ends it
 */
export function mountDeepLink(model: ReportModel, store: Store, signal: AbortSignal): void {
  follow(model, store);
  window.addEventListener("hashchange", () => follow(model, store), { signal });
  store.listen(({ finding, range }, changed) => {
    if (signal.aborted || !(changed("finding") || changed("range"))) return;
    const hash = finding !== null ? new URLSearchParams({ finding: model.findings[finding]!.id }) : timeHash();
    const text = hash === null ? "" : `#${hash}`;
    if (text !== location.hash) history.replaceState(null, "", text === "" ? location.href.split("#")[0] : text);
    function timeHash(): URLSearchParams | null {
      if (range === null) return null;
      const [from, to] = timesOf(model, range).map((time) => new Date(time).toISOString());
      return new URLSearchParams({ from: from!, to: to! });
    }
  });
}

/** A finding that is not listed is listed from then on. An address that says nothing leaves everything as it is. */
function follow(model: ReportModel, store: Store): void {
  const asked = new URLSearchParams(location.hash.slice(1));
  const finding = model.findings.findIndex(({ id }) => id === asked.get("finding"));
  if (finding >= 0) {
    const severity = severityClass(model.findings[finding]!.severity);
    const severities = SEVERITY_ORDER.filter((one) => one === severity || store.state.severities.includes(one));
    store.set({ finding, severities });
    return;
  }
  const [from, to] = [Date.parse(asked.get("from") ?? ""), Date.parse(asked.get("to") ?? "")];
  if (from < to && model.timeline.count.length > 0) store.set({ finding: null, range: rangeOf(model, from, to) });
}
