import type { Observable } from "@opentelemetry/api";
import { monitorError } from "../errors.js";
import { healthMetrics } from "./healthMetrics.js";
import type { MonitorHealth } from "./monitorHealth.js";

/**
 * Gives a monitor's health to OpenTelemetry, which asks for it whenever metrics are collected. Names are those of the Prometheus
 * page with points: `geopivot.events_accepted`. Needs the package `@opentelemetry/api`; what is collected goes where the
 * service's own meter provider sends it.
 *
 * @returns a function that ends it
 * @throws `no-opentelemetry` where the package is not installed
 *
 * @example
 * ```ts
 * const stop = await observeMonitor(monitor);
 * ```
 */
export async function observeMonitor(monitor: { health(): MonitorHealth }): Promise<() => void> {
  const { metrics } = await import("@opentelemetry/api").catch((cause: unknown) => {
    throw monitorError("no-opentelemetry", {}, cause);
  });
  const meter = metrics.getMeter("geopivot");
  const instruments = new Map<string, Observable>();
  const dotted = (name: string): string => name.replace("_", ".");
  for (const { name, kind, help, unit } of healthMetrics(EVERYTHING)) {
    const options = { description: help, unit };
    const made =
      kind === "counter"
        ? meter.createObservableCounter(dotted(name), options)
        : meter.createObservableGauge(dotted(name), options);
    instruments.set(name, made);
  }
  const all = [...instruments.values()];
  const observe = (result: { observe(of: Observable, value: number, labels: Record<string, string>): void }): void => {
    for (const { name, samples } of healthMetrics(monitor.health()))
      for (const { labels, value } of samples) result.observe(instruments.get(name)!, value, { ...labels });
  };
  meter.addBatchObservableCallback(observe, all);
  return () => meter.removeBatchObservableCallback(observe, all);
}

/** A health of which everything is known: what instruments there are. */
const EVERYTHING: MonitorHealth = {
  accepted: 0,
  rejected: { any: 0 },
  dropped: { late: 0, duplicate: 0, future: 0, "buffer-full": 0, "no-time": 0 },
  late: { "1m": 0, "5m": 0, "1h": 0, "1d": 0, more: 0 },
  buffered: 0,
  sources: 0,
  watermarkMs: 0,
  latestMs: 0,
  judgedMs: 0,
  lagMs: 0,
  buckets: 0,
  changes: 0,
  findingsOpen: 0,
  alertsSent: 0,
  alertsFailed: 0,
  tickMs: { last: 0, p99: 0, max: 0 },
  databaseAgeMs: 0,
  historyBytes: 0,
  warnings: [],
};
