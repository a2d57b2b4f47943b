import type { Finding } from "../../detect/finding.js";

/** Names in slices that say where, not what: a place shared is no cause shared. */
const PLACE_LEVELS: ReadonlySet<string> = new Set([
  "place",
  "city",
  "cell",
  "subdivision",
  "region",
  "country",
  "continent",
  "unRegion",
  "unSubregion",
]);

/** A slice that carries this much stands for the whole. */
export const CARRIES = 0.5;

/** A slice without the part of it that says where. */
export function withoutPlaces<T>(slice: Readonly<Record<string, T>>): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(slice).filter(([name]) => !PLACE_LEVELS.has(name)));
}

/** The values of dimensions that a finding is confined to, or that carry at least half of it: `{ version: "4.3.0" }`. */
export function causeValues(finding: Finding): ReadonlyMap<string, string> {
  const values = new Map(Object.entries(finding.dimensions).filter(([name]) => !PLACE_LEVELS.has(name)));
  for (const { slice, share } of finding.cause) {
    if (share < CARRIES) continue;
    for (const [name, value] of Object.entries(withoutPlaces(slice))) if (!values.has(name)) values.set(name, value);
  }
  return values;
}
