import type { Finding } from "../../finding.js";
import { regionOfSpots, rounded, suspiciousFinding } from "../findingParts.js";
import type { UserLocationTable } from "../users/userLocationTable.js";
import type { LoginOutage } from "./loginOutageWatch.js";

/** One finding an outage of log-ins: a regional outage, as nobody attacks. */
export function loginOutageFinding(outage: LoginOutage, locations: UserLocationTable, resolution: number): Finding {
  const region = regionOfSpots(locations, outage.locations, resolution, "country");
  const where = outage.everywhere ? "everywhere" : `in ${region.name}`;
  const statuses = [...outage.statuses].sort((a, b) => b[1] - a[1]);
  return {
    ...suspiciousFinding({
      key: where,
      subtype: "login-outage",
      severity: "high",
      startMs: outage.startMs,
      endMs: outage.endMs,
      detectedAtMs: outage.detectedAtMs,
      title: `Log-ins refused to everybody ${where} (${outage.failures} of ${outage.attempts} failed)`,
      region,
      measure: "failed_logins",
      observed: outage.failures,
      expected: 0,
      ips: [...outage.addresses.values()],
      evidence: {
        attempts: outage.attempts,
        refusedShare: rounded(outage.failures / Math.max(1, outage.attempts)),
        statuses: Object.fromEntries(statuses),
      },
    }),
    kind: "regional-outage",
  };
}
