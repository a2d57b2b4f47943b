import { isoTime } from "../core/time.js";
import type { Alert, AlertEvent, DigestEntry, Suppressed } from "./alert.js";
import type { Triage } from "./triage.js";

/** The document that `analyze --alerts` and `triage` write. Times are ISO 8601 UTC. */
export interface AlertsJson {
  readonly schema: "geopivot.alerts/1";
  readonly alerts: readonly AlertJson[];
  readonly digest: readonly DigestEntry[];
  readonly suppressed: readonly Suppressed[];
}

/** An {@link Alert} with its times as text. */
export interface AlertJson extends Omit<Alert, "startMs" | "endMs" | "detectedAtMs" | "history"> {
  readonly start: string;
  /** null while it lasts. */
  readonly end: string | null;
  readonly detectedAt: string;
  readonly history: readonly AlertEventJson[];
}

export interface AlertEventJson extends Omit<AlertEvent, "atMs"> {
  readonly at: string;
}

/** What `triage` gave, as the document `geopivot.alerts/1`, ready for `JSON.stringify`. */
export function alertsJson({
  alerts,
  digest,
  suppressed,
}: Pick<Triage, "alerts" | "digest" | "suppressed">): AlertsJson {
  return { schema: "geopivot.alerts/1", alerts: alerts.map(alertJson), digest, suppressed };
}

function alertJson(alert: Alert): AlertJson {
  const { startMs, endMs, detectedAtMs, history, key, status, change, severity, kind, subtype, title, ...rest } = alert;
  const { region, dimensions, resolution, measure, observed, expected, loss, confidence, ...told } = rest;
  return {
    ...{ key, status, change, severity, kind, subtype, title, region, dimensions },
    start: isoTime(startMs),
    end: endMs === null ? null : isoTime(endMs),
    detectedAt: isoTime(detectedAtMs),
    ...{ resolution, measure, observed, expected, loss, confidence },
    ...told,
    history: history.map(({ atMs, ...event }) => ({ at: isoTime(atMs), ...event })),
  };
}
