import { isoTime } from "../core/time.js";
import type { Cause, FindingKind, FindingRegion, Severity } from "../detect/finding.js";
import type { Alert, AlertAction, AlertChange, AlertEvent, AlertLoss, DigestEntry, Suppressed } from "./alert.js";
import type { Triage } from "./triage.js";

/** The document that `analyze --alerts` and `triage` write. Times are ISO 8601 UTC. */
export interface AlertsJson {
  readonly schema: "geopivot.alerts/1";
  readonly alerts: readonly AlertJson[];
  readonly digest: readonly DigestEntry[];
  readonly suppressed: readonly Suppressed[];
}

/** An {@link Alert} with its times as text. */
export interface AlertJson {
  readonly key: string;
  readonly status: "firing" | "resolved";
  readonly change: AlertChange;
  readonly severity: Severity;
  readonly kind: FindingKind;
  readonly subtype: string;
  readonly title: string;
  readonly region: FindingRegion;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly start: string;
  readonly end: string | null;
  readonly detectedAt: string;
  readonly resolution: string | null;
  readonly measure: string;
  readonly observed: number;
  readonly expected: number;
  readonly loss: AlertLoss;
  readonly confidence: number;
  readonly clients: number;
  readonly tiers: readonly string[];
  readonly cause: string | null;
  readonly causes: readonly Cause[];
  readonly findings: readonly string[];
  readonly receivers: readonly string[];
  readonly runbook: string | null;
  readonly steps: readonly string[];
  readonly actions: readonly AlertAction[];
  readonly alongside: readonly string[];
  readonly secondOpinion: string | null;
  readonly history: readonly AlertEventJson[];
  readonly why: readonly string[];
}

export interface AlertEventJson extends Omit<AlertEvent, "atMs"> {
  readonly at: string;
}

/** What `triage` gave, as the document `geopivot.alerts/1`, ready for `JSON.stringify`. */
export function alertsJson({ alerts, digest, suppressed }: Omit<Triage, "state">): AlertsJson {
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
