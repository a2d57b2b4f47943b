import { errorKind } from "../core/errors.js";

/** Makes an error of the live monitor. */
export const monitorError = errorKind<{
  "bad-monitor-option": { option: string; value: string; expected: string };
  "monitor-closed": { method: string };
  "foreign-places": { source: string };
  "bad-monitor-state": { file: string; why: string };
  "monitors-differ": { what: string; left: string; right: string };
  "no-opentelemetry": object;
}>({
  "bad-monitor-option": (d) => `the monitor's option ${d.option} is ${d.value}, expected ${d.expected}`,
  "monitor-closed": (d) => `the monitor is closed: ${d.method} can no longer be called`,
  "foreign-places": (d) =>
    `the events of ${d.source === "" ? "a source" : JSON.stringify(d.source)} were located by another locator than the monitor's`,
  "bad-monitor-state": (d) => `${d.file} is no state that this monitor can go on from: ${d.why}`,
  "no-opentelemetry": () => "metrics for OpenTelemetry need the package: npm install @opentelemetry/api",
  "monitors-differ": (d) =>
    `these closed buckets cannot be merged: ${d.what} is ${d.left} in one and ${d.right} in another`,
});
