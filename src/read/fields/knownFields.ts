import { exchangeField } from "./exchangeFields.js";
import { locatedFields } from "./locatedFields.js";
import { proxyHeader } from "./proxyHeader.js";
import { type FieldMapping, meaning, ROLE, type Role } from "./role.js";

/** Milliseconds that 1 of a unit stands for. */
export const UNIT_SCALE = { ns: 1e-6, us: 1e-3, ms: 1, s: 1e3 } as const;

const { ns, us, ms, s } = UNIT_SCALE;

/** Names of the time, the most trusted first. */
const TIME = [
  "ts",
  "timestamp",
  "@timestamp",
  "time",
  "Timestamp",
  "timeUnixNano",
  "time_iso8601",
  "time_local",
  "msec",
  "datetime",
  "eventTime",
  "event_time",
  "event.start",
  "event.created",
  "start_time",
  "startTime",
  "StartUTC",
  "observedTimeUnixNano",
];

/** Names of the client's address. OpenTelemetry's `client.address` and Elastic's `client.ip` come before what is nearer to the wire. */
const ADDRESS = [
  "ip",
  "client.address",
  "client.ip",
  "http.client_ip",
  "source.ip",
  "source.address",
  "client_ip",
  "clientIp",
  "clientIP",
  "ClientIP",
  "client_addr",
  "remote_ip",
  "remote_addr",
  "remoteAddr",
  "remote_address",
  "remoteIp",
  "ip_address",
  "ipAddress",
  "ClientHost",
  "c-ip",
  "clientip",
  "network.client.ip",
  "network.peer.address",
  "net.sock.peer.addr",
  "net.peer.ip",
  "client",
  "remote_host",
];

const STATUS = [
  "status",
  "http.response.status_code",
  "http.status_code",
  "status_code",
  "statusCode",
  "response_status",
  "response_code",
  "responseCode",
  "http_status",
  "sc-status",
];

/** Durations; where the name does not tell the unit, the specification that defines the name does. */
const LATENCY: readonly (readonly [string, number])[] = [
  ["latency_ms", ms],
  ["latency_s", s],
  ["latency_us", us],
  ["latency_ns", ns],
  ["latencyMs", ms],
  ["duration_ms", ms],
  ["durationMs", ms],
  ["duration_s", s],
  ["duration_us", us],
  ["duration_ns", ns],
  // OpenTelemetry semantic conventions: seconds.
  ["http.server.request.duration", s],
  // Elastic Common Schema: nanoseconds.
  ["event.duration", ns],
  // nginx $request_time: seconds.
  ["request_time", s],
  ["response_time_ms", ms],
  ["responseTimeMs", ms],
  ["elapsed_ms", ms],
  ["time_taken_ms", ms],
  ["request_time_ms", ms],
];

const BYTES = [
  "bytes",
  "http.response.body.size",
  "http.response.size",
  "http.response.body.bytes",
  "http.response.bytes",
  "http.response_content_length",
  "body_bytes_sent",
  "bytes_sent",
  "response_size",
  "responseSize",
  "response_bytes",
  "sc-bytes",
  "response_length",
  "responseLength",
  "resp_bytes",
  "bytes_out",
  "out_bytes",
  "sent_bytes",
  "body_size",
  "size",
];

/** Durations whose names tell no unit: read where the value has one (`12ms`, `1m2.5s`). */
const LATENCY_WITH_UNIT = [
  ...["duration", "latency", "response_time", "responseTime", "elapsed", "took", "request_duration", "time_taken"],
  "rt",
];

/** Day and time of day in fields of their own; a day's field may hold the time of day, too. */
const DATE = ["date", "Date"];

const USER = [
  "user",
  "user.id",
  "enduser.id",
  "user.name",
  "user_id",
  "userId",
  "remote_user",
  "username",
  "user_name",
  "usr.id",
];

const PATH = [
  "path",
  "url.path",
  "http.target",
  "url_path",
  "request_path",
  "request_uri",
  "uri",
  "url",
  "url.original",
  "url.full",
  "http.url",
  "request_url",
  "requestUrl",
  "uri_path",
  "http.url_details.path",
];

const DIMENSION_NAMES: Readonly<Record<string, readonly string[]>> = {
  service: ["service", "service.name", "service_name", "serviceName"],
  method: [
    "method",
    "http.request.method",
    "http.method",
    "request_method",
    "requestMethod",
    "http_method",
    "httpMethod",
  ],
  route: ["route", "http.route"],
  version: ["version", "service.version", "app_version"],
  host: ["host", "http.host", "url.domain", "server.address", "http_host", "server_name"],
  user_agent: [
    ...["user_agent", "user_agent.original", "http.user_agent", "http.useragent", "http_user_agent", "userAgent"],
    ...["useragent", "user-agent"],
  ],
  referrer: ["referrer", "http.request.referrer", "http.referer", "http_referer", "referer"],
  pop: ["pop"],
};

