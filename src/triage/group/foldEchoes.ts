import { reaches } from "../judge/compileSeverity.js";
import { type Incident, joinIncidents } from "./incident.js";
import { hasConflict, isAttack, isDeeper, isNear } from "./linkReason.js";
import { regionRelation } from "./regionRelation.js";

/** Parts that account for this much of a whole explain it. */
const EXPLAINED = 0.5;
/** One part that makes up this much of all parts is the one that the whole echoes. */
const CHIEF = 0.8;

/**
 * Takes out wholes that only echo their parts: the world down 12% because Germany and Brazil are dark. The whole is folded
 * into its chief part, or into its gravest, provided that one is as grave: nothing graver is lost.
 */
export function foldEchoes(incidents: readonly Incident[]): Incident[] {
  let left = [...incidents];
  for (const whole of [...incidents].sort((a, b) => (a.root.loss.share ?? 1) - (b.root.loss.share ?? 1))) {
    const parts = left.filter((part) => part !== whole && isDeepPart(part, whole));
    const part = echoed(whole, parts);
    if (part === null) continue;
    const names = parts.map(({ root }) => root.finding.region.name).slice(0, 3);
    const why = `grouped: ${whole.root.finding.region.name} echoes ${names.join(", ")}`;
    left = [...left.filter((one) => one !== whole && one !== part), foldInto(part, whole, why)];
  }
  return left;
}

/** The part keeps its name: an echo is larger and shallower. */
function foldInto(part: Incident, whole: Incident, why: string): Incident {
  const joined = joinIncidents([part, whole], why, false);
  return { ...joined, root: part.root, base: joined.told === null ? part.base : joined.base };
}

function echoed(whole: Incident, parts: readonly Incident[]): Incident | null {
  const amount = (incident: Incident): number => incident.root.loss.amount ?? 0;
  const all = amount(whole);
  const sum = parts.reduce((total, part) => total + amount(part), 0);
  if (!(all > 0) || sum < EXPLAINED * all) return null;
  const [chief] = [...parts].sort((a, b) => amount(b) - amount(a));
  if (chief === undefined) return null;
  if (amount(chief) >= CHIEF * sum) return chief;
  return parts.find(({ severity }) => reaches(severity, whole.severity)) ?? null;
}

function isDeepPart(part: Incident, whole: Incident): boolean {
  const [inner, outer] = [part.root, whole.root];
  if (isAttack(inner) || isAttack(outer) || inner.loss.unit !== outer.loss.unit) return false;
  if (!isDeeper(inner, outer) || !isNear(inner, outer, 0) || hasConflict(inner, outer)) return false;
  const relation = regionRelation(outer.place, inner.place);
  return relation === "contains" || relation === "same";
}
