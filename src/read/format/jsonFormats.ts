import type { FieldMeanings } from "../fields/fieldMap.js";
import { knownField } from "../fields/knownFields.js";
import { IGNORED } from "../fields/role.js";
import { fieldTable } from "./fieldTable.js";

/** A vendor's log of one JSON object a record. */
export interface JsonFormat {
  readonly kind: "json";
  readonly name: string;
  /** What people call it. */
  readonly title: string;
  /** A record with all fields of one of these sets is of this format. */
  readonly signature: readonly (readonly string[])[];
  readonly fields: FieldMeanings;
  /** Meanings under which records of the vendor's other generation are read, and which field tells them. */
  readonly older?: { readonly field: string; readonly fields: FieldMeanings };
}

/** A table that says what some fields mean where names are otherwise read as anywhere. */
function besidesKnown(fields: FieldMeanings): FieldMeanings {
  return (name) => {
    const own = fields(name);
    return own === IGNORED ? knownField(name) : own;
  };
}

const appGateway = (unit: "s" | "ms", time: readonly string[]): FieldMeanings =>
  fieldTable({
    time,
    address: ["properties.clientIP", "properties.clientIp"],
    status: ["properties.httpStatus"],
    latency: { "properties.timeTaken": unit },
    bytes: ["properties.sentBytes"],
    path: ["properties.originalRequestUriWithArgs", "properties.requestUri"],
    dimensions: {
      method: ["properties.httpMethod"],
      host: ["properties.originalHost", "properties.host"],
      user_agent: ["properties.userAgent"],
      service: ["properties.backendPoolName", "backendPoolName"],
    },
  });

