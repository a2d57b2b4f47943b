import { errorKind } from "../core/errors.js";

/** Everything that triage/ throws on purpose. */
export const triageError = errorKind<{
  /** `line` is 0 where the policy was no text. */
  "bad-policy": { path: string; line: number; problem: string };
  "bad-triage-state": { path: string; problem: string };
  "bad-feedback": { path: string; found: string };
  /** Holds no address and no secret. */
  "bad-receiver": { receiver: string; problem: string };
  "bad-sender-state": { path: string; problem: string };
  "bad-events": { path: string; expected: string; found: string };
}>({
  "bad-policy": (d) => `${d.line > 0 ? `line ${d.line}: ` : ""}${d.path || "the policy"} ${d.problem}`,
  "bad-feedback": (d) => `not verdicts by id of finding: ${d.path} should be true or false, found ${d.found}`,
  "bad-triage-state": (d) => `not a state of triage: ${d.path} ${d.problem}`,
  "bad-receiver": (d) => `receiver ${JSON.stringify(d.receiver)} ${d.problem}`,
  "bad-events": (d) =>
    `not outage events of IODA or Cloudflare Radar: ${d.path} should be ${d.expected}, found ${d.found}`,
  "bad-sender-state": (d) => `not a state of a sender: ${d.path} ${d.problem}`,
});
