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
        region: ["data.tags.region"],
      },
    }),
  },
];
