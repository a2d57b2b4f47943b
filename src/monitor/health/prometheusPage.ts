import { healthMetrics } from "./healthMetrics.js";
import type { MonitorHealth } from "./monitorHealth.js";

/**
 * What a page of {@link prometheusPage} is, for its `Content-Type`.
 *
 * @example
 * ```ts
 * response.setHeader("content-type", PROMETHEUS_TYPE);
 * ```
 */
export const PROMETHEUS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

/**
 * A monitor's health as the text page that Prometheus reads (exposition format 0.0.4): counters end in `_total`.
 *
 * @example
 * ```ts
 * app.get("/metrics", (_, response) => response.type(PROMETHEUS_TYPE).send(prometheusPage(monitor.health())));
 * ```
 */
export function prometheusPage(health: MonitorHealth): string {
  const lines = healthMetrics(health).flatMap(({ name, help, kind, samples }) => {
    const full = kind === "counter" ? `${name}_total` : name;
    return [
      `# HELP ${full} ${help}`,
      `# TYPE ${full} ${kind}`,
      ...samples.map(({ labels, value }) => `${full}${labelText(labels)} ${value}`),
    ];
  });
  return `${lines.join("\n")}\n`;
}

function labelText(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([key, value]) => `${key}="${escaped(value)}"`);
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

const escaped = (value: string): string =>
  value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
