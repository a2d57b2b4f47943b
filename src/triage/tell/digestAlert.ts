import { HOUR_MS } from "../../core/time.js";
import { SEVERITIES } from "../../detect/finding.js";
import type { Alert, AlertEvent } from "../alert.js";
import type { Incident } from "../group/incident.js";
import { graver } from "../judge/compileSeverity.js";
import type { CompiledPolicy } from "../policy/compilePolicy.js";
import type { TriageState } from "../triageState.js";
import { resolutionText } from "./alertOf.js";
import { changeOf, eventOf } from "./changeOf.js";
import { digestOf } from "./digestOf.js";

/** One budget, one digest: whatever is in it goes on under this key. */
const KEY = "digest/over-the-budget";
/** It ends when it has been quiet for as long as the budget looks back, so that it does not come and go itself. */
const QUIET_MS = HOUR_MS;

/**
 * The digest as one alert: opened with the first incident in it, told again when twice as many are in it or one is graver,
 * resolved once none of them lasts.
 *
 * @returns null where nothing is in the digest, and nothing was that has still to be told over
 */
export function digestAlert(
  digest: readonly Incident[],
  state: TriageState | null,
  policy: CompiledPolicy,
  nowMs: number,
): Alert | null {
  const before = state?.digest ?? null;
  const wasFiring = before?.status === "firing";
  // What an earlier digest told of, and told over, is no part of this one.
  const sinceMs = before === null ? Number.NEGATIVE_INFINITY : wasFiring ? before.startMs : before.endMs!;
  const incidents = digest.filter(({ endMs }) => endMs === null || endMs > sinceMs);
  if (incidents.length === 0) {
    if (wasFiring) return resolved(before, nowMs, nowMs);
    return before !== null && digest.length > 0 ? { ...before, change: "unchanged" } : null;
  }
  const told = wasFiring ? before : null;
  const facts = factsOf(incidents, told, state, policy);
  const lastMs = Math.max(...incidents.map(({ endMs }) => endMs ?? Number.POSITIVE_INFINITY));
  const lasts = lastMs > nowMs || (state !== null && nowMs < lastMs + QUIET_MS);
  if (!lasts) return resolved({ ...facts, history: historyOf(facts, told, state, nowMs) }, lastMs, nowMs);
  const change = changeOf(facts, told, nowMs);
  const news: AlertEvent[] = change === "unchanged" ? [] : [eventOf(facts, change, toldAtMs(facts, state, nowMs))];
  return { ...facts, change, history: [...(told?.history ?? []), ...news] };
}

/** The alert while it fires, before it is known what is new of it. */
function factsOf(
  incidents: readonly Incident[],
  told: Alert | null,
  state: TriageState | null,
  { budget }: CompiledPolicy,
): Alert {
  const gravest = [...incidents].sort((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity))[0]!;
  const findings = incidents.map(({ root }) => root.finding);
  const count = incidents.length;
  const entries = digestOf(incidents, state);
  return {
    key: KEY,
    status: "firing",
    severity: graver(gravest.severity, told?.severity ?? gravest.severity),
    kind: gravest.root.finding.kind,
    subtype: "digest",
    title: `${count} more ${count === 1 ? "incident" : "incidents"}, over the budget of ${budget.perHour} alerts an hour`,
    region: regionOf(incidents),
    dimensions: {},
    startMs: Math.min(told?.startMs ?? Number.POSITIVE_INFINITY, ...incidents.map(({ startMs }) => startMs)),
    endMs: null,
    detectedAtMs: Math.min(
      told?.detectedAtMs ?? Number.POSITIVE_INFINITY,
      ...incidents.map(({ detectedAtMs }) => detectedAtMs),
    ),
    measure: "incidents",
    observed: count,
    expected: 0,
    confidence: Math.min(...findings.map(({ confidence }) => confidence)),
    cause: null,
    causes: [],
    clients: Math.max(...findings.map(({ clients }) => clients)),
    findings: entries.flatMap((entry) => entry.findings),
    receivers: budget.digestReceivers,
    runbook: null,
    steps: [],
    actions: [],
    alongside: [],
    secondOpinion: null,
    change: "unchanged",
    loss: { amount: count, unit: count === 1 ? "incident" : "incidents", share: null },
    resolution: null,
    tiers: [],
    history: [],
    why: [
      `budget: more than ${budget.perHour} alerts an hour`,
      `digest → ${budget.digestReceivers.join(", ") || "nobody"}`,
    ],
    digest: entries,
  };
}

function resolved(alert: Alert, endMs: number, nowMs: number): Alert {
  const over = {
    ...alert,
    status: "resolved",
    endMs: Math.max(endMs, alert.startMs),
    resolution: resolutionText(Math.max(0, endMs - alert.startMs), alert.loss),
    change: "resolved",
  } as const;
  return { ...over, history: [...alert.history, eventOf(over, "resolved", nowMs)] };
}

/** What was told, or would have been, before the end. */
function historyOf(facts: Alert, told: Alert | null, state: TriageState | null, nowMs: number): readonly AlertEvent[] {
  return told?.history ?? [eventOf(facts, "opened", toldAtMs(facts, state, nowMs))];
}

/** In one call over a whole log it is when it could be told; live it is when it was. */
const toldAtMs = ({ detectedAtMs }: Alert, state: TriageState | null, nowMs: number): number =>
  state === null ? Math.min(nowMs, detectedAtMs) : nowMs;

function regionOf(incidents: readonly Incident[]): Alert["region"] {
  const regions = incidents.map(({ root }) => root.finding.region);
  const names = [...new Set(regions.map(({ name }) => name))];
  return {
    name: names.length === 1 ? names[0]! : `${names.length} regions`,
    countries: [...new Set(regions.flatMap(({ countries }) => countries))].sort(),
    subdivisions: [],
    cities: [],
    cells: [],
    centroid: null,
  };
}
