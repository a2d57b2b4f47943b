import type { Severity } from "../../detect/finding.js";
import type { Alert } from "../alert.js";
import { alertLines } from "./alertLines.js";
import { lastChangeMs } from "./cloudEvents.js";
import { inertActions } from "./inertActions.js";
import type { PayloadObject, PayloadOptions } from "./payloadOptions.js";
import { inertText } from "./text/inertText.js";
import { safeUrl } from "./text/safeUrl.js";
import { shortKey } from "./text/shortKey.js";

const LONGEST = 2_000;
const MOST_NAMES = 100;
/** ERROR2, ERROR, WARN, INFO2 and INFO of OpenTelemetry's logs data model. */
const SEVERITY_NUMBERS: Readonly<Record<Severity, number>> = { critical: 18, high: 17, medium: 13, low: 10, info: 9 };

/**
 * Alerts as events of OpenTelemetry: an `ExportLogsServiceRequest` in OTLP's JSON encoding, for `POST /v1/logs`. The name
 * of the event is a field of the record, `geopivot.alert` or `geopivot.digest`; facts are attributes under OpenTelemetry's names where it has
 * any (`geo.*`, `service.name` of the service concerned under `geopivot.dimension.*`).
 *
 * @example
 * ```ts
 * const request = otlpLogs(alerts, { nowMs }); // for POST /v1/logs of a collector
 * ```
 */
export function otlpLogs(alerts: readonly Alert[], options: PayloadOptions = {}): PayloadObject {
  const { productVersion = "" } = options;
  const version = productVersion === "" ? {} : { version: productVersion };
  const logRecords = alerts.map((alert) => record(alert, options));
  const resource = {
    attributes: [attribute("service.name", inertText(options.source ?? "geopivot", 200, "geopivot"))],
  };
  return { resourceLogs: [{ resource, scopeLogs: [{ scope: { name: "geopivot", ...version }, logRecords }] }] };
}

function record(alert: Alert, options: PayloadOptions): PayloadObject {
  return {
    timeUnixNano: nanoseconds(lastChangeMs(alert)),
    ...observed(options),
    ...severityOf(alert.severity),
    eventName: alert.digest === undefined ? "geopivot.alert" : "geopivot.digest",
    body: stringValue(inertText(alert.title, LONGEST, "Untitled")),
    attributes: [...geoAttributes(alert), ...ownAttributes(alert)],
  };
}

function geoAttributes({ region: { countries, cities, centroid } }: Alert): PayloadObject[] {
  const hasPoint = centroid !== null && Number.isFinite(centroid.lat + centroid.lon);
  return [
    ...(countries.length === 1 ? [attribute("geo.country.iso_code", inertText(countries[0]!, 10))] : []),
    ...(cities.length === 1 ? [attribute("geo.locality.name", inertText(cities[0]!, 200))] : []),
    ...(hasPoint ? [attribute("geo.location.lat", centroid.lat), attribute("geo.location.lon", centroid.lon)] : []),
  ];
}

function ownAttributes(alert: Alert): PayloadObject[] {
  const runbook = safeUrl(alert.runbook);
  const own = (name: string, value: string | number | readonly string[]): PayloadObject =>
    attribute(`geopivot.alert.${name}`, value);
  const numbers = { observed_value: alert.observed, expected_value: alert.expected, clients_count: alert.clients };
  return [
    own("key", shortKey(alert.key, 512)),
    own("status", alert.status),
    own("severity", alert.severity),
    own("kind", alert.kind),
    own("subtype", inertText(alert.subtype, 200)),
    own("measure", inertText(alert.measure, 200)),
    ...Object.entries(numbers).flatMap(([name, value]) => (Number.isFinite(value) ? [own(name, value)] : [])),
    ...alertLines(alert).map(({ name, text }) => own(name, inertText(text, LONGEST))),
    ...Object.entries(alert.dimensions)
      .slice(0, 30)
      .map(([name, value]) => attribute(`geopivot.dimension.${inertText(name, 100)}`, inertText(value, 500))),
    own("countries", alert.region.countries),
    own("findings", alert.findings),
    own("receivers", alert.receivers),
    own("steps", alert.steps),
    own(
      "actions",
      inertActions(alert.actions).map((action) => JSON.stringify(action)),
    ),
    own("why", alert.why),
    ...(runbook === null ? [] : [own("runbook", runbook)]),
  ];
}

const severityOf = (severity: Severity): PayloadObject => ({
  severityNumber: SEVERITY_NUMBERS[severity],
  severityText: severity.toUpperCase(),
});

/** 64-bit integers are texts in the JSON encoding of protocol buffers. */
const nanoseconds = (timeMs: number): string => `${Math.max(0, Math.round(timeMs))}000000`.replace(/^0+(?=\d)/, "");

const observed = ({ nowMs }: PayloadOptions): PayloadObject =>
  nowMs === undefined ? {} : { observedTimeUnixNano: nanoseconds(nowMs) };

const stringValue = (value: string): PayloadObject => ({ stringValue: value });

function attribute(key: string, value: string | number | readonly string[]): PayloadObject {
  if (typeof value === "string") return { key, value: stringValue(value) };
  if (typeof value === "number")
    return { key, value: Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value } };
  const values = value.slice(0, MOST_NAMES).map((item) => stringValue(inertText(item, LONGEST)));
  return { key, value: { arrayValue: { values } } };
}
