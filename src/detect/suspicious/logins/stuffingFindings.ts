import { MINUTE_MS } from "../../../core/time.js";
import type { Finding } from "../../finding.js";
import { quoted, regionOfSpots, rounded, suspiciousFinding } from "../findingParts.js";
import type { UserLocationTable } from "../users/userLocationTable.js";
import type { StuffingAttack } from "./stuffingAttack.js";

/** From so many tries a name on it is passwords that are sprayed over names, not names that are stuffed. */
const TRIES_OF_SPRAYING = 3;

/** One finding an attack: the addresses worst first, the accounts it opened, how many names it tried. */
export function stuffingFinding(attack: StuffingAttack, locations: UserLocationTable, resolution: number): Finding {
  const opened = openedAccounts(attack);
  const sources = [...attack.sources.values()].sort((a, b) => b.failures - a.failures || a.firstMs - b.firstMs);
  const weights = sources.map((s) => [s.location, s.failures] as const);
  const region = regionOfSpots(locations, weights, resolution);
  const perName = attack.failures / Math.max(1, attack.targets.size);
  return suspiciousFinding({
    key: sources[0]?.text ?? "",
    subtype: perName < TRIES_OF_SPRAYING ? "credential-stuffing" : "password-spraying",
    severity: opened.length > 0 ? "critical" : "high",
    confidence: 0.999,
    startMs: attack.startMs,
    endMs: attack.endMs,
    detectedAtMs: attack.detectedAtMs,
    title: `${attack.failures} failed log-ins for ${attack.targets.size} users from ${sources.length} addresses, ${region.name}${opened.length > 0 ? `: ${opened.length} accounts opened` : ""}`,
    region,
    measure: "failed_logins",
    observed: attack.failures,
    expected: rounded(attack.expected, 1),
    clients: sources.length,
    users: opened,
    ips: sources.map((s) => s.text),
    evidence: {
      targets: attack.targets.size,
      targetSample: [...attack.targetNames].slice(0, 20),
      opened: opened.length,
      failuresPerName: rounded(perName, 2),
      minutes: Math.max(1, Math.round((attack.endMs - attack.startMs) / MINUTE_MS)),
      addresses: quoted(sources, (s) => ({ ip: s.text, failures: s.failures })),
    },
  });
}

/** Users whose log-in went through from an address of the attack. */
export function openedAccounts(attack: StuffingAttack): string[] {
  const names = attack.successes.filter((s) => attack.sources.has(s.source) && s.user !== "").map((s) => s.user);
  return [...new Set(names)];
}
