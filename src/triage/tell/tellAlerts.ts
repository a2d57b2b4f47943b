import { SEVERITIES } from "../../detect/finding.js";
import type { Alert, AlertEvent } from "../alert.js";
import type { Placement, Routed } from "../decide/placeIncidents.js";
import type { SortedFindings } from "../decide/sortFindings.js";
import { nthKey } from "../group/dedupKey.js";
import type { CompiledPolicy } from "../policy/compilePolicy.js";
import type { IncidentState, TriageState } from "../triageState.js";
import { type AlertFacts, alertFacts, resolutionText } from "./alertOf.js";
import { changeOf, eventOf } from "./changeOf.js";
import { heldOpen } from "./heldOpen.js";

export interface ToldAlerts {
  readonly alerts: readonly Alert[];
  /** Each incident's alert, in the order of the placement. */
  readonly byIncident: ReadonlyMap<Routed, Alert>;
}

/** The alerts of a call: of what is there, of what turned out to be part of another, and of what is no more. */
export function tellAlerts(
  placement: Placement,
  state: TriageState | null,
  sorted: SortedFindings,
  policy: CompiledPolicy,
  nowMs: number,
): ToldAlerts {
  const keys = assignKeys(placement.alerts);
  const facts = placement.alerts.map((routed, i) =>
    heldOpen(alertFacts(routed.incident, routed.routing, keys[i]!), routed.incident, policy, nowMs),
  );
  const gravestFirst = [...facts].sort(compareAlerts);
  const alerts = facts.map((one, i): Alert => {
    const { incident } = placement.alerts[i]!;
    const told = incident.told?.alert ?? null;
    let change = changeOf(one, told, nowMs);
    if (change === "grown" && isSilenced(placement.alerts[i]!, policy, nowMs)) change = "unchanged";
    const history = [...(told?.history ?? []), ...eventsOf(one, change, state !== null, nowMs, told)];
    return { ...one, alongside: alongside(one, gravestFirst), change, history };
  });
  const merged = placement.alerts.flatMap(({ incident }, i) =>
    incident.absorbed.flatMap((other) => endOf(other, nowMs, `now part of: ${facts[i]!.title}`)),
  );
  const gone = goneOf(placement, state).flatMap((incident) => endOf(incident, nowMs, goneText(incident, sorted)));
  return {
    alerts: [...alerts, ...merged, ...gone].sort(compareAlerts),
    byIncident: new Map(placement.alerts.map((routed, i) => [routed, alerts[i]!])),
  };
}

/** Incidents that were told firing and of which nothing is left. */
export function goneOf({ alerts, digest, held }: Placement, state: TriageState | null): IncidentState[] {
  const there = new Set(
    [...alerts.map(({ incident }) => incident), ...digest, ...held].flatMap(({ told, absorbed }) =>
      told ? [told, ...absorbed] : absorbed,
    ),
  );
  return (state?.incidents ?? []).filter((incident) => !there.has(incident));
}

/** The last alert of an incident that ends without its findings. None where its end was told, or nothing was. */
export function endOf({ alert, status }: IncidentState, nowMs: number, text: string): Alert[] {
  if (alert === null || status === "resolved") return [];
  const endMs = Math.max(nowMs, alert.startMs);
  const facts = { ...alert, status: "resolved", endMs, findings: [] } as const;
  const resolution = `${resolutionText(endMs - alert.startMs, alert.loss)}; ${text}`;
  const history = [...alert.history, eventOf(facts, "resolved", nowMs)];
  return [{ ...facts, resolution, change: "resolved", history, why: [...alert.why, `ended: ${text}`] }];
}

/** Those told before keep theirs; of new ones with the same key, those after the first get a letter. */
function assignKeys(routed: readonly Routed[]): string[] {
  const taken = new Set(routed.flatMap(({ incident }) => incident.told?.key ?? []));
  const keys = new Map<Routed, string>();
  const byTime = [...routed].sort((a, b) => a.incident.detectedAtMs - b.incident.detectedAtMs);
  for (const one of byTime) {
    const { told, base } = one.incident;
    let key = told?.key;
    for (let n = 0; key === undefined; n++) if (!taken.has(nthKey(base, n))) key = nthKey(base, n);
    taken.add(key);
    keys.set(one, key);
  }
  return routed.map((one) => keys.get(one)!);
}

/** In one call over a whole log the history is when it could be told; live it is when it was. */
function eventsOf(
  facts: AlertFacts,
  change: Alert["change"],
  live: boolean,
  nowMs: number,
  told: Alert | null,
): AlertEvent[] {
  if (change === "unchanged") return [];
  const at = (timeMs: number): number => (live ? nowMs : Math.min(nowMs, timeMs));
  if (change !== "resolved") return [eventOf(facts, change, at(facts.detectedAtMs))];
  const opened = told === null ? [eventOf(facts, "opened", at(facts.detectedAtMs))] : [];
  return [...opened, eventOf(facts, "resolved", at(Math.max(facts.endMs!, facts.detectedAtMs)))];
}

function isSilenced({ incident }: Routed, { silences }: CompiledPolicy, nowMs: number): boolean {
  return silences.some(
    ({ matches, fromMs, untilMs }) => nowMs >= fromMs && nowMs < untilMs && matches(incident.root, true),
  );
}

const MOST_ALONGSIDE = 5;

/** Titles of what else was going on, in the order given. */
function alongside(facts: AlertFacts, all: readonly AlertFacts[]): string[] {
  const end = (one: AlertFacts): number => one.endMs ?? Number.POSITIVE_INFINITY;
  const titles: string[] = [];
  for (const other of all) {
    if (titles.length === MOST_ALONGSIDE) break;
    if (other !== facts && other.startMs < end(facts) && facts.startMs < end(other)) titles.push(other.title);
  }
  return titles;
}

function compareAlerts(a: AlertFacts, b: AlertFacts): number {
  const rank = (one: AlertFacts): number => (one.status === "firing" ? 0 : 10) + SEVERITIES.indexOf(one.severity);
  return rank(a) - rank(b) || a.startMs - b.startMs || (a.key < b.key ? -1 : 1);
}

function goneText({ findings }: IncidentState, { feedback }: SortedFindings): string {
  const refused = findings.some((id) => Object.hasOwn(feedback, id) && !feedback[id]!.verdict);
  return refused ? "taken back: told to be false" : "no longer found";
}
