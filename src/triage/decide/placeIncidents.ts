import type { Suppressed } from "../alert.js";
import { type Incident, joinIncidents } from "../group/incident.js";
import { reaches } from "../judge/compileSeverity.js";
import type { CompiledPolicy } from "../policy/compilePolicy.js";
import type { Routing } from "../tell/routing.js";
import { routeIncident } from "../tell/routing.js";
import type { FeedbackState, IncidentState, TriageState } from "../triageState.js";
import { flappingReason, startsByKey } from "./flapping.js";
import { inhibited } from "./inhibitor.js";
import { spendBudget } from "./spendBudget.js";

/** An incident with who hears of it. */
export interface Routed {
  readonly incident: Incident;
  readonly routing: Routing;
}

/** Where each incident ends up. */
export interface Placement {
  readonly alerts: readonly Routed[];
  readonly digest: readonly Incident[];
  /** Hidden by inhibition, flapping, or a budget without digest. */
  readonly held: readonly Incident[];
  readonly suppressed: readonly Suppressed[];
}

/** Inhibition, then escalation and routes, then flapping, then the budget. */
export function placeIncidents(
  incidents: readonly Incident[],
  policy: CompiledPolicy,
  state: TriageState | null,
  feedback: Readonly<Record<string, FeedbackState>>,
  nowMs: number,
): Placement {
  const known = state?.incidents ?? [];
  const { shown, held, suppressed } = inhibit(incidents, policy, nowMs);
  const routed = shown.map((incident) => {
    const routing = routeIncident(incident, policy, nowMs);
    return { incident: { ...incident, severity: routing.severity }, routing };
  });
  const alerts = routed.filter(({ incident }) => incident.told?.place === "alert");
  const starts = startsByKey(shown, known);
  const candidates: Incident[] = [];
  for (const { incident } of routed) {
    if (incident.told?.place === "alert") continue;
    const reason = isConfirmed(incident, feedback) ? null : flappingReason(incident, starts, policy.flapping, nowMs);
    if (reason === null) candidates.push(incident);
    else {
      held.push(incident);
      suppressed.push({ findings: idsOf(incident), by: "flapping", why: reason });
    }
  }
  const { allowed, over } = budgeted(candidates, policy, known, feedback);
  const digest = policy.budget.digest ? over : [];
  for (const incident of policy.budget.digest ? [] : over) {
    held.push(incident);
    suppressed.push({
      findings: idsOf(incident),
      by: "budget",
      why: `budget: ${policy.budget.perHour} alerts an hour`,
    });
  }
  const chosen = new Set(allowed);
  return { alerts: [...alerts, ...routed.filter(({ incident }) => chosen.has(incident))], digest, held, suppressed };
}

/** What is hidden by another; one that was told already becomes part of the other, whose news goes on. */
function inhibit(
  incidents: readonly Incident[],
  policy: CompiledPolicy,
  nowMs: number,
): { shown: Incident[]; held: Incident[]; suppressed: Suppressed[] } {
  const hidden = inhibited(incidents, policy, nowMs);
  const parents = new Map<Incident, Incident[]>();
  const held: Incident[] = [];
  const suppressed: Suppressed[] = [];
  for (const { incident, by, why } of hidden) {
    if (incident.told?.place === "alert" && incident.told.status === "firing")
      parents.set(by, [...(parents.get(by) ?? []), incident]);
    else if (incident.told?.place === "alert") continue;
    else {
      held.push(incident);
      suppressed.push({ findings: idsOf(incident), by: "inhibition", why });
    }
  }
  const away = new Set([...held, ...[...parents.values()].flat()]);
  const shown = incidents
    .filter((incident) => !away.has(incident))
    .map((incident) => {
      const children = parents.get(incident);
      if (children === undefined) return incident;
      const joined = joinIncidents(
        [incident, ...children],
        "inhibition: what was told apart lies in it",
        incident.storm,
      );
      return { ...joined, root: incident.root };
    });
  return { shown, held, suppressed };
}

/** What was in the digest stays there unless it is exempt by now, or is known to be true. */
function budgeted(
  candidates: readonly Incident[],
  { budget }: CompiledPolicy,
  known: readonly IncidentState[],
  feedback: Readonly<Record<string, FeedbackState>>,
): { allowed: readonly Incident[]; over: readonly Incident[] } {
  const stays = (incident: Incident): boolean =>
    incident.told?.place === "digest" && !reaches(incident.severity, budget.exempt) && !isConfirmed(incident, feedback);
  const sure = candidates.filter((incident) => isConfirmed(incident, feedback));
  const opened = known.filter(({ place }) => place === "alert").map(({ openedAtMs }) => openedAtMs);
  const free = candidates.filter((incident) => !stays(incident) && !sure.includes(incident));
  const { allowed, over } = spendBudget(free, [...opened, ...sure.map((one) => one.detectedAtMs)], budget);
  return { allowed: [...sure, ...allowed], over: [...candidates.filter(stays), ...over] };
}

const isConfirmed = ({ subjects }: Incident, feedback: Readonly<Record<string, FeedbackState>>): boolean =>
  subjects.some(({ finding }) => Object.hasOwn(feedback, finding.id) && feedback[finding.id]!.verdict);

const idsOf = ({ subjects }: Incident): string[] => subjects.map(({ finding }) => finding.id);
