import { SEVERITIES } from "../../detect/finding.js";
import type { Incident } from "../group/incident.js";
import { hasConflict, isAttack, isDeeper, isPartOf } from "../group/linkReason.js";
import { isSiteWide, regionRelation } from "../group/regionRelation.js";
import { reaches } from "../judge/compileSeverity.js";
import type { CompiledInhibition, CompiledPolicy } from "../policy/compilePolicy.js";

/** An incident hidden by another, and the rule that says so. */
export interface Inhibited {
  readonly incident: Incident;
  readonly by: Incident;
  readonly why: string;
}

/** Tells which incidents hide which: nothing is hidden by what is milder, or by what is hidden itself. */
export function inhibited(
  incidents: readonly Incident[],
  policy: Pick<CompiledPolicy, "inhibitions" | "grouping">,
  nowMs: number,
): Inhibited[] {
  const rank = (incident: Incident): number => SEVERITIES.indexOf(incident.severity);
  const ordered = [...incidents].sort(
    (a, b) =>
      rank(a) - rank(b) ||
      b.root.finding.region.cells.length - a.root.finding.region.cells.length ||
      a.startMs - b.startMs ||
      (a.base < b.base ? -1 : 1),
  );
  const hidden: Inhibited[] = [];
  const shown: Incident[] = [];
  for (const incident of ordered) {
    const found = firstRule(incident, shown, policy, nowMs);
    if (found === null) shown.push(incident);
    else hidden.push(found);
  }
  return hidden;
}

function firstRule(
  incident: Incident,
  shown: readonly Incident[],
  { inhibitions, grouping }: Pick<CompiledPolicy, "inhibitions" | "grouping">,
  nowMs: number,
): Inhibited | null {
  for (const rule of inhibitions) {
    if (!incident.subjects.every((subject) => rule.mute(subject, true))) continue;
    for (const by of shown) {
      if (!reaches(by.severity, incident.severity) || !coversInTime(by, incident, rule, grouping.withinMs, nowMs))
        continue;
      if (!rules(rule, by, incident)) continue;
      return { incident, by, why: `inhibition: ${rule.name}: ${by.root.finding.title}` };
    }
  }
  return null;
}

/** The muted begins while the other lasts (or just before that is noticed), and does not outlast it by more than the rule says. */
function coversInTime(
  by: Incident,
  muted: Incident,
  { lingerMs }: CompiledInhibition,
  withinMs: number,
  nowMs: number,
): boolean {
  const untilMs = by.endMs ?? Number.POSITIVE_INFINITY;
  return (
    muted.startMs >= by.startMs - withinMs && muted.startMs < untilMs && (muted.endMs ?? nowMs) <= untilMs + lingerMs
  );
}

function rules(rule: CompiledInhibition, by: Incident, muted: Incident): boolean {
  // What only echoes the incident's root speaks for the root alone.
  const muters = by.subjects.filter(
    (subject) =>
      rule.by(subject, false) && (!rule.siteWide || isSiteWide(subject.finding)) && !isDeeper(by.root, subject),
  );
  return muters.some((muter) =>
    muted.subjects.every((subject) => {
      if (hasConflict(muter, subject)) return false;
      if (rule.where === "anywhere") return true;
      const relation = regionRelation(muter.finding, subject.finding);
      if (rule.where === "overlapping") return relation !== "apart";
      const inside = relation === "contains" || relation === "same";
      return inside && (isAttack(muter) !== isAttack(subject) || isPartOf(subject, muter));
    }),
  );
}
