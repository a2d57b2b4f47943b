import { exchangeField } from "./exchangeFields.js";
import {
  ADDRESS,
  BYTES,
  DATE,
  DIMENSION_NAMES,
  LATENCY,
  LATENCY_WITH_UNIT,
  PATH,
  STATUS,
  TIME,
  UNIT_SCALE,
  USER,
} from "./fieldNames.js";
import { locatedFields } from "./locatedFields.js";
import { proxyHeader } from "./proxyHeader.js";
import { type FieldMapping, meaning, ROLE, type Role } from "./role.js";

export { UNIT_SCALE };

const { s } = UNIT_SCALE;

const CAPITALIZED = /^[A-Z][A-Za-z]+$/;
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

/** Wrappers of events that are believed where what is inside is known by name, for others things have their names too. */
const LOOSE_WRAPPERS = /^(?:_source|event|result|properties|jsonPayload|data|log|http|context|payload|fields)\./;
/** How MongoDB exports values. */
const EXTENDED_JSON = /\.\$(?:date|number(?:Int|Long|Double|Decimal)|date\.\$numberLong)$/;

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
  const inner = name.replace(EXTENDED_JSON, "").replace(LOOSE_WRAPPERS, "");
  if (inner !== name && inner !== "") {
    const inside = exactField(inner);
    if (inside !== undefined && isOfRequest(inside)) return { ...inside, rank: inside.rank + 150 };
  }
  // As Go and .NET name fields: `StatusCode`, `ClientIp`.
  if (CAPITALIZED.test(name)) {
    const inside = exactField(name[0]!.toLowerCase() + name.slice(1)) ?? exactField(name.toLowerCase());
    if (inside !== undefined) return { ...inside, rank: inside.rank + 150 };
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

/** Whether a field tells of a request whatever it is in: `http.version` is no version of a service. */
function isOfRequest({ role, dimension }: FieldMapping): boolean {
  return role !== ROLE.dimension || dimension === "method" || dimension === "user_agent" || dimension === "referrer";
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
