import { MINUTE_MS } from "../../../core/time.js";
import type { Finding } from "../../finding.js";
import { regionOfSpots, suspiciousFinding } from "../findingParts.js";
import type { TravelContext } from "./travelFinding.js";

/** A grave hop and where it went. */
export interface Hop {
  readonly finding: Finding;
  readonly location: number;
}

/** Accounts with less time between them are used by one hand, from so many accounts on. */
const GAP_MS = 45 * MINUTE_MS;
const MANY = 8;

/**
 * Puts together what is one cause: many accounts that are used far from their owners one soon after another are one list of
 * passwords, and one account that is so used again is the same account, still in other hands.
 */
export function mergeHops(hops: readonly Hop[], context: TravelContext): Finding[] {
  const sorted = [...hops].sort((a, b) => a.finding.startMs - b.finding.startMs);
  const runs: Hop[][] = [];
  for (const hop of sorted) {
    const last = runs.at(-1);
    if (last !== undefined && hop.finding.startMs - last.at(-1)!.finding.startMs <= GAP_MS) last.push(hop);
    else runs.push([hop]);
  }
  const many = runs.filter((run) => usersOf(run).length >= MANY);
  const single = runs.filter((run) => !many.includes(run)).flat();
  return [...many.map((run) => campaign(run, context)), ...byAccount(single)];
}

const usersOf = (hops: readonly Hop[]): string[] => [...new Set(hops.flatMap((h) => h.finding.users))];

/** One finding an account. */
function byAccount(hops: readonly Hop[]): Finding[] {
  const accounts = new Map<string, Finding[]>();
  for (const { finding } of hops) {
    const known = accounts.get(finding.users[0]!);
    if (known === undefined) accounts.set(finding.users[0]!, [finding]);
    else known.push(finding);
  }
  return [...accounts.values()].map((again) => (again.length === 1 ? again[0]! : recurring(again)));
}

function recurring(again: readonly Finding[]): Finding {
  const worst = again.find((f) => f.severity === "high") ?? again[0]!;
  const ends = again.map((f) => f.endMs ?? f.startMs);
  return {
    ...worst,
    id: again[0]!.id,
    startMs: again[0]!.startMs,
    endMs: Math.max(...ends),
    detectedAtMs: again[0]!.detectedAtMs,
    title: `${worst.title}, recurring, ${again.length} times`,
    clients: new Set(again.flatMap((f) => f.ips)).size,
    ips: [...new Set(again.flatMap((f) => f.ips))],
    evidence: { ...worst.evidence, times: again.map((f) => new Date(f.startMs).toISOString()) },
  };
}

function campaign(run: readonly Hop[], { locations, resolution }: TravelContext): Finding {
  const findings = run.map((h) => h.finding);
  const users = usersOf(run);
  const ips = [...new Set(findings.flatMap((f) => f.ips))];
  const places = run.map((h) => [h.location, 1] as const);
  const region = regionOfSpots(locations, places, resolution);
  return suspiciousFinding({
    key: users[0]!,
    subtype: "impossible-travel",
    severity: "high",
    confidence: 0.99,
    startMs: Math.min(...findings.map((f) => f.startMs)),
    endMs: Math.max(...findings.map((f) => f.endMs ?? f.startMs)),
    // The first that could be told is one account's; that they are many is known with the last of the fewest.
    detectedAtMs: findings.map((f) => f.detectedAtMs).sort((a, b) => a - b)[MANY - 1] ?? findings[0]!.detectedAtMs,
    title: `${users.length} accounts used far from where they are, from ${ips.length} addresses, ${region.name}`,
    region,
    measure: "accounts",
    observed: users.length,
    expected: 0,
    clients: ips.length,
    users,
    ips,
    evidence: { parts: findings.slice(0, 20).map((f) => f.title) },
  });
}
