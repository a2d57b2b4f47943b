// Public names of geopivot/monitor: the chain of analyze, live, for one process or a fleet, and how it fares.

export type { BucketPart } from "./fleet/bucketPart.js";
export { FleetMonitor, type FleetOptions } from "./fleet/fleetMonitor.js";
export type { DropReason, LatenessClass } from "./health/monitorCounters.js";
export type { MonitorHealth } from "./health/monitorHealth.js";
export { observeMonitor } from "./health/openTelemetry.js";
export { PROMETHEUS_TYPE, prometheusPage } from "./health/prometheusPage.js";
export type { ChangeKind, FindingChange } from "./journal/findingChange.js";
export { type CubeWindow, Monitor, type PushResult } from "./monitor.js";
export type { MonitorInput, PushOptions } from "./monitorInput.js";
export type { MonitorOptions } from "./monitorOptions.js";
