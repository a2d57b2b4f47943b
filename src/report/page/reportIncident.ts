import type { Finding } from "../../detect/finding.js";
import type { Alert } from "../../triage/alert.js";
import { alertLines } from "../../triage/payloads/alertLines.js";
import { postMortem } from "../../triage/timeline/postMortem.js";
import { timeline } from "../../triage/timeline/timeline.js";
import type { ReportIncident } from "./reportModel.js";

/** Texts longer than this are cut. */
const LONGEST_TEXT = 300;
const MOST_LINES = 60;

/** An alert as the page tells it: its figures, its timeline and the draft of a post-mortem. */
export function reportIncident(alert: Alert, findings: readonly Finding[]): ReportIncident {
  const incident = timeline(alert, findings);
  const first = findings.findIndex(({ id }) => alert.findings.includes(id));
  const cut = (text: string): string => (text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}…` : text);
  return {
    title: cut(alert.title),
    severity: alert.severity,
    status: alert.status,
    startMs: alert.startMs,
    endMs: alert.endMs,
    finding: first < 0 ? null : first,
    facts: alertLines(alert).map(({ label, text }) => [label, cut(text)] as const),
    moments: incident.moments
      .slice(0, MOST_LINES)
      .map(({ atMs, kind, text, receivers }) => ({ atMs, kind, text: cut(text), receivers })),
    outline: incident.outline.slice(0, MOST_LINES).map(({ atMs, regions, cells }) => ({
      atMs,
      regions: cut(regions.slice(0, 6).join("; ")),
      cells: cells.length,
    })),
    steps: alert.steps.slice(0, MOST_LINES).map(cut),
    why: alert.why.slice(0, MOST_LINES).map(cut),
    draft: postMortem(incident),
  };
}
