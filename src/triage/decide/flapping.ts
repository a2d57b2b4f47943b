import type { Incident } from "../group/incident.js";
import type { CompiledPolicy } from "../policy/compilePolicy.js";
import type { IncidentState } from "../triageState.js";

/** When incidents of each key began, this call's and those remembered. */
export type StartsByKey = ReadonlyMap<string, ReadonlySet<number>>;

export function startsByKey(incidents: readonly Incident[], known: readonly IncidentState[]): StartsByKey {
  const starts = new Map<string, Set<number>>();
  for (const { base, startMs } of [...incidents, ...known]) {
    const held = starts.get(base);
    if (held) held.add(startMs);
    else starts.set(base, new Set([startMs]));
  }
  return starts;
}

/** Why an incident is held back as one of a series that comes and goes, or null. */
export function flappingReason(
  { base, root, severity, startMs, endMs }: Incident,
  starts: StartsByKey,
  flapping: CompiledPolicy["flapping"],
  nowMs: number,
): string | null {
  if (flapping === null || severity === "critical" || (endMs ?? nowMs) - startMs >= flapping.staysMs) return null;
  const times = [...(starts.get(base) ?? [])].filter((time) => time <= startMs && time > startMs - flapping.withinMs);
  if (times.length <= flapping.changes) return null;
  const minutes = Math.round(flapping.withinMs / 60_000);
  return `flapping: ${times.length} times within ${minutes} min at ${root.finding.region.name}`;
}