/** Vendors' JSON logs, in the order in which they are tried. The units are those of the vendors' field lists. */
export const JSON_FORMATS: readonly JsonFormat[] = [
  {
    kind: "json",
    name: "cloudflare",
    title: "Cloudflare Logpush",
    signature: [
      ["ClientIP", "EdgeStartTimestamp"],
      ["ClientIP", "EdgeResponseStatus"],
      ["RayID", "ClientIP"],
      ["ClientCountry", "EdgeStartTimestamp"],
      ["ClientCountry", "EdgeResponseStatus"],
    ],
    fields: fieldTable({
      time: ["EdgeStartTimestamp", "EdgeEndTimestamp"],
      address: ["ClientIP"],
      status: ["EdgeResponseStatus", "OriginResponseStatus"],
      latency: { EdgeTimeToFirstByteMs: "ms" },
      latencyOrNone: { OriginResponseDurationMs: "ms", OriginResponseTime: "ns" },
      bytes: ["EdgeResponseBytes"],
      located: {
        country: ["ClientCountry"],
        regionCode: ["ClientRegionCode"],
        city: ["ClientCity"],
        lat: ["ClientLatitude"],
        lon: ["ClientLongitude"],
        asn: ["ClientASN"],
        client: ["client_id", "visitor"],
      },
      path: ["ClientRequestPath", "ClientRequestURI"],
      dimensions: {
        method: ["ClientRequestMethod"],
        host: ["ClientRequestHost"],
        user_agent: ["ClientRequestUserAgent"],
        referrer: ["ClientRequestReferer"],
        pop: ["EdgeColoCode"],
        cache: ["CacheCacheStatus"],
        service: ["ZoneName"],
      },
    }),
  },
  {
    kind: "json",
    name: "cloudflare-nel",
    title: "Cloudflare NEL reports",
    signature: [["ClientIPCountry", "Phase"]],
    fields: fieldTable({
      time: ["Timestamp"],
      address: [],
      status: [],
      located: { country: ["ClientIPCountry"], asn: ["ClientIPASN"], organization: ["ClientIPASNDescription"] },
      dimensions: { phase: ["Phase"], type: ["Type"], pop: ["LastKnownGoodColoCode"] },
    }),
  },
  {
    kind: "json",
    name: "cloudfront-json",
    title: "AWS CloudFront, JSON",
    signature: [
      ["c-ip", "sc-status"],
      ["c-country", "sc-status"],
    ],
    fields: fieldTable({
      time: ["timestamp(ms)", "timestamp"],
      date: ["date"],
      clock: ["time"],
      address: ["c-ip"],
      located: { country: ["c-country"], asn: ["asn"] },
      status: ["sc-status"],
      latency: { "time-taken": "s" },
      bytes: ["sc-bytes"],
      path: ["cs-uri-stem"],
      dimensions: {
        method: ["cs-method"],
        host: ["x-host-header", "cs(Host)"],
        user_agent: ["cs(User-Agent)", "cs-user-agent"],
        referrer: ["cs(Referer)", "cs-referer"],
        pop: ["x-edge-location"],
        cache: ["x-edge-result-type"],
        service: ["DistributionId", "distributionid"],
      },
    }),
  },
  {
    kind: "json",
    name: "traefik-json",
    title: "Traefik, JSON",
    signature: [
      ["ClientHost", "DownstreamStatus"],
      ["ClientHost", "RouterName"],
    ],
    fields: fieldTable({
      time: ["StartUTC", "StartLocal", "time"],
      address: ["ClientHost", "ClientAddr"],
      status: ["DownstreamStatus", "OriginStatus"],
      latency: { Duration: "ns" },
      bytes: ["DownstreamContentSize", "OriginContentSize"],
      user: ["ClientUsername"],
      path: ["RequestPath"],
      dimensions: {
        method: ["RequestMethod"],
        host: ["RequestHost", "RequestAddr"],
        service: ["ServiceName", "RouterName"],
        user_agent: ["request_User-Agent", "request_user-agent"],
        referrer: ["request_Referer"],
      },
    }),
  },
  {
    kind: "json",
    name: "caddy",
    title: "Caddy, JSON",
    signature: [
      ["request.remote_ip", "ts"],
      ["request.client_ip", "ts"],
      ["request.remote_addr", "ts", "duration"],
    ],
    fields: fieldTable({
      time: ["ts"],
      address: ["request.client_ip", "request.remote_ip", "request.remote_addr"],
      status: ["status"],
      latencyByValue: ["duration"],
      latency: { duration_ms: "ms" },
      bytes: ["size"],
      user: ["user_id"],
      path: ["request.uri"],
      dimensions: {
        method: ["request.method"],
        host: ["request.host"],
        user_agent: ["request.headers.User-Agent"],
        referrer: ["request.headers.Referer"],
        service: ["logger"],
      },
    }),
  },
  {
    kind: "json",
    name: "gcp-lb",
    title: "Google Cloud HTTP(S) load balancer",
    signature: [
      ["httpRequest.remoteIp", "httpRequest.requestUrl"],
      ["httpRequest.remoteIp", "timestamp"],
    ],
    fields: fieldTable({
      time: ["timestamp", "receiveTimestamp"],
      address: ["httpRequest.remoteIp"],
      status: ["httpRequest.status"],
      latency: { "httpRequest.latency": "s" },
      bytes: ["httpRequest.responseSize"],
      path: ["httpRequest.requestUrl"],
      dimensions: {
        method: ["httpRequest.requestMethod"],
        user_agent: ["httpRequest.userAgent"],
        referrer: ["httpRequest.referer"],
        service: ["resource.labels.backend_service_name", "resource.labels.forwarding_rule_name"],
        status_details: ["jsonPayload.statusDetails"],
        host: ["resource.labels.url_map_name"],
      },
    }),
  },
  {
    kind: "json",
    name: "azure-frontdoor",
    title: "Azure Front Door",
    signature: [
      ["properties.clientIp", "properties.httpStatusCode"],
      ["properties.trackingReference", "properties.clientIp"],
    ],
    fields: fieldTable({
      time: ["time", "timeStamp"],
      address: ["properties.clientIp", "properties.socketIp"],
      status: ["properties.httpStatusCode"],
      latency: { "properties.timeTaken": "s" },
      bytes: ["properties.responseBytes"],
      path: ["properties.requestUri"],
      dimensions: {
        method: ["properties.httpMethod"],
        host: ["properties.hostName"],
        user_agent: ["properties.userAgent"],
        referrer: ["properties.referer", "properties.referrer"],
        pop: ["properties.pop"],
        cache: ["properties.cacheStatus"],
        service: ["properties.endpoint"],
      },
    }),
  },
  {
    kind: "json",
    name: "azure-appgw",
    title: "Azure Application Gateway",
    signature: [
      ["properties.clientIP", "properties.httpStatus"],
      ["properties.clientIp", "properties.httpStatus"],
    ],
    fields: appGateway("s", ["timeStamp", "time", "timestamp"]),
    // Version 1 writes `timestamp` and takes milliseconds, version 2 `time` or `timeStamp` and seconds.
    older: { field: "timestamp", fields: appGateway("ms", ["timestamp"]) },
  },
  {
    kind: "json",
    name: "akamai-ds2",
    title: "Akamai DataStream 2, JSON",
    signature: [["cliIP", "reqTimeSec"]],
    fields: fieldTable({
      time: ["reqTimeSec"],
      address: ["cliIP"],
      forwardedFor: [],
      status: ["statusCode"],
      latency: { turnAroundTimeMSec: "ms", timeToFirstByte: "ms", transferTimeMSec: "ms" },
      bytes: ["bytes", "totalBytes", "objSize"],
      path: ["reqPath"],
      dimensions: {
        method: ["reqMethod"],
        host: ["reqHost"],
        user_agent: ["UA"],
        referrer: ["referer"],
        pop: ["edgeIP"],
        cache: ["cacheStatus"],
        service: ["cp"],
      },
    }),
  },
  {
    kind: "json",
    name: "envoy-json",
    title: "Envoy or Istio, JSON",
    signature: [
      ["start_time", "response_flags"],
      ["start_time", "response_code"],
    ],
    fields: fieldTable({
      time: ["start_time"],
      address: [
        "downstream_remote_address_without_port",
        "downstream_remote_address",
        "downstream_direct_remote_address",
      ],
      forwardedFor: ["x_forwarded_for", "x-forwarded-for"],
      status: ["response_code"],
      latency: { duration: "ms" },
      bytes: ["bytes_sent"],
      path: ["path", "x-envoy-origin-path", "x_envoy_original_path"],
      dimensions: {
        method: ["method"],
        host: ["authority", ":authority"],
        user_agent: ["user_agent", "user-agent"],
        service: ["upstream_cluster", "upstream_cluster_raw"],
        route_name: ["route_name"],
        response_flags: ["response_flags"],
      },
    }),
  },
  {
    kind: "json",
    name: "fastly-json",
    title: "Fastly, JSON",
    signature: [
      ["client_ip", "fastly_server"],
      ["client_ip", "fastly_is_edge"],
      ["client_ip", "response_state", "response_status"],
    ],
    fields: besidesKnown(
      fieldTable({
        time: ["timestamp", "time_start", "time_start_msec", "start_time"],
        address: ["client_ip"],
        status: ["response_status", "status"],
        latency: { time_elapsed_msec: "ms", elapsed_msec: "ms", time_elapsed: "us", time_elapsed_usec: "us" },
        bytes: ["response_body_size", "resp_body_size", "response_body_bytes"],
        path: ["url", "request_url"],
        dimensions: {
          method: ["request_method", "req_method"],
          host: ["host", "request_host"],
          user_agent: ["request_user_agent"],
          referrer: ["request_referer"],
          pop: ["fastly_datacenter", "pop", "datacenter", "fastly_server"],
          cache: ["response_state", "cache_status"],
        },
      }),
    ),
  },
];

/** NDJSON with any field names, OpenTelemetry's and Elastic's among them. */
export const NDJSON: JsonFormat = {
  kind: "json",
  name: "ndjson",
  title: "NDJSON",
  signature: [],
  fields: knownField,
};
