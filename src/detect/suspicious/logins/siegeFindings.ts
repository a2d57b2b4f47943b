import type { Finding } from "../../finding.js";
import { quoted, regionOfSpots, suspiciousFinding } from "../findingParts.js";
import type { SpotTable } from "../users/spotTable.js";
import type { Siege } from "./siegeWatch.js";

/** One finding an account that many addresses try to open. */
export function siegeFinding(siege: Siege, spots: SpotTable, resolution: number): Finding {
  const sources = [...siege.sources.values()].sort((a, b) => b.failures - a.failures);
  const opened = siege.openedFrom !== "";
  return suspiciousFinding({
    key: siege.user,
    subtype: "account-siege",
    severity: opened ? "critical" : "medium",
    startMs: siege.startMs,
    endMs: siege.endMs,
    detectedAtMs: siege.detectedAtMs,
    title: `${siege.failures} failed log-ins for ${siege.user} from ${sources.length} addresses in ${siege.countries.size} countries${opened ? `, then one from ${siege.openedFrom} that went through` : ""}`,
    region: regionOfSpots(
      spots,
      sources.map((s) => [s.spot, s.failures]),
      resolution,
    ),
    measure: "failed_logins",
    observed: siege.failures,
    expected: 0,
    users: [siege.user],
    ips: sources.map((s) => s.text),
    evidence: { opened: siege.openedFrom, addresses: quoted(sources, (s) => ({ ip: s.text, failures: s.failures })) },
  });
}
