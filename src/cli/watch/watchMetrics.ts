import type { MonitorHealth } from "../../monitor/health/monitorHealth.js";
import type { Metric } from "./serve/prometheusText.js";

/** What the service knows beside the monitor. */
export interface WatchCounters {
  readonly stateFailures: number;
  readonly alertsFiring: number;
  readonly alertsPending: number;
  readonly listeners: number;
  readonly policyReloads: number;
  readonly eventsReloads: number;
  readonly databaseReloads: number;
  readonly reloadFailures: number;
  /** Lines that are no events, by reason. */
  readonly rejected: Readonly<Record<string, number>>;
}

/** All that a Prometheus server can ask a running `watch` for. */
export function watchMetrics(health: MonitorHealth, counters: WatchCounters): Metric[] {
  const rejected = { ...health.rejected };
  for (const [reason, lines] of Object.entries(counters.rejected)) rejected[reason] = (rejected[reason] ?? 0) + lines;
  return [
    counter("events_total", "Events counted.", health.accepted),
    labelled("rejected_total", "Lines that are no events, by reason.", "reason", rejected),
    labelled("dropped_total", "Events that were not counted, by reason.", "reason", health.dropped),
    labelled("late_total", "Events that came too late, by how late.", "lateness", health.late),
    counter("buckets_total", "Buckets closed and judged.", health.buckets),
    counter("changes_total", "Changes of findings told.", health.changes),
    gauge("findings_open", "Findings that last.", health.findingsOpen),
    gauge("alerts_firing", "Alerts that fire.", counters.alertsFiring),
    counter("alerts_sent_total", "Requests to receivers that were taken.", health.alertsSent),
    counter("alerts_failed_total", "Requests to receivers that failed.", health.alertsFailed),
    gauge("alerts_pending", "Deliveries that wait for their receiver.", counters.alertsPending),
    gauge("buffered_events", "Events that wait for their time to be complete.", health.buffered),
    gauge("sources", "Logs heard of.", health.sources),
    gauge("lag_seconds", "From what is judged to the latest event, or to the clock.", seconds(health.lagMs)),
    gauge("watermark_timestamp_seconds", "Up to when all events have come.", seconds(health.watermarkMs)),
    gauge("judged_timestamp_seconds", "Up to when everything is judged.", seconds(health.judgedMs)),
    gauge("tick_seconds", "How long judging the last bucket took.", seconds(health.tickMs?.last ?? null)),
    gauge("tick_p99_seconds", "How long judging a bucket takes, 99th percentile.", seconds(health.tickMs?.p99 ?? null)),
    gauge("database_age_seconds", "Age of the location database.", seconds(health.databaseAgeMs)),
    gauge("history_bytes", "Memory of the traffic that is kept.", health.historyBytes),
    counter("state_write_failures_total", "Writes of state that failed.", counters.stateFailures),
    counter("policy_reloads_total", "Policies taken while running.", counters.policyReloads),
    counter("events_reloads_total", "Files of outages that others saw, taken while running.", counters.eventsReloads),
    counter("database_reloads_total", "Location databases taken while running.", counters.databaseReloads),
    counter(
      "reload_failures_total",
      "Policies and databases that were refused while running.",
      counters.reloadFailures,
    ),
    gauge("live_listeners", "Browsers that listen.", counters.listeners),
    gauge("process_resident_memory_bytes", "Resident memory.", process.memoryUsage.rss()),
  ];
}

const counter = (name: string, help: string, value: number): Metric => metric(name, help, "counter", value);
const gauge = (name: string, help: string, value: number | null): Metric => metric(name, help, "gauge", value);
const metric = (name: string, help: string, type: Metric["type"], value: number | null): Metric => ({
  name: `geopivot_${name}`,
  help,
  type,
  values: [{ value }],
});

function labelled(name: string, help: string, label: string, values: Readonly<Record<string, number>>): Metric {
  return {
    name: `geopivot_${name}`,
    help,
    type: "counter",
    values: Object.entries(values).map(([key, value]) => ({ labels: { [label]: key }, value })),
  };
}

const seconds = (ms: number | null): number | null => (ms === null ? null : ms / 1000);
