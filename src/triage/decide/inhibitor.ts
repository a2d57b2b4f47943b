import { SEVERITIES } from "../../detect/finding.js";
import type { Incident } from "../group/incident.js";
import { hasConflict, isAttack, isDeeper, isPartOf } from "../group/linkReason.js";
import { regionRelation } from "../group/regionRelation.js";
import { reaches } from "../judge/compileSeverity.js";
import type { Subject } from "../judge/subject.js";
import type { CompiledInhibition, CompiledPolicy } from "../policy/compilePolicy.js";

/** An incident hidden by another, and the rule that says so. */
export interface Inhibited {
  readonly incident: Incident;
  readonly by: Incident;
  readonly why: string;
}

/** A rule with the incidents that it lets hide others, each with its subjects that do. */
interface ActiveRule {
  readonly rule: CompiledInhibition;
  readonly hiders: { readonly by: Incident; readonly muters: readonly Subject[] }[];
}

/** Tells which incidents hide which: nothing is hidden by what is milder, or by what is hidden itself. */
export function inhibited(
  incidents: readonly Incident[],
  { inhibitions, grouping }: Pick<CompiledPolicy, "inhibitions" | "grouping">,
  nowMs: number,
): Inhibited[] {
  const rank = (incident: Incident): number => SEVERITIES.indexOf(incident.severity);
  const ordered = [...incidents].sort(
    (a, b) =>
      rank(a) - rank(b) ||
      b.root.place.cells.size - a.root.place.cells.size ||
      a.startMs - b.startMs ||
      (a.base < b.base ? -1 : 1),
  );
  const rules = inhibitions.map((rule): ActiveRule => ({ rule, hiders: [] }));
  const hidden: Inhibited[] = [];
  for (const incident of ordered) {
    const found = firstHider(incident, rules, grouping.withinMs, nowMs);
    if (found !== null) hidden.push(found);
    else
      for (const { rule, hiders } of rules) {
        const muters = mutersOf(incident, rule);
        if (muters.length > 0) hiders.push({ by: incident, muters });
      }
  }
  return hidden;
}

/** What only echoes an incident's root speaks for the root alone. */
function mutersOf({ root, subjects }: Incident, { by, siteWide }: CompiledInhibition): Subject[] {
  return subjects.filter(
    (subject) => by(subject, false) && (!siteWide || subject.place.siteWide) && !isDeeper(root, subject),
  );
}

function firstHider(
  incident: Incident,
  rules: readonly ActiveRule[],
  withinMs: number,
  nowMs: number,
): Inhibited | null {
  for (const { rule, hiders } of rules) {
    if (hiders.length === 0 || !incident.subjects.every((subject) => rule.mute(subject, true))) continue;
    for (const { by, muters } of hiders) {
      if (!reaches(by.severity, incident.severity) || !coversInTime(by, incident, rule, withinMs, nowMs)) continue;
      if (!muters.some((muter) => incident.subjects.every((subject) => hides(rule, muter, subject)))) continue;
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

function hides({ where }: CompiledInhibition, muter: Subject, subject: Subject): boolean {
  if (where === "anywhere") return !hasConflict(muter, subject);
  const relation = regionRelation(muter.place, subject.place);
  if (relation === "apart" || hasConflict(muter, subject)) return false;
  if (where === "overlapping") return true;
  const inside = relation === "contains" || relation === "same";
  return inside && (isAttack(muter) !== isAttack(subject) || isPartOf(subject, muter));
}
