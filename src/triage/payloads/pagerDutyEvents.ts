import { isoTime } from "../../core/time.js";
import type { Severity } from "../../detect/finding.js";
import type { Alert } from "../alert.js";
import { alertLines } from "./alertLines.js";
import { inertActions } from "./inertActions.js";
import type { PayloadObject, PayloadOptions } from "./payloadOptions.js";
import { inertText } from "./text/inertText.js";
import { safeUrl } from "./text/safeUrl.js";
import { shortKey } from "./text/shortKey.js";

/** An event as `POST /v2/enqueue` of PagerDuty's Events API takes it. */
export interface PagerDutyEvent {
  readonly routing_key: string;
  readonly event_action: "trigger" | "resolve";
  readonly dedup_key: string;
  readonly client: string;
  readonly client_url?: string;
  readonly links: readonly { readonly href: string; readonly text: string }[];
  readonly payload: {
    readonly summary: string;
    readonly source: string;
    readonly severity: "critical" | "error" | "warning" | "info";
    readonly timestamp: string;
    readonly component?: string;
    readonly group: string;
    readonly class: string;
    readonly custom_details: PayloadObject;
  };
}

const LONGEST_KEY = 255;
const LONGEST_SUMMARY = 1_024;
const LONGEST = 1_000;
const MOST_LINES = 40;
const SEVERITIES: Readonly<Record<Severity, PagerDutyEvent["payload"]["severity"]>> = {
  critical: "critical",
  high: "error",
  medium: "warning",
  low: "info",
  info: "info",
};

/**
 * Alerts for PagerDuty's Events API v2: growth is another `trigger` under the same key.
 *
 * @example
 * ```ts
 * const [event] = pagerDutyEvents(alerts, { routingKey }); // for POST /v2/enqueue
 * ```
 */
export function pagerDutyEvents(alerts: readonly Alert[], options: PayloadOptions = {}): PagerDutyEvent[] {
  const clientUrl = safeUrl(options.reportUrl);
  return alerts.map((alert) => ({
    routing_key: options.routingKey ?? "",
    event_action: alert.status === "resolved" ? "resolve" : "trigger",
    dedup_key: shortKey(alert.key, LONGEST_KEY),
    client: "geopivot",
    ...(clientUrl === null ? {} : { client_url: clientUrl }),
    links: linksOf(alert),
    payload: payloadOf(alert),
  }));
}

function payloadOf(alert: Alert): PagerDutyEvent["payload"] {
  const { title, region, severity, startMs, subtype, kind, dimensions } = alert;
  const service = inertText(dimensions.service ?? "", 200);
  return {
    summary: inertText(title, LONGEST_SUMMARY, "Untitled"),
    source: inertText(region.name, 200, "geopivot"),
    severity: SEVERITIES[severity],
    timestamp: isoTime(startMs),
    ...(service === "" ? {} : { component: service }),
    group: kind,
    class: inertText(subtype, 200),
    custom_details: detailsOf(alert),
  };
}

function detailsOf(alert: Alert): PayloadObject {
  const { steps, why, findings, receivers, actions } = alert;
  const list = (texts: readonly string[]): string[] =>
    texts.slice(0, MOST_LINES).map((text) => inertText(text, LONGEST));
  return {
    ...Object.fromEntries(alertLines(alert).map(({ name, text }) => [name, inertText(text, LONGEST)])),
    steps: list(steps),
    actions: inertActions(actions),
    receivers: list(receivers),
    findings: list(findings),
    why: list(why),
  };
}

function linksOf({ runbook }: Alert): { href: string; text: string }[] {
  const href = safeUrl(runbook);
  return href === null ? [] : [{ href, text: "Runbook" }];
}