const FORWARDED = ["forwarded", "http_forwarded", "http.request.header.forwarded"];

/** Wrappers that OpenTelemetry's exporters, log shippers and search engines put around the fields. */
const WRAPPERS = [
  "_source.",
  "attributes.",
  "Attributes.",
  "resource.attributes.",
  "resource.",
  "Resource.",
  "body.",
  "Body.",
  "fields.",
  "labels.",
];

/** What the request line tells is believed only where no field of its own tells it. */
export const REQUEST_RANK = 1000;

const KNOWN = table();

/** What a field of this (dotted) name means in any JSON or table; a dimension of its own name if the name is not known. */
export function knownField(name: string): FieldMapping {
  const known = exactField(name);
  if (known !== undefined) return known;
  for (const wrapper of WRAPPERS) {
    if (!name.startsWith(wrapper)) continue;
    const inner = name.slice(wrapper.length);
    const wrapped = KNOWN.get(inner);
    if (wrapped !== undefined) return { ...wrapped, rank: wrapped.rank + 100 };
    return exchangeField(inner, exactField) ?? meaning(ROLE.dimension, { dimension: inner, rank: 1 });
  }
  // Datadog's exports mark attributes by `@`.
  return (
    exchangeField(name, exactField) ??
    (name.startsWith("@") ? knownField(name.slice(1)) : meaning(ROLE.dimension, { dimension: name }))
  );
}

/**
 * What a column of a table means, whose header people wrote: as {@link knownField}, whatever its case, blanks and dashes
 * (`Client IP`, `Response time (ms)`).
 */
export function knownColumn(name: string): FieldMapping {
  if (exactField(name) !== undefined || !COLUMN_NAME.test(name)) return knownField(name);
  const plain = name
    .toLowerCase()
    .replace(/[^a-z0-9µ]+/g, "_")
    .replace(/^_|_$/g, "")
    .replace("µ", "u");
  return exactField(plain) ?? COLUMNS.get(plain) ?? knownField(name);
}

const COLUMN_NAME = /[A-Z]|[ ()-]/;

/** What {@link knownColumn} makes of headers of spreadsheets. */
const COLUMNS = new Map<string, FieldMapping>([
  ["date_time", meaning(ROLE.time, { rank: 50 })],
  ["client_ip_address", meaning(ROLE.address, { rank: 50 })],
  ["ip_addr", meaning(ROLE.address, { rank: 51 })],
  ["http_status_code", meaning(ROLE.status, { rank: 50 })],
  ["duration_sec", meaning(ROLE.latency, { rank: 50, scale: s })],
  ["response_time_s", meaning(ROLE.latency, { rank: 51, scale: s })],
  ["elapsed_s", meaning(ROLE.latency, { rank: 52, scale: s })],
]);

function exactField(name: string): FieldMapping | undefined {
  return KNOWN.get(name) ?? proxyHeader(name);
}

function table(): Map<string, FieldMapping> {
  const known = new Map<string, FieldMapping>();
  const put = (role: Role, names: readonly string[]): void =>
    names.forEach((name, rank) => {
      known.set(name, meaning(role, { rank }));
    });
  put(ROLE.time, TIME);
  put(ROLE.address, ADDRESS);
  put(ROLE.status, STATUS);
  LATENCY.forEach(([name, scale], rank) => {
    known.set(name, meaning(ROLE.latency, { rank, scale }));
  });
  LATENCY_WITH_UNIT.forEach((name, rank) => {
    known.set(name, meaning(ROLE.latencyWithUnit, { rank: 200 + rank }));
  });
  put(ROLE.date, DATE);
  put(ROLE.bytes, BYTES);
  put(ROLE.user, USER);
  put(ROLE.path, PATH);
  put(ROLE.weight, ["weight"]);
  for (const [name, field] of locatedFields()) known.set(name, field);
  put(ROLE.forwarded, FORWARDED);
  known.set("request", meaning(ROLE.request, { rank: REQUEST_RANK }));
  for (const [dimension, names] of Object.entries(DIMENSION_NAMES))
    names.forEach((name, rank) => {
      known.set(name, meaning(ROLE.dimension, { dimension, rank }));
    });
  return known;
}
