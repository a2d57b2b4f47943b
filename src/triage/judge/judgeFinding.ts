import type { Finding } from "../../detect/finding.js";
import type { CompiledPolicy } from "../policy/compilePolicy.js";
import { causeValues } from "./causeValues.js";
import { applySeverities } from "./compileSeverity.js";
import { lossOf } from "./impact.js";
import { regionFacts } from "./regionFacts.js";
import type { Subject } from "./subject.js";

/** What others say of a finding. */
export interface SecondOpinion {
  readonly seen: boolean;
  /** "also seen by IODA", "only us". */
  readonly text: string;
}

/** What the policy makes of a finding by itself: whom it hits and how grave it is. */
export function judgeFinding(
  finding: Finding,
  policy: CompiledPolicy,
  nowMs: number,
  opinion: SecondOpinion | null,
): Subject {
  const loss = lossOf(finding);
  const plain: Subject = {
    finding,
    severity: finding.severity,
    loss,
    place: regionFacts(finding),
    values: causeValues(finding),
    tiers: [],
    secondOpinion: opinion?.text ?? null,
    seenByOthers: opinion?.seen ?? null,
    endMs: finding.endMs,
    why: [`severity ${finding.severity}: ${finding.title}`],
  };
  const tiers = policy.tiers.filter(({ matches }) => matches(plain, false)).map(({ name }) => name);
  return applySeverities({ ...plain, tiers }, policy.severities, nowMs);
}
