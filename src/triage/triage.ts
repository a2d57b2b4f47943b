import { checkArgument, checkOptions } from "../core/options/checkOptions.js";
import type { Shapes } from "../core/options/shape.js";
import { callback, epochMs, flag, having, list, nullable, recordOf } from "../core/options/shapes.js";
import { has } from "../core/options/shown.js";
import type { Finding } from "../detect/finding.js";
import type { Alert, DigestEntry, Suppressed } from "./alert.js";
import { type Placement, placeIncidents } from "./decide/placeIncidents.js";
import { sortFindings } from "./decide/sortFindings.js";
import { groupSubjects } from "./group/groupSubjects.js";
import { judgeFinding, type SecondOpinion } from "./judge/judgeFinding.js";
import { nextState } from "./nextState.js";
import { compilePolicy } from "./policy/compilePolicy.js";
import type { Policy } from "./policy/policy.js";
import { digestAlert } from "./tell/digestAlert.js";
import { digestOf } from "./tell/digestOf.js";
import { tellAlerts } from "./tell/tellAlerts.js";
import type { TriageState } from "./triageState.js";

export interface TriageOptions {
  /** Epoch milliseconds. Default: the latest time that a finding or the state tells. */
  readonly nowMs?: number;
  /** Verdicts by id of finding, beside the policy's and those that the state remembers. */
  readonly feedback?: Readonly<Record<string, boolean>>;
  /** Who else saw a finding; null where nobody else could. Default: nobody is asked. */
  readonly secondOpinion?: (finding: Finding) => SecondOpinion | null;
}

/** What each option takes. */
export const TRIAGE_OPTIONS: Shapes<TriageOptions> = {
  nowMs: epochMs,
  feedback: recordOf(flag, "an object of verdicts by id"),
  secondOpinion: callback,
};

const FINDINGS = {
  ...list(having("a finding of detect()", "id", "kind", "severity", "startMs"), "findings of detect()"),
  fix: (value: unknown) =>
    has(value, "findings") ? "a list of findings: take .findings of it (of a file, parseFindings(text))" : undefined,
};
const POLICY = {
  ...having("a policy: parsePolicy(text)"),
  fix: (value: unknown) => (typeof value === "string" ? "a policy: parsePolicy(text)" : undefined),
};
const STATE = nullable(having("the state of the last call, or null", "incidents"));

/** Every finding of medium severity or worse is in exactly one of the three lists. */
export interface Triage {
  /** Firing first, then gravest first, then by time. */
  readonly alerts: readonly Alert[];
  /** What the budget had no room for, most first. */
  readonly digest: readonly DigestEntry[];
  /**
   * The digest as one alert, for who sends alerts: under a key of its own, `resolved` once it has been quiet for an hour.
   * null where there is none. Not among {@link alerts}: every finding is in one list only.
   */
  readonly digestAlert: Alert | null;
  /** What nobody is told of, and why. */
  readonly suppressed: readonly Suppressed[];
  /** For the next call. */
  readonly state: TriageState;
}

/**
 * Turns findings into the few alerts that a person can act on, by a policy. Pure: the same arguments, the same answer.
 *
 * Called once with all findings of a log, it says what would have been told. Called again and again with the findings that
 * are known at the time and the state of the call before, it says what is new: `alert.change` is `opened`, `grown`,
 * `resolved` or `unchanged` under a key that stays. An alert that was told is told resolved, whatever becomes of its findings.
 *
 * @param findings - of those with one id the last counts
 * @param state - what the last call returned; plain JSON
 * @throws `bad-policy` where the policy names what there is not (`parsePolicy` finds this, and more, with the line)
 * @example
 * ```ts
 * const { alerts, digest, state } = triage(findings, parsePolicy(text), before, { nowMs: Date.now() });
 * for (const alert of alerts) if (alert.change !== "unchanged") await send(alert);
 * ```
 */
export function triage(
  findings: readonly Finding[],
  policy: Policy = {},
  state: TriageState | null = null,
  options: TriageOptions = {},
): Triage {
  checkArgument("triage", "the first argument", findings, FINDINGS);
  checkArgument("triage", "the policy", policy, POLICY);
  checkArgument("triage", "the state", state, STATE);
  checkOptions("triage", options, TRIAGE_OPTIONS);
  const compiled = compilePolicy(policy);
  const nowMs = options.nowMs ?? latestMs(findings, state);
  const { secondOpinion } = options;
  const unique = [...new Map(findings.map((finding) => [finding.id, finding])).values()];
  const subjects = unique.map((finding) =>
    judgeFinding(finding, compiled, nowMs, secondOpinion ? secondOpinion(finding) : null),
  );
  const verdicts = { ...compiled.feedback, ...options.feedback };
  const sorted = sortFindings(subjects, compiled, state, verdicts, nowMs);
  const incidents = groupSubjects(sorted.open, state?.incidents ?? [], compiled.grouping);
  const placement: Placement = placeIncidents(incidents, compiled, state, sorted.feedback, nowMs);
  const told = tellAlerts(placement, state, sorted, compiled, nowMs);
  const digest = digestAlert(placement.digest, state, compiled, nowMs);
  return {
    alerts: told.alerts,
    digest: digestOf(placement.digest, state),
    digestAlert: digest,
    suppressed: [...sorted.suppressed, ...placement.suppressed],
    state: { ...nextState(placement, told, state, sorted.feedback, nowMs), digest },
  };
}

function latestMs(findings: readonly Finding[], state: TriageState | null): number {
  return findings.reduce(
    (latest, { startMs, endMs, detectedAtMs }) => Math.max(latest, startMs, endMs ?? startMs, detectedAtMs),
    state?.atMs ?? 0,
  );
}
