import type { Incident } from "../group/incident.js";
import type { CompiledPolicy } from "../policy/compilePolicy.js";
import type { IncidentState } from "../triageState.js";

/** Why an incident is held back as one of a series that comes and goes, or null. */
export function flappingReason(
  incident: Incident,
  others: readonly Incident[],
  known: readonly IncidentState[],
  flapping: CompiledPolicy["flapping"],
  nowMs: number,
): string | null {
  if (flapping === null || incident.severity === "critical") return null;
  if ((incident.endMs ?? nowMs) - incident.startMs >= flapping.staysMs) return null;
  const starts = new Set<number>();
  for (const { base, startMs } of [...others, ...known])
    if (base === incident.base && startMs <= incident.startMs && startMs > incident.startMs - flapping.withinMs)
      starts.add(startMs);
  starts.add(incident.startMs);
  if (starts.size <= flapping.changes) return null;
  const minutes = Math.round(flapping.withinMs / 60_000);
  return `flapping: ${starts.size} times within ${minutes} min at ${incident.root.finding.region.name}`;
}
