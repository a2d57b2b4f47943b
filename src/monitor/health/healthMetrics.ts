import type { MonitorHealth } from "./monitorHealth.js";

/** One number of a monitor's health, with its labels. */
export interface HealthSample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A metric by the naming rules of Prometheus; OpenTelemetry has the same with points. */
export interface HealthMetric {
  /** With underscores, without the unit's suffix of counters: `geopivot_events_accepted`. */
  readonly name: string;
  readonly help: string;
  readonly kind: "counter" | "gauge";
  /** As UCUM writes it. */
  readonly unit: string;
  readonly samples: readonly HealthSample[];
}

/** The health of a monitor as metrics: those of what is not known are left out. */
export function healthMetrics(health: MonitorHealth): HealthMetric[] {
  const { rejected, dropped, late, tickMs } = health;
  const metrics: HealthMetric[] = [
    counter("events_accepted", "Events counted.", "{event}", one(health.accepted)),
    counter("events_rejected", "Lines and objects that are no events, by reason.", "{event}", by("reason", rejected)),
    counter("events_dropped", "Events that were not counted, by reason.", "{event}", by("reason", dropped)),
    counter("events_late", "Events that came too late, by how late at the most.", "{event}", by("upto", late)),
    counter("buckets_closed", "Buckets closed and judged.", "{bucket}", one(health.buckets)),
    counter("finding_changes", "Changes of findings told.", "{change}", one(health.changes)),
    counter("alerts", "Alerts sent, and those that could not be.", "{alert}", [
      { labels: { outcome: "sent" }, value: health.alertsSent },
      { labels: { outcome: "failed" }, value: health.alertsFailed },
    ]),
    gauge("events_buffered", "Events that wait for their time to be complete.", "{event}", one(health.buffered)),
    gauge("sources", "Sources heard of.", "{source}", one(health.sources)),
    gauge("findings_open", "Findings that are open.", "{finding}", one(health.findingsOpen)),
    gauge(
      "lag_seconds",
      "From what is judged to the latest event or what the clock shows.",
      "s",
      seconds(health.lagMs),
    ),
    gauge("watermark_seconds", "Up to when all events have come, since 1970.", "s", seconds(health.watermarkMs)),
    gauge("judged_seconds", "Up to when everything is judged, since 1970.", "s", seconds(health.judgedMs)),
    gauge("database_age_seconds", "How old the location database is.", "s", seconds(health.databaseAgeMs)),
    gauge("history_bytes", "Memory of the traffic that is kept.", "By", one(health.historyBytes)),
    gauge("warnings", "What is not quite right, as health tells it.", "{warning}", one(health.warnings.length)),
  ];
  if (tickMs !== null)
    metrics.push(
      gauge("tick_seconds", "How long judging a bucket took, of the last 1,000.", "s", [
        { labels: { of: "last" }, value: tickMs.last / 1000 },
        { labels: { of: "p99" }, value: tickMs.p99 / 1000 },
        { labels: { of: "max" }, value: tickMs.max / 1000 },
      ]),
    );
  return metrics.filter(({ samples }) => samples.length > 0);
}

type Rest = Parameters<typeof metric> extends [unknown, ...infer R] ? R : never;
const counter = (...rest: Rest): HealthMetric => metric("counter", ...rest);
const gauge = (...rest: Rest): HealthMetric => metric("gauge", ...rest);

function metric(
  kind: "counter" | "gauge",
  name: string,
  help: string,
  unit: string,
  samples: readonly HealthSample[],
): HealthMetric {
  return { name: `geopivot_${name}`, help, kind, unit, samples };
}

const one = (value: number): HealthSample[] => [{ labels: {}, value }];
const seconds = (ms: number | null): HealthSample[] => (ms === null ? [] : one(ms / 1000));
const by = (label: string, counts: Readonly<Record<string, number>>): HealthSample[] =>
  Object.entries(counts).map(([key, value]) => ({ labels: { [label]: key }, value }));
