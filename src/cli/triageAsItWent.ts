import { parseDurationMs } from "../core/time.js";
import type { Finding } from "../detect/finding.js";
import type { Policy } from "../triage/policy/policy.js";
import { type Triage, type TriageOptions, triage } from "../triage/triage.js";
import { triageFindings } from "./triageFindings.js";

/** More moments than this are not played: histories then hold what the end tells of them. */
const MOST_MOMENTS = 500;

/**
 * Triage of what is over, played moment by moment: histories then say what was told to whom when, as far as the findings let
 * one know: as they are known at the end, from when they could be told on.
 */
export function triageAsItWent(
  findings: readonly Finding[],
  toMs: number | null,
  policy: Policy,
  options: TriageOptions = {},
): Triage {
  const end = triageFindings(findings, toMs, policy, null, options);
  const endMs = options.nowMs ?? end.state.atMs;
  const moments = momentsOf(findings, policy).filter((timeMs) => timeMs < endMs);
  if (moments.length > MOST_MOMENTS) return end;
  let state: Triage["state"] | null = null;
  for (const nowMs of moments) state = triage(knownAt(findings, nowMs), policy, state, { ...options, nowMs }).state;
  return triage(findings, policy, state, { ...options, nowMs: endMs });
}

/** When anything may change: a finding can be told or ends, or has lasted long enough for an escalation. */
function momentsOf(findings: readonly Finding[], { escalations = [] }: Policy): number[] {
  const afterMs = escalations.map(({ after }) => parseDurationMs(after));
  const times = findings.flatMap(({ startMs, endMs, detectedAtMs }) => [
    detectedAtMs,
    ...(endMs === null ? [] : [Math.max(endMs, detectedAtMs)]),
    ...afterMs.map((ms) => Math.max(startMs + ms, detectedAtMs)).filter((time) => time <= (endMs ?? time)),
  ]);
  return [...new Set(times)].sort((a, b) => a - b);
}

const knownAt = (findings: readonly Finding[], nowMs: number): Finding[] =>
  findings
    .filter(({ detectedAtMs }) => detectedAtMs <= nowMs)
    .map((finding) => (finding.endMs !== null && finding.endMs > nowMs ? { ...finding, endMs: null } : finding));
