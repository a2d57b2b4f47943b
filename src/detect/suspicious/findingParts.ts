import type { Finding, FindingRegion } from "../finding.js";
import { findingId } from "../findingId.js";
import { regionOfPlaces } from "../regionOfPlaces.js";
import { labelSpots } from "./users/locationLabels.js";
import type { UserLocationTable } from "./users/userLocationTable.js";

/** At most so many users and addresses are listed in a finding. */
export const MAX_LISTED = 1_000;
/** So many addresses are quoted with their counts. */
const MAX_QUOTED = 20;

/** What the parts of a suspicious-traffic finding that vary are; the rest has a usual value. */
export type FindingParts = Pick<
  Finding,
  | "subtype"
  | "severity"
  | "startMs"
  | "endMs"
  | "detectedAtMs"
  | "title"
  | "region"
  | "measure"
  | "observed"
  | "expected"
> &
  Partial<Pick<Finding, "confidence" | "dimensions" | "clients" | "users" | "ips" | "evidence" | "series">> & {
    /** What tells the finding from others that began at the same time. */
    readonly key: string;
  };

/** A finding of suspicious traffic. */
export function suspiciousFinding({ key, ...parts }: FindingParts): Finding {
  return {
    kind: "suspicious-traffic",
    confidence: 0.99,
    dimensions: {},
    cause: [],
    ...parts,
    id: findingId(parts.subtype, parts.startMs, key),
    clients: parts.clients ?? parts.ips?.length ?? 0,
    users: (parts.users ?? []).slice(0, MAX_LISTED),
    ips: (parts.ips ?? []).slice(0, MAX_LISTED),
  };
}

/** The region of locations weighted by what was seen there. */
export function regionOfSpots(
  locations: UserLocationTable,
  weighted: Iterable<readonly [location: number, weight: number]>,
  resolution: number,
  level: "country" | "city" = "city",
): FindingRegion {
  return regionOfPlaces(labelSpots(locations, weighted), { resolution, level });
}

/** The first addresses with their counts, as evidence. */
export function quoted<T>(
  items: readonly T[],
  quote: (item: T) => Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>>[] {
  return items.slice(0, MAX_QUOTED).map(quote);
}

/** A share rounded for people: three decimals. */
export const rounded = (value: number, decimals = 3): number => Math.round(value * 10 ** decimals) / 10 ** decimals;
