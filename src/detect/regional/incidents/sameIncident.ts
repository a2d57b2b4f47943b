import type { Finding } from "../../finding.js";

/** Whether two findings tell of one incident: they overlap for half of the shorter, and share half of the smaller's cells. */
export function sameIncident(a: Finding, b: Finding): boolean {
  const end = (f: Finding): number => f.endMs ?? Number.POSITIVE_INFINITY;
  const overlap = Math.min(end(a), end(b)) - Math.max(a.startMs, b.startMs);
  const shorter = Math.min(end(a) - a.startMs, end(b) - b.startMs);
  if (!(overlap > 0) || (Number.isFinite(shorter) && overlap < shorter / 2)) return false;
  const cells = new Set(a.region.cells);
  const both = b.region.cells.filter((cell) => cells.has(cell)).length;
  return both > 0 && both >= Math.min(a.region.cells.length, b.region.cells.length) / 2;
}

/** Whether a finding is told already by another: the same incident, and not of another value of the same dimension. */
export function isDuplicateOf(told: Finding, finding: Finding): boolean {
  const other = Object.entries(finding.dimensions).some(([name, value]) => (told.dimensions[name] ?? value) !== value);
  return !other && sameIncident(told, finding);
}
