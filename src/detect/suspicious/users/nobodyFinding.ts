import type { Finding } from "../../finding.js";
import { quoted, regionOfSpots, suspiciousFinding } from "../findingParts.js";
import type { NobodyName } from "./nobodyNames.js";
import type { UserLocationTable } from "./userLocationTable.js";

/** One finding for all names that stand for nobody; none where there are none. */
export function nobodyFinding(names: readonly NobodyName[], locations: UserLocationTable): Finding[] {
  if (names.length === 0) return [];
  const sorted = [...names].sort((a, b) => b.requests - a.requests || (a.name < b.name ? -1 : 1));
  const startMs = Math.min(...names.map((n) => n.startMs));
  const requests = names.reduce((sum, n) => sum + n.requests, 0);
  const listed = sorted.slice(0, 3).map((n) => n.name);
  const more = sorted.length > 3 ? ` and ${sorted.length - 3} more` : "";
  return [
    suspiciousFinding({
      key: "nobody",
      subtype: "names-of-nobody",
      severity: "info",
      startMs,
      endMs: Math.max(...names.map((n) => n.endMs)),
      detectedAtMs: startMs,
      title: `${requests} requests name nobody: ${listed.join(", ")}${more} ${sorted.length === 1 ? "is" : "are"} not taken for people`,
      region: regionOfSpots(locations, [], 4),
      measure: "requests",
      observed: requests,
      expected: requests,
      users: sorted.map((n) => n.name),
      evidence: { names: quoted(sorted, (n) => ({ name: n.name, requests: n.requests, learned: n.learned })) },
    }),
  ];
}
