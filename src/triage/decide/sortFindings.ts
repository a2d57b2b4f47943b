import type { Suppressed } from "../alert.js";
import { reaches } from "../judge/compileSeverity.js";
import type { Subject } from "../judge/subject.js";
import type { CompiledPolicy } from "../policy/compilePolicy.js";
import type { FeedbackState, TriageState } from "../triageState.js";
import { hiddenBy } from "./hidden.js";

export interface SortedFindings {
  /** What may become alerts. */
  readonly open: readonly Subject[];
  readonly suppressed: readonly Suppressed[];
  /** All verdicts, those of before among them. */
  readonly feedback: Readonly<Record<string, FeedbackState>>;
}

/**
 * Takes out, finding by finding, what feedback, severity, windows and silences hide. What was told as an alert is not hidden
 * again by severity, windows or silences: whoever heard of it must hear of its end.
 */
export function sortFindings(
  subjects: readonly Subject[],
  policy: CompiledPolicy,
  state: TriageState | null,
  verdicts: Readonly<Record<string, boolean>>,
  nowMs: number,
): SortedFindings {
  const told = new Set(
    (state?.incidents ?? []).filter(({ place }) => place !== "held").flatMap(({ findings }) => findings),
  );
  const feedback = joinFeedback(state?.feedback ?? {}, verdicts, subjects);
  const open: Subject[] = [];
  const suppressed: Suppressed[] = [];
  for (const subject of subjects) {
    const { id, severity } = subject.finding;
    const hide = (by: Suppressed["by"], why: string): void => {
      suppressed.push({ findings: [id], by, why });
    };
    if (feedbackOf(feedback, id)?.verdict === false) hide("feedback", falseText(subject, feedback));
    else if (told.has(id)) open.push(subject);
    else if (!reaches(subject.severity, policy.alertFrom)) {
      if (reaches(severity, "medium")) hide("severity", severityText(subject, policy));
    } else {
      const hiding = hiddenBy(subject, policy, nowMs);
      if (hiding?.by) hide(hiding.by, hiding.why);
      else open.push(hiding === null ? subject : { ...subject, why: [...subject.why, hiding.why] });
    }
  }
  return { open, suppressed: mergeAlike(suppressed), feedback };
}

const feedbackOf = (feedback: SortedFindings["feedback"], id: string): FeedbackState | undefined =>
  Object.hasOwn(feedback, id) ? feedback[id] : undefined;

function severityText({ severity, why }: Subject, { alertFrom }: CompiledPolicy): string {
  const rules = why.slice(1).join("; ");
  return `severity: ${severity} is milder than ${alertFrom}${rules === "" ? "" : ` (${rules})`}`;
}

function falseText({ finding }: Subject, feedback: SortedFindings["feedback"]): string {
  const about = `${finding.kind}/${finding.subtype}`;
  const alike = Object.values(feedback).filter((one) => one.about === about);
  const wrong = alike.filter(({ verdict }) => !verdict).length;
  return `feedback: told to be false (${wrong} of ${alike.length} verdicts on ${about})`;
}

function joinFeedback(
  before: TriageState["feedback"],
  verdicts: Readonly<Record<string, boolean>>,
  subjects: readonly Subject[],
): Record<string, FeedbackState> {
  const joined = new Map(Object.entries(before));
  for (const [id, verdict] of Object.entries(verdicts)) joined.set(id, { verdict, about: joined.get(id)?.about ?? "" });
  for (const { finding } of subjects) {
    const given = joined.get(finding.id);
    if (given) joined.set(finding.id, { ...given, about: `${finding.kind}/${finding.subtype}` });
  }
  return Object.fromEntries(joined);
}

/** One entry for what the same rule hides. */
function mergeAlike(suppressed: readonly Suppressed[]): Suppressed[] {
  const merged = new Map<string, Suppressed>();
  for (const one of suppressed) {
    const key = `${one.by} ${one.why}`;
    const held = merged.get(key);
    merged.set(key, held ? { ...held, findings: [...held.findings, ...one.findings] } : one);
  }
  return [...merged.values()];
}
