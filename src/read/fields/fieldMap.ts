import { readError } from "../errors.js";
import { knownField, UNIT_SCALE } from "./knownFields.js";
import { type FieldMapping, IGNORED, meaning, ROLE } from "./role.js";

/** Which field of the log holds what, by geopivot's name: `{ ip: "remote_addr", latency_s: "took" }`. */
export type FieldNames = Readonly<Record<string, string>>;

/** Meaning of a field by its (dotted) name. */
export type FieldMeanings = (name: string) => FieldMapping;

const CANONICAL: Readonly<Record<string, FieldMapping>> = {
  ts: meaning(ROLE.time),
  time: meaning(ROLE.time),
  date: meaning(ROLE.date),
  clock: meaning(ROLE.clock),
  ip: meaning(ROLE.address),
  status: meaning(ROLE.status),
  latency_ms: meaning(ROLE.latency),
  latency_s: meaning(ROLE.latency, { scale: UNIT_SCALE.s }),
  latency_us: meaning(ROLE.latency, { scale: UNIT_SCALE.us }),
  latency_ns: meaning(ROLE.latency, { scale: UNIT_SCALE.ns }),
  bytes: meaning(ROLE.bytes),
  user: meaning(ROLE.user),
  weight: meaning(ROLE.weight),
  count: meaning(ROLE.count),
  path: meaning(ROLE.path),
  request: meaning(ROLE.request),
  forwarded_for: meaning(ROLE.forwardedFor),
  forwarded: meaning(ROLE.forwarded),
  country: meaning(ROLE.country),
  region: meaning(ROLE.region),
  region_code: meaning(ROLE.regionCode),
  city: meaning(ROLE.city),
  lat: meaning(ROLE.lat),
  lon: meaning(ROLE.lon),
  location: meaning(ROLE.latLon),
  time_zone: meaning(ROLE.timeZone),
  asn: meaning(ROLE.asn),
  organization: meaning(ROLE.organization),
  client: meaning(ROLE.client),
  client_id: meaning(ROLE.client),
  visitor: meaning(ROLE.client),
};

/** Names that a field can be mapped to and that are no dimensions. */
export const MAPPED_NAMES: readonly string[] = Object.keys(CANONICAL);

/**
 * The meanings of fields under a user's mapping: a mapped field means what it is mapped to, and other fields no longer
 * mean that.
 *
 * @param base - what fields mean without the mapping
 * @throws `bad-map` for an empty name
 */
export function mapFields(base: FieldMeanings, names: FieldNames = {}): FieldMeanings {
  const entries = Object.entries(names);
  if (entries.length === 0) return base;
  const mapped = new Map<string, FieldMapping>();
  const taken = new Set<string>();
  for (const [canonical, field] of entries) {
    if (canonical === "" || typeof field !== "string" || field === "")
      throw readError("bad-map", { field: canonical, why: "write geopivot's name, =, and the name in the log" });
    const means = Object.hasOwn(CANONICAL, canonical)
      ? CANONICAL[canonical]!
      : meaning(ROLE.dimension, { dimension: canonical });
    mapped.set(field, means);
    taken.add(targetName(means));
  }
  return (name) => {
    const own = mapped.get(name);
    if (own !== undefined) return own;
    const means = base(name);
    return taken.has(targetName(means)) ? IGNORED : means;
  };
}

/** Leaves out the dimensions that are not asked for. */
export function keepDimensions(base: FieldMeanings, wanted: readonly string[] | undefined): FieldMeanings {
  if (wanted === undefined) return base;
  const kept = new Set(wanted);
  return (name) => {
    const means = base(name);
    return means.dimension === "" || kept.has(means.dimension) || (means.role === ROLE.path && kept.has("route"))
      ? means
      : IGNORED;
  };
}

/** Notes all names that are asked for. */
export function noteNames(base: FieldMeanings, met: Set<string> | undefined): FieldMeanings {
  if (met === undefined) return base;
  return (name) => {
    met.add(name);
    return base(name);
  };
}

/** The meanings of fields whose names are not geopivot's own: see {@link knownField}. */
export const anyField: FieldMeanings = knownField;

function targetName(means: FieldMapping): string {
  return means.dimension === "" ? `role ${means.role === ROLE.count ? ROLE.weight : means.role}` : means.dimension;
}
