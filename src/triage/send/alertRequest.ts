import type { Alert } from "../alert.js";
import { alertmanagerAlerts } from "../payloads/alertmanagerAlerts.js";
import { cloudEvents } from "../payloads/cloudEvents.js";
import { otlpLogs } from "../payloads/otlpLogs.js";
import { pagerDutyEvents } from "../payloads/pagerDutyEvents.js";
import type { PayloadOptions } from "../payloads/payloadOptions.js";
import { slackMessages } from "../payloads/slackMessages.js";
import { teamsMessages } from "../payloads/teamsMessages.js";
import type { CheckedReceiver } from "./receiver.js";

/** A request to a receiver. */
export interface AlertRequest {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** What a receiver is sent of one alert. */
export function alertRequest(receiver: CheckedReceiver, alert: Alert, options: PayloadOptions): AlertRequest {
  const { format, headers = {}, routingKey = "", labels = {} } = receiver;
  const own = { ...options, routingKey, labels: { ...options.labels, ...labels } };
  const contentType = format === "cloudevents" ? "application/cloudevents+json; charset=utf-8" : "application/json";
  return {
    body: JSON.stringify(bodyOf(format, alert, own)),
    headers: { "user-agent": "geopivot", ...headers, "content-type": contentType },
  };
}

function bodyOf(format: CheckedReceiver["format"], alert: Alert, options: PayloadOptions): unknown {
  switch (format) {
    case "alertmanager":
      return alertmanagerAlerts([alert], options);
    case "pagerduty":
      return pagerDutyEvents([alert], options)[0];
    case "slack":
      return slackMessages([alert], options)[0];
    case "teams":
      return teamsMessages([alert], options)[0];
    case "cloudevents":
      return cloudEvents([alert], options)[0];
    case "otlp":
      return otlpLogs([alert], options);
  }
}
