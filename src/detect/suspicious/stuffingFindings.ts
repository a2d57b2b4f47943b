import type { Finding } from "../finding.js";
import { findingId } from "../findingId.js";
import { regionOfPlaces } from "../regionOfPlaces.js";
import { labelSpots } from "./spotLabels.js";
import type { SpotTable } from "./spotTable.js";
import type { StuffingAttack } from "./stuffingAttack.js";

const MAX_LISTED = 1_000;

/** One finding an attack: the addresses worst first, the accounts it opened, how many names it tried. */
export function stuffingFinding(
  attack: StuffingAttack,
  spots: SpotTable,
  resolution: number,
  windowMs: number,
): Finding {
  const opened = openedAccounts(attack);
  const sources = [...attack.sources.values()].sort((a, b) => b.failures - a.failures || a.firstMs - b.firstMs);
  const region = regionOfPlaces(
    labelSpots(
      spots,
      sources.map((s) => [s.spot, s.failures]),
    ),
    { resolution },
  );
  const perName = attack.failures / Math.max(1, attack.targets.size);
  return {
    id: findingId("credential-stuffing", attack.startMs, sources[0]?.text ?? ""),
    kind: "suspicious-traffic",
    subtype: perName < 3 ? "credential-stuffing" : "password-spraying",
    severity: opened.length > 0 ? "critical" : "high",
    confidence: 0.999,
    startMs: attack.startMs,
    endMs: attack.endMs,
    detectedAtMs: attack.detectedAtMs,
    title: `${attack.failures} failed log-ins for ${attack.targets.size} users from ${sources.length} addresses, ${region.name}${opened.length > 0 ? `: ${opened.length} accounts opened` : ""}`,
    region,
    dimensions: {},
    measure: "failed_logins",
    observed: attack.failures,
    expected: Math.round(attack.expected * 10) / 10,
    clients: sources.length,
    users: opened.slice(0, MAX_LISTED),
    ips: sources.slice(0, MAX_LISTED).map((s) => s.text),
    cause: [],
    evidence: {
      targets: attack.targets.size,
      targetSample: [...attack.targetNames].slice(0, 20),
      opened: opened.length,
      failuresPerName: Math.round(perName * 100) / 100,
      minutes: Math.round((attack.endMs - attack.startMs + windowMs / 5) / 60_000),
      addresses: sources.slice(0, 20).map((s) => ({ ip: s.text, failures: s.failures })),
    },
  };
}

/** Users whose log-in went through from an address of the attack. */
export function openedAccounts(attack: StuffingAttack): string[] {
  const names = attack.successes.filter((s) => attack.sources.has(s.source) && s.user !== "").map((s) => s.user);
  return [...new Set(names)];
}
