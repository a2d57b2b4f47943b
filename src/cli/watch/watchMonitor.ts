import { filterDimension } from "../../cube/build/eventFilter.js";
import { type MonitorOptions, monitorSettings } from "../../monitor/monitorOptions.js";
import type { ColumnLocator } from "../../read/columns/eventColumns.js";
import { zoneClock } from "../../read/fields/zoneClock.js";
import type { LineBatchesOptions } from "./logs/lineBatches.js";
import type { WatchInputs } from "./watchInputs.js";
import type { WatchOptions } from "./watchOptions.js";

const LEAST_IDLE_SECONDS = 30;

/** What the command line says, as the monitor takes it. */
export function monitorOptions(
  options: WatchOptions,
  { locator, servers, holidays }: Pick<WatchInputs, "servers" | "holidays"> & { readonly locator: ColumnLocator },
): MonitorOptions {
  const { bucket, resolution, falseAlarmsPerWeek, dims, login = [], maxDelay, state } = options;
  return {
    locator,
    bucketSeconds: bucket / 1000,
    resolution,
    falseAlarmsPerWeek,
    ...(dims && { dimensions: dims }),
    ...(options.errors && { errors: options.errors }),
    ...(servers.length > 0 && { servers }),
    holidays,
    suspicious: { logins: { rules: login } },
    maxDelaySeconds: maxDelay / 1000,
    // What is followed is read as soon as it is written: a log that is silent for longer has nothing to say.
    idleSeconds: Math.max(LEAST_IDLE_SECONDS, (2 * maxDelay) / 1000),
    ...(state !== undefined && { state }),
  };
}

/** What the command line says, as lines are read. */
export function lineOptions(
  options: WatchOptions,
  monitor: MonitorOptions,
  onReject: LineBatchesOptions["onReject"],
): LineBatchesOptions {
  const { where = [], exclude = [], map, trust, logTimeZone, format } = options;
  const asked = [...where, ...exclude].flatMap((text) => filterDimension(text) ?? []);
  const dimensions = [...new Set([...monitorSettings(monitor).readDimensions, ...asked])];
  return {
    locator: monitor.locator,
    format,
    decode: {
      map,
      dimensions,
      trusted: trust,
      ...(logTimeZone !== undefined && { localToUtc: zoneClock(logTimeZone) }),
    },
    filter: { where, exclude },
    onReject,
  };
}
