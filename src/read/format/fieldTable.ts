import type { FieldMeanings } from "../fields/fieldMap.js";
import { UNIT_SCALE } from "../fields/knownFields.js";
import { proxyHeader } from "../fields/proxyHeader.js";
import { type FieldMapping, IGNORED, meaning, ROLE, type Role } from "../fields/role.js";

/** Fields by what they mean, the most trusted first; durations with their unit. Fields not named are not read. */
export interface FieldTable {
  readonly time?: readonly string[];
  readonly date?: readonly string[];
  readonly clock?: readonly string[];
  readonly address: readonly string[];
  readonly forwardedFor?: readonly string[];
  readonly status: readonly string[];
  readonly latency?: Readonly<Record<string, keyof typeof UNIT_SCALE>>;
  /** Durations of which 0 means that there was none. */
  readonly latencyOrNone?: Readonly<Record<string, keyof typeof UNIT_SCALE>>;
  /** Durations whose unit their size tells. */
  readonly latencyByValue?: readonly string[];
  /** Addresses with a port behind the last colon. */
  readonly endpoint?: readonly string[];
  readonly bytes?: readonly string[];
  readonly user?: readonly string[];
  readonly path?: readonly string[];
  readonly request?: readonly string[];
  /** Where the client is, where the log tells it. */
  readonly located?: Readonly<Partial<Record<LocatedPart, readonly string[]>>>;
  readonly dimensions?: Readonly<Record<string, readonly string[]>>;
}

/** What a log may tell of its clients itself. */
export type LocatedPart =
  | ("country" | "region" | "regionCode" | "city" | "lat" | "lon" | "latLon" | "timeZone" | "asn" | "organization")
  | "client";

/** The meanings of fields that a table names. */
export function fieldTable(fields: FieldTable): FieldMeanings {
  const table = new Map<string, FieldMapping>();
  const put = (role: Role, names: readonly string[] = []): void =>
    names.forEach((name, rank) => {
      table.set(name, meaning(role, { rank }));
    });
  put(ROLE.time, fields.time);
  put(ROLE.date, fields.date);
  put(ROLE.clock, fields.clock);
  put(ROLE.address, fields.address);
  put(ROLE.forwardedFor, fields.forwardedFor);
  fields.endpoint?.forEach((name, rank) => {
    table.set(name, meaning(ROLE.endpoint, { rank: 100 + rank }));
  });
  put(ROLE.latencyByValue, fields.latencyByValue);
  put(ROLE.status, fields.status);
  put(ROLE.bytes, fields.bytes);
  put(ROLE.user, fields.user);
  put(ROLE.path, fields.path);
  for (const [part, names] of Object.entries(fields.located ?? {})) put(ROLE[part as LocatedPart], names);
  fields.request?.forEach((name, rank) => {
    table.set(name, meaning(ROLE.request, { rank: 1000 + rank }));
  });
  for (const [role, units, first] of [
    [ROLE.latency, fields.latency, 0],
    [ROLE.latencyOrNone, fields.latencyOrNone, 100],
  ] as const)
    Object.entries(units ?? {}).forEach(([name, unit], rank) => {
      table.set(name, meaning(role, { rank: first + rank, scale: UNIT_SCALE[unit] }));
    });
  for (const [dimension, names] of Object.entries(fields.dimensions ?? {}))
    names.forEach((name, rank) => {
      table.set(name, meaning(ROLE.dimension, { dimension, rank }));
    });
  return (name) => table.get(name) ?? proxyHeader(name) ?? IGNORED;
}
