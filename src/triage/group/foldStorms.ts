import type { CompiledPolicy } from "../policy/compilePolicy.js";
import { dedupKey } from "./dedupKey.js";
import { type Incident, joinIncidents } from "./incident.js";
import { isAttack } from "./linkReason.js";

/** Makes one incident of many that fail alike within minutes, whether or not anything is known that they share. */
export function foldStorms(
  incidents: readonly Incident[],
  { storm, stormWithinMs }: CompiledPolicy["grouping"],
): Incident[] {
  if (storm < 2) return [...incidents];
  const groups = new Map<string, Incident[]>();
  const rest: Incident[] = [];
  for (const incident of incidents) {
    if (isAttack(incident.root)) {
      rest.push(incident);
      continue;
    }
    const { kind, subtype } = incident.root.finding;
    const group = groups.get(`${kind}/${subtype}`);
    if (group) group.push(incident);
    else groups.set(`${kind}/${subtype}`, [incident]);
  }
  return [...rest, ...[...groups.values()].flatMap((group) => foldGroup(group, storm, stormWithinMs))];
}

/** From the first incident on: if so many begin within the span, they are one, and so is what follows without a pause. */
function foldGroup(group: readonly Incident[], storm: number, withinMs: number): Incident[] {
  const ordered = [...group].sort((a, b) => a.startMs - b.startMs || (a.base < b.base ? -1 : 1));
  const folded: Incident[] = [];
  for (let i = 0; i < ordered.length; ) {
    let end = i;
    while (end < ordered.length && ordered[end]!.startMs - ordered[i]!.startMs <= withinMs) end++;
    const members = ordered.slice(i, end);
    if (members.length === 1 || regionsOf(members) < storm) {
      folded.push(ordered[i]!);
      i++;
      continue;
    }
    const minutes = Math.round(withinMs / 60_000);
    folded.push(joinIncidents(members, `grouped: regions that failed within ${minutes} min`, true));
    i = end;
  }
  return folded;
}

/** A region counts once, however often it fails; a storm counts its regions. */
function regionsOf(members: readonly Incident[]): number {
  const names = members.flatMap(({ storm, base, subjects }) => (storm ? subjects.map(dedupKey) : [base]));
  return new Set(names).size;
}
