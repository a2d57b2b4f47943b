import type { Finding, FindingRegion } from "../../detect/finding.js";

/** How two regions lie: `contains` is the first around the second. */
export type Relation = "same" | "contains" | "within" | "overlaps" | "apart";

/** Of the smaller's cells; what `sameIncident` of the detectors asks for. */
const MOSTLY = 0.5;

/** Whether a finding is about everything there is, wherever it is. */
export function isSiteWide({ region, evidence }: Finding): boolean {
  return evidence?.zone === "world" || region.name === "the whole world";
}

/** How two findings' regions lie: by their codes, and where these do not tell, by their cells. */
export function regionRelation(a: Finding, b: Finding): Relation {
  const [wideA, wideB] = [isSiteWide(a), isSiteWide(b)];
  if (wideA || wideB) return wideA && wideB ? "same" : wideA ? "contains" : "within";
  const [aHolds, bHolds] = [codesContain(a.region, b.region), codesContain(b.region, a.region)];
  if (aHolds || bHolds) return aHolds && bHolds ? "same" : aHolds ? "contains" : "within";
  return cellRelation(a.region.cells, b.region.cells);
}

function codesContain(outer: FindingRegion, inner: FindingRegion): boolean {
  if (inner.countries.length === 0 || !isSubset(inner.countries, outer.countries)) return false;
  if (outer.cities.length > 0)
    return (
      inner.cities.length > 0 &&
      isSubset(inner.cities, outer.cities) &&
      isSubset(inner.subdivisions, outer.subdivisions)
    );
  if (outer.subdivisions.length > 0)
    return inner.subdivisions.length > 0 && isSubset(inner.subdivisions, outer.subdivisions);
  return true;
}

function isSubset(inner: readonly string[], outer: readonly string[]): boolean {
  if (inner.length > outer.length) return false;
  const held = new Set(outer);
  return inner.every((one) => held.has(one));
}

function cellRelation(a: readonly string[], b: readonly string[]): Relation {
  const [small, large] = a.length <= b.length ? [a, b] : [b, a];
  if (small.length === 0) return "apart";
  const held = new Set(large);
  const both = small.filter((cell) => held.has(cell)).length;
  if (both === 0) return "apart";
  if (both < MOSTLY * small.length) return "overlaps";
  const union = a.length + b.length - both;
  if (both >= MOSTLY * union) return "same";
  return small === a ? "within" : "contains";
}
