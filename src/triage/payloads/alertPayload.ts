import { checkArgument, checkOptions } from "../../core/options/checkOptions.js";
import { choice, having, list } from "../../core/options/shapes.js";
import type { Alert } from "../alert.js";
import { alertmanagerAlerts } from "./alertmanagerAlerts.js";
import { alertsMarkdown } from "./alertsMarkdown.js";
import { cloudEvents } from "./cloudEvents.js";
import { otlpLogs } from "./otlpLogs.js";
import { pagerDutyEvents } from "./pagerDutyEvents.js";
import { PAYLOAD_OPTIONS, type PayloadOptions } from "./payloadOptions.js";
import { slackMessages } from "./slackMessages.js";
import { teamsMessages } from "./teamsMessages.js";

/**
 * The formats that alerts can be written in.
 *
 * @example
 * ```ts
 * for (const format of PAYLOAD_FORMATS) writeFileSync(`alerts.${format}`, alertPayload(format, alerts));
 * ```
 */
export const PAYLOAD_FORMATS = [
  "alertmanager",
  "pagerduty",
  "slack",
  "teams",
  "cloudevents",
  "otlp",
  "markdown",
] as const;

export type PayloadFormat = (typeof PAYLOAD_FORMATS)[number];

const FORMAT = choice(...PAYLOAD_FORMATS);
const ALERTS = list(having("an alert of triage()", "key", "status"), "alerts: triage(findings, policy).alerts");

const MAKERS: Readonly<Record<PayloadFormat, (alerts: readonly Alert[], options: PayloadOptions) => unknown>> = {
  alertmanager: alertmanagerAlerts,
  pagerduty: pagerDutyEvents,
  slack: slackMessages,
  teams: teamsMessages,
  cloudevents: cloudEvents,
  otlp: otlpLogs,
  markdown: alertsMarkdown,
};

/**
 * Alerts as the text of a document in a receiver's format, ending in a line end: JSON, or Markdown. Of `pagerduty`,
 * `slack`, `teams` and `cloudevents` it is a list of what is sent one by one.
 *
 * @example
 * ```ts
 * process.stdout.write(alertPayload("alertmanager", triage(findings, policy).alerts));
 * ```
 */
export function alertPayload(format: PayloadFormat, alerts: readonly Alert[], options: PayloadOptions = {}): string {
  checkArgument("alertPayload", "the format", format, FORMAT);
  checkArgument("alertPayload", "the alerts", alerts, ALERTS);
  checkOptions("alertPayload", options, PAYLOAD_OPTIONS);
  const payload = MAKERS[format](alerts, options);
  return typeof payload === "string" ? payload : `${JSON.stringify(payload, null, 2)}\n`;
}
