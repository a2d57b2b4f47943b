import { MINUTE_MS } from "../../../core/time.js";
import type { Finding, Severity } from "../../finding.js";
import { quoted, regionOfSpots, rounded, suspiciousFinding } from "../findingParts.js";
import type { UserLocationTable } from "../users/userLocationTable.js";
import { userKey } from "./loginTallies.js";
import type { AttackSource, StuffingAttack, StuffingPart } from "./stuffingAttack.js";

/** From so many tries a name on it is passwords that are sprayed over names, not names that are stuffed. */
const TRIES_OF_SPRAYING = 3;

/** Fewer failures than this could open little. */
const FEW_FAILURES = 30;

/** One finding an attack: the addresses worst first, the accounts it opened, how many names it tried. */
export function stuffingFinding(attack: StuffingAttack, locations: UserLocationTable, resolution: number): Finding {
  const opened = openedAccounts(attack);
  const regained = isRegained(attack);
  const sources = [...attack.sources.values()].sort((a, b) => b.failures - a.failures || a.firstMs - b.firstMs);
  const weights = sources.map((s) => [s.location, s.failures] as const);
  const region = regionOfSpots(locations, weights, resolution);
  const perName = attack.failures / Math.max(1, attack.targets.size);
  return suspiciousFinding({
    key: earliestOf(sources),
    subtype: perName < TRIES_OF_SPRAYING ? "credential-stuffing" : "password-spraying",
    severity: severityOf(attack, opened, regained),
    confidence: 0.999,
    startMs: attack.startMs,
    endMs: attack.endMs,
    detectedAtMs: attack.detectedAtMs,
    title: titleOf(attack, sources.length, region.name, opened.length, regained),
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
      waves: attack.waves ?? 1,
      parts: quoted(attack.parts ?? [], (p) => partEvidence(p, locations)),
      addresses: quoted(sources, (s) => ({ ip: s.text, failures: s.failures })),
    },
  });
}

/** The address that failed first: which one is the worst changes while an attack goes on. */
function earliestOf(sources: readonly AttackSource[]): string {
  const [first] = [...sources].sort((a, b) => a.firstMs - b.firstMs || a.key - b.key);
  return first?.text ?? "";
}

function severityOf(attack: StuffingAttack, opened: readonly string[], regained: boolean): Severity {
  if (opened.length > 0) return "critical";
  if (regained) return "low";
  return attack.failures < FEW_FAILURES ? "medium" : "high";
}

function titleOf(attack: StuffingAttack, addresses: number, where: string, opened: number, regained: boolean): string {
  const names = attack.targets.size > 0 ? ` for ${attack.targets.size} users` : "";
  const again = (attack.waves ?? 1) > 1 ? `, recurring, ${attack.waves} times` : "";
  const end =
    opened > 0 ? `: ${opened} accounts opened` : regained ? ", who then got in from where they always are" : "";
  return `${attack.failures} failed log-ins${names} from ${addresses} addresses, ${where}${again}${end}`;
}

const partEvidence = (part: StuffingPart, locations: UserLocationTable): Readonly<Record<string, unknown>> => ({
  from: new Date(part.startMs).toISOString(),
  to: new Date(part.endMs).toISOString(),
  country: part.origin < 0 ? "" : locations.countries.value(part.origin),
  failures: part.failures,
  addresses: part.addresses,
});

/** Users whose log-in went through from an address of the attack, and who are not known to be there. */
export function openedAccounts(attack: StuffingAttack): string[] {
  const names = attack.successes
    .filter((s) => !s.familiar && s.user !== "" && attack.sources.has(s.source) && attack.targets.size > 0)
    .map((s) => s.user);
  return [...new Set(names)];
}

/** Whether most of the names that failed got in afterwards, from an address and a place that is theirs. */
export function isRegained(attack: StuffingAttack): boolean {
  const regained = new Set<number>();
  for (const { familiar, source, low, high } of attack.successes)
    if (familiar && attack.sources.has(source) && attack.targets.has(userKey(low, high)))
      regained.add(userKey(low, high));
  return attack.targets.size > 0 && 2 * regained.size >= attack.targets.size;
}
