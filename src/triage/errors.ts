import { errorKind } from "../core/errors.js";

/** Everything that triage/ throws on purpose. */
export const triageError = errorKind<{
  /** `line` is 0 where the policy was no text. */
  "bad-policy": { path: string; line: number; problem: string };
  "bad-triage-state": { path: string; problem: string };
  "bad-feedback": { path: string; found: string };
}>({
  "bad-policy": (d) => `${d.line > 0 ? `line ${d.line}: ` : ""}${d.path || "the policy"} ${d.problem}`,
  "bad-feedback": (d) => `not verdicts by id of finding: ${d.path} should be true or false, found ${d.found}`,
  "bad-triage-state": (d) => `not a state of triage: ${d.path} ${d.problem}`,
});
