import type { FieldMeanings } from "../fields/fieldMap.js";
import { meaning, ROLE } from "../fields/role.js";
import { besidesKnown } from "./besidesKnown.js";
import { fieldTable } from "./fieldTable.js";
import type { JsonFormat } from "./jsonFormat.js";
import { zeekMeanings } from "./w3cFields.js";

/** Firewalls, gateways, hosts and sensors; the units are those of the vendors' field lists. */
export const GATEWAY_FORMATS: readonly JsonFormat[] = [
  {
    kind: "json",
    name: "aws-waf",
    title: "AWS WAF",
    signature: [["httpRequest.clientIp", "webaclId"]],
    fields: fieldTable({
      time: ["timestamp"],
      address: ["httpRequest.clientIp"],
      status: ["responseCodeSent"],
      path: ["httpRequest.uri"],
      dimensions: {
        method: ["httpRequest.httpMethod"],
        action: ["action"],
        service: ["httpSourceName"],
        rule: ["terminatingRuleId"],
      },
    }),
  },
  {
    kind: "json",
    name: "cloudflare-spectrum",
    title: "Cloudflare Spectrum events",
    // `Status` is why a connection ended, of no response.
    signature: [["ClientIP", "ColoCode", "OriginBytes"]],
    fields: fieldTable({
      time: ["Timestamp", "ConnectTimestamp"],
      address: ["ClientIP"],
      status: [],
      bytes: ["ClientBytes"],
      dimensions: { pop: ["ColoCode"], event: ["Event"], service: ["Application"] },
    }),
  },
  {
    kind: "json",
    name: "kong",
    title: "Kong",
    signature: [["client_ip", "latencies.request"]],
    fields: fieldTable({
      time: ["started_at"],
      address: ["client_ip"],
      status: ["response.status"],
      latency: { "latencies.request": "ms" },
      bytes: ["response.size"],
      user: ["consumer.username", "authenticated_entity.id"],
      path: ["request.uri", "upstream_uri"],
      dimensions: {
        method: ["request.method"],
        host: ["request.headers.host"],
        user_agent: ["request.headers.user-agent"],
        service: ["service.name"],
        route_name: ["route.name"],
      },
    }),
  },
  {
    kind: "json",
    name: "apisix",
    title: "Apache APISIX",
    signature: [
      ["client_ip", "start_time", "response.status"],
      ["client_ip", "route_id", "request.uri"],
    ],
    fields: fieldTable({
      time: ["start_time"],
      address: ["client_ip"],
      status: ["response.status"],
      latency: { latency: "ms" },
      bytes: ["response.size"],
      user: ["consumer.username"],
      path: ["request.uri", "request.url"],
      dimensions: {
        method: ["request.method"],
        host: ["request.headers.host"],
        user_agent: ["request.headers.user-agent"],
        service: ["service_id"],
        route_name: ["route_id"],
      },
    }),
  },
  {
    kind: "json",
    name: "netlify",
    title: "Netlify",
    signature: [["client_ip", "site_id", "status_code"]],
    fields: fieldTable({
      time: ["timestamp"],
      address: ["client_ip"],
      status: ["status_code"],
      latency: { duration: "ms" },
      bytes: ["response_size"],
      path: ["url"],
      dimensions: {
        method: ["method"],
        host: ["domain"],
        user_agent: ["user_agent"],
        referrer: ["referrer"],
        version: ["deploy_id"],
        service: ["site_id"],
      },
    }),
  },
  {
    kind: "json",
    name: "vercel",
    title: "Vercel",
    signature: [["proxy.clientIp", "proxy.timestamp"]],
    fields: fieldTable({
      time: ["proxy.timestamp", "timestamp"],
      address: ["proxy.clientIp"],
      status: ["proxy.statusCode", "statusCode"],
      path: ["proxy.path", "path"],
      dimensions: {
        method: ["proxy.method"],
        host: ["proxy.host", "host"],
        user_agent: ["proxy.userAgent"],
        referrer: ["proxy.referer"],
        pop: ["proxy.region"],
        cache: ["proxy.vercelCache"],
        version: ["deploymentId"],
        service: ["projectName", "projectId"],
      },
    }),
  },
  {
    kind: "json",
    name: "zeek-json",
    title: "Zeek, JSON",
    signature: [["id.orig_h", "ts", "uid"]],
    fields: zeekMeanings,
  },
];

