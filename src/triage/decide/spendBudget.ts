import { HOUR_MS } from "../../core/time.js";
import { SEVERITIES } from "../../detect/finding.js";
import type { Incident } from "../group/incident.js";
import { reaches } from "../judge/compileSeverity.js";
import type { CompiledPolicy } from "../policy/compilePolicy.js";

/** This part of the budget is kept for what is high: a storm of lesser things must not use it up. */
const RESERVED = 1 / 3;

/**
 * Splits incidents, in the order in which they could be told, into those that the budget allows and the rest. A sliding
 * hour; what is exempt is always allowed, and counts.
 *
 * @param opened - when alerts were opened before, epoch milliseconds
 */
export function spendBudget(
  incidents: readonly Incident[],
  opened: readonly number[],
  { perHour, exempt }: CompiledPolicy["budget"],
): { readonly allowed: readonly Incident[]; readonly over: readonly Incident[] } {
  const times = [...opened];
  const allowed: Incident[] = [];
  const over: Incident[] = [];
  const rank = (incident: Incident): number => SEVERITIES.indexOf(incident.severity);
  const ordered = [...incidents].sort(
    (a, b) => a.detectedAtMs - b.detectedAtMs || rank(a) - rank(b) || (a.base < b.base ? -1 : 1),
  );
  for (const incident of ordered) {
    const at = incident.detectedAtMs;
    const spent = times.filter((time) => time > at - HOUR_MS && time <= at).length;
    const limit = reaches(incident.severity, "high") ? perHour : Math.ceil(perHour * (1 - RESERVED));
    if (spent < limit || reaches(incident.severity, exempt)) {
      allowed.push(incident);
      times.push(at);
    } else over.push(incident);
  }
  return { allowed, over };
}
