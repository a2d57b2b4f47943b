import { SEVERITIES, type Severity } from "../../detect/finding.js";
import type { SeverityRule } from "../policy/policy.js";
import type { Matcher } from "./compileMatch.js";
import type { Subject } from "./subject.js";

/** A severity rule with its durations in milliseconds and its match as a predicate. */
export interface CompiledSeverityRule {
  readonly name: string;
  readonly rule: SeverityRule;
  readonly matches: Matcher;
  readonly lastsAtLeastMs: number;
  readonly lastsBelowMs: number;
}

/** The subject after the rules, one after the other; each that changed it stands in its `why`. */
export function applySeverities(subject: Subject, rules: readonly CompiledSeverityRule[], nowMs: number): Subject {
  let judged = subject;
  for (const rule of rules) {
    if (!meets(judged, rule, nowMs)) continue;
    const severity = changed(judged.severity, rule.rule);
    if (severity === judged.severity) continue;
    const why = `${rule.name}: ${judged.severity} becomes ${severity}`;
    judged = { ...judged, severity, why: [...judged.why, why] };
  }
  return judged;
}

/** A severity so many steps graver (or, below 0, milder). */
export function raised(severity: Severity, steps: number): Severity {
  const at = SEVERITIES.indexOf(severity) - steps;
  return SEVERITIES[Math.min(SEVERITIES.length - 1, Math.max(0, at))]!;
}

/** The graver of two. */
export function graver(a: Severity, b: Severity): Severity {
  return SEVERITIES.indexOf(a) <= SEVERITIES.indexOf(b) ? a : b;
}

/** Whether a severity is as grave as another, or graver. */
export const reaches = (severity: Severity, floor: Severity): boolean =>
  SEVERITIES.indexOf(severity) <= SEVERITIES.indexOf(floor);

function meets(subject: Subject, compiled: CompiledSeverityRule, nowMs: number): boolean {
  const { when } = compiled.rule;
  const { finding, loss, endMs } = subject;
  const lastedMs = (endMs ?? nowMs) - finding.startMs;
  return (
    compiled.matches(subject, false) &&
    atLeast(loss.amount, when.lossAtLeast) &&
    atLeast(loss.share, when.shareAtLeast) &&
    below(loss.share, when.shareBelow) &&
    lastedMs >= compiled.lastsAtLeastMs &&
    lastedMs < compiled.lastsBelowMs &&
    below(finding.confidence, when.confidenceBelow) &&
    atLeast(finding.clients, when.clientsAtLeast) &&
    below(finding.clients, when.clientsBelow)
  );
}

/** What is not known meets no condition. */
const atLeast = (value: number | null, least: number | undefined): boolean =>
  least === undefined || (value !== null && value >= least);
const below = (value: number | null, most: number | undefined): boolean =>
  most === undefined || (value !== null && value < most);

function changed(
  severity: Severity,
  { severity: set, raise = 0, lower = 0, atMost, atLeast: least }: SeverityRule,
): Severity {
  let result = raised(set ?? severity, raise - lower);
  if (atMost !== undefined && reaches(result, atMost)) result = atMost;
  if (least !== undefined) result = graver(result, least);
  return result;
}
