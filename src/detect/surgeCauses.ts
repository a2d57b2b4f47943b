import { isGeopivotError } from "../core/errors.js";
import type { Cube } from "../cube/cube.js";
import { explain } from "../explain/explain.js";
import type { Cause, Finding } from "./finding.js";

/** Surges that are looked into, the first ones. */
const MOST = 10;
/** Slices that carry less are not listed. */
const LISTED = 0.15;

/** Findings with the slices that carry each surge: the service, the version, the city. */
export function withSurgeCauses(cube: Cube, findings: readonly Finding[]): Finding[] {
  let left = MOST;
  return findings.map((finding) => {
    if (finding.subtype !== "traffic-surge" || finding.cause.length > 0 || left-- <= 0) return finding;
    const cause = causesOf(cube, finding);
    return cause.length === 0 ? finding : { ...finding, cause };
  });
}

function causesOf(cube: Cube, { startMs, endMs, region }: Finding): Cause[] {
  const where = region.countries.length === 1 ? { country: region.countries[0]! } : {};
  const to = endMs ?? cube.originMs + cube.bucketCount * cube.bucketMs;
  try {
    const { causes } = explain(cube, { from: startMs, to, measure: "requests", where });
    return causes
      .filter((c) => c.share >= LISTED && c.observed > c.expected)
      .map(({ slice, except, share }) => ({
        slice: { ...where, ...slice },
        ...(except && { except }),
        share: Math.round(share * 1000) / 1000,
      }));
  } catch (error) {
    // A window at the edge of the log has nothing to be held against.
    if (isGeopivotError(error)) return [];
    throw error;
  }
}
