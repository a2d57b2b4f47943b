import type { FieldMeanings } from "../fields/fieldMap.js";
import type { UNIT_SCALE } from "../fields/knownFields.js";
import { fieldTable } from "./fieldTable.js";

/**
 * What the fields of a W3C extended log mean.
 *
 * `time-taken` is seconds by the standard and at CloudFront, and milliseconds at IIS, which is known by its `#Software`
 * line or by the fields that only it has.
 */
export function w3cMeanings(names: readonly string[], software: string): FieldMeanings {
  const isIis =
    /microsoft|\bIIS\b/i.test(software) || names.includes("sc-win32-status") || names.includes("s-sitename");
  const unit: keyof typeof UNIT_SCALE = isIis ? "ms" : "s";
  return fieldTable({
    time: ["x-timestamp", "timestamp"],
    date: ["date"],
    clock: ["time"],
    address: ["c-ip"],
    located: { country: ["c-country"], asn: ["asn"] },
    forwardedFor: ["x-forwarded-for", "X-Forwarded-For"],
    status: ["sc-status"],
    latency: { "time-taken": unit },
    bytes: ["sc-bytes"],
    user: ["cs-username"],
    path: ["cs-uri-stem", "cs-uri"],
    dimensions: {
      method: ["cs-method"],
      host: ["x-host-header", "cs-host", "cs(Host)"],
      user_agent: ["cs(User-Agent)"],
      referrer: ["cs(Referer)"],
      pop: ["x-edge-location"],
      cache: ["x-edge-result-type"],
      service: ["s-sitename"],
    },
  });
}

/** What the columns of Zeek's `http.log` and `conn.log` mean. */
export const zeekMeanings: FieldMeanings = fieldTable({
  time: ["ts"],
  address: ["id.orig_h"],
  status: ["status_code"],
  latency: { duration: "s" },
  bytes: ["response_body_len", "resp_bytes"],
  user: ["username"],
  path: ["uri"],
  dimensions: {
    method: ["method"],
    host: ["host"],
    user_agent: ["user_agent"],
    referrer: ["referrer"],
    service: ["service"],
  },
});
