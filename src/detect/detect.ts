import { hashHigh, hashLow } from "../core/hash.js";
import type { Cube } from "../cube/cube.js";
import { type Finding, SEVERITIES } from "./finding.js";
import { findHotspots } from "./regional/findHotspots.js";
import { findOutages } from "./regional/findOutages.js";
import type { RegionalOptions } from "./regional/regionalOptions.js";
import { sameIncident } from "./regional/sameIncident.js";

/** How everything is judged. */
export interface DetectOptions extends RegionalOptions {}

/** Dimensions worth counting by when a cube is built for {@link detect}: outages are of a service, a PoP or a version. */
export const DETECTION_DIMENSIONS: readonly string[] = ["service", "pop", "version"];

/**
 * Finds what is down, slow or suspicious: gravest first, then by time; the same findings for the same input.
 *
 * Throws `bad-detect-option`.
 */
export function detect(cube: Cube, options: DetectOptions = {}): Finding[] {
  const outages = findOutages(cube, options);
  // What is down is often slow as well: that is one incident, and down is graver.
  const hotspots = findHotspots(cube, options).filter((f) => !outages.some((outage) => sameIncident(f, outage)));
  return ordered([...outages, ...hotspots]);
}

/** In the order of {@link detect}, each with its id. */
export function ordered(findings: readonly Finding[]): Finding[] {
  const rank = (f: Finding): number => SEVERITIES.indexOf(f.severity);
  const sorted = [...findings].sort(
    (a, b) =>
      rank(a) - rank(b) ||
      a.startMs - b.startMs ||
      compare(a.kind, b.kind) ||
      compare(a.subtype, b.subtype) ||
      compare(a.title, b.title),
  );
  const taken = new Set<string>();
  return sorted.map((finding) => ({ ...finding, id: freeId(finding, taken) }));
}

/** What and where and when, hashed: findings of the same input get the same ids. */
function freeId(finding: Finding, taken: Set<string>): string {
  for (let turn = 0; ; turn++) {
    const text = [
      finding.kind,
      finding.subtype,
      finding.startMs,
      finding.region.name,
      finding.users[0],
      finding.ips[0],
      turn,
    ];
    const bytes = new TextEncoder().encode(text.join("|"));
    const hex = (word: number): string => word.toString(16).padStart(8, "0");
    const id = `${finding.subtype}-${hex(hashHigh(bytes, 0, bytes.length))}${hex(hashLow(bytes, 0, bytes.length))}`;
    if (taken.has(id)) continue;
    taken.add(id);
    return id;
  }
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
