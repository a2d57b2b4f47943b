import type { RegionFacts } from "../judge/regionFacts.js";

/** How two regions lie: `contains` is the first around the second. */
export type Relation = "same" | "contains" | "within" | "overlaps" | "apart";

/** Of the smaller's cells; what `sameIncident` of the detectors asks for. */
const MOSTLY = 0.5;

/** How two regions lie: by their codes, and where these do not tell, by their cells. Without a country in common, apart. */
export function regionRelation(a: RegionFacts, b: RegionFacts): Relation {
  if (a.siteWide || b.siteWide) return a.siteWide && b.siteWide ? "same" : a.siteWide ? "contains" : "within";
  if (a.countries.size > 0 && b.countries.size > 0 && !shares(a.countries, b.countries)) return "apart";
  const [aHolds, bHolds] = [codesContain(a, b), codesContain(b, a)];
  if (aHolds || bHolds) return aHolds && bHolds ? "same" : aHolds ? "contains" : "within";
  return cellRelation(a.cells, b.cells);
}

function codesContain(outer: RegionFacts, inner: RegionFacts): boolean {
  if (inner.countries.size === 0 || !isSubset(inner.countries, outer.countries)) return false;
  if (outer.cities.size > 0)
    return (
      inner.cities.size > 0 && isSubset(inner.cities, outer.cities) && isSubset(inner.subdivisions, outer.subdivisions)
    );
  if (outer.subdivisions.size > 0)
    return inner.subdivisions.size > 0 && isSubset(inner.subdivisions, outer.subdivisions);
  return true;
}

function shares(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  const [small, large] = a.size <= b.size ? [a, b] : [b, a];
  for (const one of small) if (large.has(one)) return true;
  return false;
}

function isSubset(inner: ReadonlySet<string>, outer: ReadonlySet<string>): boolean {
  if (inner.size > outer.size) return false;
  for (const one of inner) if (!outer.has(one)) return false;
  return true;
}

function cellRelation(a: ReadonlySet<string>, b: ReadonlySet<string>): Relation {
  const [small, large] = a.size <= b.size ? [a, b] : [b, a];
  let both = 0;
  for (const cell of small) if (large.has(cell)) both++;
  if (both === 0) return "apart";
  if (both < MOSTLY * small.size) return "overlaps";
  if (both >= MOSTLY * (a.size + b.size - both)) return "same";
  return small === a ? "within" : "contains";
}
