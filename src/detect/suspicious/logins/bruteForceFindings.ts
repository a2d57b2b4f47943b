import type { Finding } from "../../finding.js";
import { quoted, regionOfSpots, suspiciousFinding } from "../findingParts.js";
import type { UserLocationTable } from "../users/userLocationTable.js";
import type { BruteForce } from "./bruteForceWatch.js";

/** One finding an account that many addresses try to open. */
export function bruteForceFinding(bruteForce: BruteForce, locations: UserLocationTable, resolution: number): Finding {
  const sources = [...bruteForce.sources.values()].sort((a, b) => b.failures - a.failures);
  const opened = bruteForce.openedFrom !== "";
  return suspiciousFinding({
    key: bruteForce.user,
    subtype: "brute-force",
    severity: opened ? "critical" : "medium",
    startMs: bruteForce.startMs,
    endMs: bruteForce.endMs,
    detectedAtMs: bruteForce.detectedAtMs,
    title: `${bruteForce.failures} failed log-ins for ${bruteForce.user} from ${sources.length} addresses in ${bruteForce.countries.size} countries${opened ? `, then one from ${bruteForce.openedFrom} that went through` : ""}`,
    region: regionOfSpots(
      locations,
      sources.map((s) => [s.location, s.failures]),
      resolution,
    ),
    measure: "failed_logins",
    observed: bruteForce.failures,
    expected: 0,
    users: [bruteForce.user],
    ips: sources.map((s) => s.text),
    evidence: {
      opened: bruteForce.openedFrom,
      addresses: quoted(sources, (s) => ({ ip: s.text, failures: s.failures })),
    },
  });
}