/** What loggers of frameworks and parsers of collectors write, where names alone do not tell enough. */
export const LOGGER_FORMATS: readonly JsonFormat[] = [
  {
    kind: "json",
    name: "aws-api-gateway",
    title: "AWS API Gateway, JSON",
    signature: [
      ["requestId", "ip", "requestTime"],
      ["requestId", "sourceIp", "requestTime"],
      ["requestId", "ip", "requestTimeEpoch"],
    ],
    fields: besidesKnown(
      fieldTable({
        time: ["requestTimeEpoch", "requestTime"],
        address: ["ip", "sourceIp"],
        status: ["status"],
        latency: { responseLatency: "ms", integrationLatency: "ms" },
        bytes: ["responseLength"],
        user: ["caller", "user"],
        path: ["path", "resourcePath"],
        dimensions: {
          method: ["httpMethod"],
          route: ["routeKey"],
          user_agent: ["userAgent"],
          version: ["stage"],
          service: ["apiId"],
          host: ["domainName"],
        },
      }),
    ),
  },
  {
    kind: "json",
    name: "pino-http",
    title: "pino-http and Fastify",
    signature: [["req", "res.statusCode", "responseTime"]],
    fields: besidesKnown(
      fieldTable({
        time: ["time"],
        address: ["req.remoteAddress"],
        status: ["res.statusCode"],
        latency: { responseTime: "ms" },
        dimensions: { method: ["req.method"] },
      }),
    ),
  },
  {
    kind: "json",
    name: "logstash-combined",
    title: "Logstash, COMBINEDAPACHELOG",
    signature: [["clientip", "verb", "response"]],
    fields: besidesKnown(
      fieldTable({
        time: ["timestamp", "@timestamp"],
        address: ["clientip"],
        status: ["response"],
        bytes: ["bytes"],
        user: ["auth"],
        path: ["request"],
        dimensions: { method: ["verb"], user_agent: ["agent"], referrer: ["referrer"] },
      }),
    ),
  },
  {
    kind: "json",
    name: "parsed-combined",
    title: "Combined lines as parsed by Fluentd, Fluent Bit and Vector",
    signature: [
      ["remote", "method", "code"],
      ["host", "method", "code", "size"],
      ["host", "user-identifier", "method"],
      ["host", "identity", "method", "status"],
    ],
    fields: orHost(
      fieldTable({
        time: ["time", "timestamp", "datetime"],
        address: ["remote"],
        status: ["code", "status"],
        bytes: ["size", "bytes"],
        path: ["path", "request"],
        dimensions: { method: ["method"], user_agent: ["agent"], referrer: ["referer"] },
      }),
    ),
  },
];

/** Results of load tests, whose requests have no address: where they came from is one of their tags. */
export const LOAD_TEST_FORMATS: readonly JsonFormat[] = [
  {
    kind: "json",
    name: "k6",
    title: "k6, JSON",
    signature: [["type", "metric", "data.time", "data.value"]],
    addressless: true,
    only: { field: "metric", value: "http_req_duration" },
    fields: fieldTable({
      time: ["data.time"],
      address: ["data.tags.client_ip"],
      status: ["data.tags.status"],
      latency: { "data.value": "ms" },
      path: ["data.tags.url", "data.tags.name"],
      dimensions: {
        method: ["data.tags.method"],
        scenario: ["data.tags.scenario"],
        group: ["data.tags.group"],
        load_zone: ["data.tags.load_zone"],
        // `region` is what places have.
        load_region: ["data.tags.region"],
      },
    }),
  },
  {
    kind: "json",
    name: "vegeta",
    title: "Vegeta, JSON",
    signature: [["attack", "seq", "code", "latency"]],
    addressless: true,
    fields: fieldTable({
      time: ["timestamp"],
      address: [],
      status: ["code"],
      latency: { latency: "ns" },
      bytes: ["bytes_in"],
      path: ["url"],
      dimensions: { method: ["method"], load_region: ["region"], scenario: ["attack"] },
    }),
  },
];

/** Takes `host`, as `%h` is called, for the client where no other field names it. */
function orHost(fields: FieldMeanings): FieldMeanings {
  const others = besidesKnown(fields);
  const host = meaning(ROLE.address, { rank: 300 });
  return (name) => (name === "host" ? host : others(name));
}
