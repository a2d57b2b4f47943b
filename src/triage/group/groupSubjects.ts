import type { Subject } from "../judge/subject.js";
import type { CompiledPolicy } from "../policy/compilePolicy.js";
import type { IncidentState } from "../triageState.js";
import { dedupKey } from "./dedupKey.js";
import { DisjointSets } from "./disjointSets.js";
import { foldEchoes } from "./foldEchoes.js";
import { foldStorms } from "./foldStorms.js";
import { type Incident, incidentOf } from "./incident.js";
import { isNear, linkReason } from "./linkReason.js";
import { PairIndex } from "./pairIndex.js";

/**
 * Findings as incidents: single linkage over "one cause", "one place", "lies in" and "again"; findings that were in one
 * incident stay there. What echoes its parts is folded into them, and many regions at once are one.
 */
export function groupSubjects(
  subjects: readonly Subject[],
  known: readonly IncidentState[],
  grouping: CompiledPolicy["grouping"],
): Incident[] {
  const ordered = [...subjects].sort(
    (a, b) => a.finding.startMs - b.finding.startMs || (a.finding.id < b.finding.id ? -1 : 1),
  );
  const sets = new DisjointSets(ordered.length);
  const reasons = new Map<number, Set<string>>();
  linkKnown(ordered, known, sets);
  for (const [a, b, reason] of links(ordered, grouping)) {
    if (sets.find(a) !== sets.find(b) || !reasons.has(a)) remember(reasons, a, reason);
    sets.join(a, b);
  }
  const incidentsById = stateByFinding(known);
  const incidents = sets.sets().map((members) => {
    const told = new Set(members.flatMap((i) => incidentsById.get(ordered[i]!.finding.id) ?? []));
    const why = members.length === 1 ? [] : members.flatMap((i) => [...(reasons.get(i) ?? [])]);
    return incidentOf(
      members.map((i) => ordered[i]!),
      { known: [...told], why: [...new Set(why)].slice(0, MOST_REASONS).map((reason) => `grouped: ${reason}`) },
    );
  });
  return foldStorms(foldEchoes(incidents), grouping);
}

const MOST_REASONS = 5;

/** Known incidents by the ids of their findings. */
export function stateByFinding(known: readonly IncidentState[]): ReadonlyMap<string, IncidentState> {
  return new Map(known.flatMap((incident) => incident.findings.map((id) => [id, incident] as const)));
}

function remember(reasons: Map<number, Set<string>>, at: number, reason: string): void {
  const held = reasons.get(at) ?? new Set();
  reasons.set(at, held.add(reason));
}

function linkKnown(ordered: readonly Subject[], known: readonly IncidentState[], sets: DisjointSets): void {
  const first = new Map<IncidentState, number>();
  const byId = stateByFinding(known);
  ordered.forEach(({ finding }, i) => {
    const incident = byId.get(finding.id);
    if (incident === undefined) return;
    const before = first.get(incident);
    if (before === undefined) first.set(incident, i);
    else sets.join(before, i);
  });
}

/** Pairs that are one incident, and why. Only pairs that have something in common are looked at. */
function* links(
  ordered: readonly Subject[],
  grouping: CompiledPolicy["grouping"],
): Generator<readonly [number, number, string]> {
  const keys = ordered.map(dedupKey);
  const index = new PairIndex();
  for (let b = 0; b < ordered.length; b++) {
    const subject = ordered[b]!;
    for (const a of index.candidates(subject)) {
      const again = keys[a] === keys[b] && isNear(ordered[a]!, subject, grouping.withinMs);
      const reason = again ? `again: ${subject.finding.region.name}` : linkReason(ordered[a]!, subject, grouping);
      if (reason !== null) yield [a, b, reason];
    }
    index.add(b, subject);
  }
}
