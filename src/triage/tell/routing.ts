import type { Severity } from "../../detect/finding.js";
import type { Incident } from "../group/incident.js";
import { graver, raised } from "../judge/compileSeverity.js";
import type { CompiledPolicy } from "../policy/compilePolicy.js";
import { durationText } from "./durationText.js";

/** How grave an incident is, who hears of it and what they should do, with the rules that said so. */
export interface Routing {
  readonly severity: Severity;
  readonly receivers: readonly string[];
  readonly runbook: string | null;
  readonly steps: readonly string[];
  readonly why: readonly string[];
}

/** Escalations, then routes by the severity that they left, then runbooks. */
export function routeIncident(incident: Incident, policy: CompiledPolicy, nowMs: number): Routing {
  const why: string[] = [];
  const lastedMs = (incident.endMs ?? nowMs) - incident.startMs;
  // What was told as grave is not told as milder while it lasts.
  let severity = graver(incident.severity, incident.told?.alert?.severity ?? incident.severity);
  const called: string[] = [];
  for (const { name, escalation, matches, afterMs } of policy.escalations) {
    if (lastedMs < afterMs || !matches({ ...incident.root, severity: incident.severity }, false)) continue;
    const next = graver(severity, raised(incident.severity, escalation.raise ?? 0));
    why.push(
      `escalation: ${name}: lasts ${durationText(lastedMs)}${next === severity ? "" : `, ${severity} becomes ${next}`}`,
    );
    severity = next;
    called.push(...(escalation.receivers ?? []));
  }
  const routed = receiversOf({ ...incident, severity }, policy, why);
  return { severity, receivers: [...new Set([...routed, ...called])], ...runbookOf(incident, policy, why), why };
}

function receiversOf(incident: Incident, { routes, defaultReceivers }: CompiledPolicy, why: string[]): string[] {
  const receivers: string[] = [];
  for (const { route, name, matches } of routes) {
    if (!incident.subjects.some((subject) => matches({ ...subject, severity: incident.severity }, false))) continue;
    why.push(`route: ${name} → ${route.receivers.join(", ") || "nobody"}`);
    receivers.push(...route.receivers);
    if (!route.continue) return receivers;
  }
  if (receivers.length > 0) return receivers;
  why.push(`route: default → ${defaultReceivers.join(", ") || "nobody"}`);
  return [...defaultReceivers];
}

function runbookOf(
  { root, severity }: Incident,
  { runbooks }: CompiledPolicy,
  why: string[],
): Pick<Routing, "runbook" | "steps"> {
  const steps: string[] = [];
  for (const [i, { runbook, matches }] of runbooks.entries()) {
    if (!matches({ ...root, severity }, false)) continue;
    steps.push(...(runbook.steps ?? []));
    why.push(`runbook: runbooks[${i}]`);
    if (runbook.url !== undefined) return { runbook: runbook.url, steps };
  }
  return { runbook: null, steps };
}
