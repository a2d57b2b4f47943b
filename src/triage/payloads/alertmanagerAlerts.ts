import { isoTime } from "../../core/time.js";
import type { Alert } from "../alert.js";
import { alertLines } from "./alertLines.js";
import { inertActions } from "./inertActions.js";
import type { PayloadOptions } from "./payloadOptions.js";
import { inertText } from "./text/inertText.js";
import { safeUrl } from "./text/safeUrl.js";
import { shortKey } from "./text/shortKey.js";

/** An alert as `POST /api/v2/alerts` takes it. */
export interface AlertmanagerAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly startsAt: string;
  readonly endsAt?: string;
  readonly generatorURL?: string;
}

/** Annotations go into mails and chats by templates that know no bounds of their own. */
const LONGEST = 2_000;
const LONGEST_LABEL = 512;

/**
 * Alerts for Prometheus Alertmanager's API v2.
 *
 * Its labels are an alert's identity, so they are made of the key alone (and of `labels`): the same while the incident
 * grows, moves or gets worse. Severity, place and figures are annotations. A firing alert says no end: send it again
 * within five minutes.
 *
 * @example
 * ```ts
 * const body = JSON.stringify(alertmanagerAlerts(triage(findings, policy).alerts)); // for POST /api/v2/alerts
 * ```
 */
export function alertmanagerAlerts(alerts: readonly Alert[], options: PayloadOptions = {}): AlertmanagerAlert[] {
  return alerts.map((alert) => {
    const { key, startMs, endMs, status } = alert;
    const generatorURL = safeUrl(options.reportUrl);
    return {
      labels: { ...extraLabels(options.labels ?? {}), ...keyLabels(key) },
      annotations: annotations(alert),
      startsAt: isoTime(startMs),
      ...(status === "resolved" ? { endsAt: isoTime(Math.max(startMs, endMs ?? startMs)) } : {}),
      ...(generatorURL === null ? {} : { generatorURL }),
    };
  });
}

/** A key begins with kind and subtype (`regional-outage/errors/…`), which routes may match. */
function keyLabels(key: string): Record<string, string> {
  const [, kind, subtype] = /^([a-z]+(?:-[a-z]+)+)\/([a-z]+(?:-[a-z]+)*)\//.exec(key) ?? [];
  return {
    alertname: "geopivot",
    geopivot_key: shortKey(key, LONGEST_LABEL),
    ...(kind === undefined || subtype === undefined ? {} : { kind, subtype }),
  };
}

function extraLabels(labels: Readonly<Record<string, string>>): Record<string, string> {
  const named = Object.entries(labels).filter(([name]) => /^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name));
  return Object.fromEntries(
    named.map(([name, value]) => [name, inertText(value, LONGEST_LABEL)] as const).filter(([, value]) => value !== ""),
  );
}

function annotations(alert: Alert): Record<string, string> {
  const { title, severity, status, steps, why, kind, subtype, receivers, findings } = alert;
  const runbook = safeUrl(alert.runbook);
  const texts: [string, string][] = [
    ["summary", inertText(title, LONGEST, "Untitled")],
    ["severity", severity],
    ["status", status],
    ["kind", kind],
    ["subtype", inertText(subtype, LONGEST)],
    ...alertLines(alert).map(({ name, text }): [string, string] => [name, inertText(text, LONGEST)]),
    ["steps", listText(steps)],
    ["actions", actionsText(alert)],
    ["receivers", inertText(receivers.join(", "), LONGEST)],
    ["findings", inertText(findings.join(", "), LONGEST)],
    ["why", listText(why)],
    ...(runbook === null ? [] : [["runbook_url", runbook] as [string, string]]),
  ];
  return Object.fromEntries(texts.filter(([, text]) => text !== ""));
}

/** As JSON, for a pipeline behind the webhook to act on; too many addresses for a text are left out. */
function actionsText({ actions }: Alert): string {
  const text = actions.length === 0 ? "" : JSON.stringify(inertActions(actions));
  return text.length > LONGEST ? "" : text;
}

function listText(lines: readonly string[]): string {
  const texts = lines.slice(0, 20).map((line) => inertText(line, 400));
  return texts.filter((line) => line !== "").join("\n");
}
