import type { Incident } from "../group/incident.js";
import type { Subject } from "../judge/subject.js";
import type { CompiledPolicy } from "../policy/compilePolicy.js";
import type { AlertFacts } from "./alertOf.js";
import { durationText } from "./durationText.js";

/**
 * An alert that is over, but came and went again and again of late: once told it stays open until it has been quiet for a
 * while, so that nobody is told of every turn.
 */
export function heldOpen(
  facts: AlertFacts,
  { told, subjects }: Pick<Incident, "told" | "subjects">,
  { flapping }: Pick<CompiledPolicy, "flapping">,
  nowMs: number,
): AlertFacts {
  if (flapping === null || facts.endMs === null || told?.alert?.status !== "firing") return facts;
  if (nowMs >= facts.endMs + flapping.staysMs) return facts;
  const turns = turnsSince(subjects, nowMs - flapping.withinMs);
  if (turns < flapping.changes) return facts;
  const why = `flapping: came and went ${turns} times; stays open until quiet for ${durationText(flapping.staysMs)}`;
  return { ...facts, status: "firing", endMs: null, resolution: null, why: [...facts.why, why] };
}

/** How many times anything of it began when nothing of it was there, since a moment. */
function turnsSince(subjects: readonly Subject[], sinceMs: number): number {
  let turns = 0;
  let untilMs = Number.NEGATIVE_INFINITY;
  for (const { finding, endMs } of [...subjects].sort((a, b) => a.finding.startMs - b.finding.startMs)) {
    if (finding.startMs > untilMs && finding.startMs > sinceMs) turns++;
    untilMs = Math.max(untilMs, endMs ?? Number.POSITIVE_INFINITY);
  }
  return turns;
}
