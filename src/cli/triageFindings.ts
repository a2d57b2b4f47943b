import type { Finding } from "../detect/finding.js";
import type { Policy } from "../triage/policy/policy.js";
import { type Triage, type TriageOptions, triage } from "../triage/triage.js";
import type { TriageState } from "../triage/triageState.js";

/** Triage at the end of what was read: what lasts then, lasts until then. */
export function triageFindings(
  findings: readonly Finding[],
  toMs: number | null,
  policy: Policy,
  state: TriageState | null = null,
  options: TriageOptions = {},
): Triage {
  const told = findings.flatMap(({ startMs, endMs, detectedAtMs }) => [startMs, endMs ?? startMs, detectedAtMs]);
  const nowMs = Math.max(toMs !== null && Number.isFinite(toMs) ? toMs : 0, state?.atMs ?? 0, ...told);
  return triage(findings, policy, state, { nowMs, ...options });
}
