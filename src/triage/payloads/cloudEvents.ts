import { isoTime } from "../../core/time.js";
import type { Alert } from "../alert.js";
import { alertData } from "./alertData.js";
import type { PayloadObject, PayloadOptions } from "./payloadOptions.js";
import { hashText, shortKey } from "./text/shortKey.js";

/** An event of CloudEvents 1.0 in its JSON format (`application/cloudevents+json`). */
export interface CloudEvent {
  readonly specversion: "1.0";
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly subject?: string;
  readonly time?: string;
  readonly datacontenttype: "application/json";
  readonly data: PayloadObject;
}

/**
 * Alerts as CloudEvents, for webhooks and event buses: `geopivot.alert.firing`, `geopivot.alert.resolved` and, of the
 * digest, `geopivot.digest.firing`, `geopivot.digest.resolved`.
 *
 * The subject is the dedup key. The id is made of what is said, so an event that is sent again is the same event.
 *
 * @example
 * ```ts
 * const events = cloudEvents(alerts, { source: "/geopivot/eu" }); // as application/cloudevents-batch+json
 * ```
 */
export function cloudEvents(alerts: readonly Alert[], options: PayloadOptions = {}): CloudEvent[] {
  const source = sourceOf(options);
  return alerts.map((alert): CloudEvent => {
    const data = alertData(alert);
    return {
      specversion: "1.0",
      id: hashText(JSON.stringify([data, alert.history.length])),
      source,
      type: `geopivot.${alert.digest === undefined ? "alert" : "digest"}.${alert.status}`,
      subject: shortKey(alert.key, 512),
      time: isoTime(lastChangeMs(alert)),
      datacontenttype: "application/json",
      data,
    };
  });
}

/** When what it says could be known. */
export function lastChangeMs({ history, detectedAtMs, endMs, status }: Alert): number {
  const told = history.at(-1)?.atMs ?? detectedAtMs;
  return status === "resolved" ? Math.max(told, endMs ?? told) : told;
}

/** A URI reference: what is none, is written as one. */
function sourceOf({ source = "geopivot" }: PayloadOptions): string {
  return encodeURI(source.replace(/[\uD800-\uDFFF]/gu, "\uFFFD")).replace(/%25/g, "%") || "geopivot";
}
