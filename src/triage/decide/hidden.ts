import { isoTime } from "../../core/time.js";
import type { SuppressedBy } from "../alert.js";
import type { Subject } from "../judge/subject.js";
import type { CompiledPolicy, CompiledSilence } from "../policy/compilePolicy.js";
import type { CompiledWindow } from "./compileWindow.js";

/** Why a finding is hidden, or what nearly hid it. */
export interface Hiding {
  readonly by: SuppressedBy | null;
  readonly why: string;
}

/** The window or silence that hides a finding; with `by` null one that it outlasts; null where there is none. */
export function hiddenBy(
  subject: Subject,
  { windows, silences }: Pick<CompiledPolicy, "windows" | "silences">,
  nowMs: number,
): Hiding | null {
  let outlasted: Hiding | null = null;
  for (const hiding of [
    ...windows.map((w) => byWindow(subject, w, nowMs)),
    ...silences.map((s) => bySilence(subject, s, nowMs)),
  ]) {
    if (hiding?.by) return hiding;
    outlasted ??= hiding;
  }
  return outlasted;
}

/** What begins in a window is hidden until it outlasts it. */
function byWindow(subject: Subject, window: CompiledWindow, nowMs: number): Hiding | null {
  if (!window.matches(subject, true)) return null;
  const { startMs, region } = subject.finding;
  const opening = window
    .openings(startMs, region)
    .find(({ fromMs, untilMs }) => startMs >= fromMs - window.slackMs && startMs < untilMs + window.slackMs);
  if (opening === undefined) return null;
  const what = `maintenance ${JSON.stringify(window.name)} ${isoTime(opening.fromMs)} to ${isoTime(opening.untilMs)}`;
  return (subject.endMs ?? nowMs) <= opening.untilMs + window.slackMs
    ? { by: "window", why: `window: ${what}` }
    : { by: null, why: `window: outlasts ${what}` };
}

/** What is first told under a silence is hidden until it outlasts it. */
function bySilence(
  subject: Subject,
  { silence, matches, fromMs, untilMs }: CompiledSilence,
  nowMs: number,
): Hiding | null {
  const { detectedAtMs } = subject.finding;
  if (detectedAtMs < fromMs || detectedAtMs >= untilMs || !matches(subject, true)) return null;
  const what = `${silence.author} until ${silence.until}: ${silence.reason}`;
  return (subject.endMs ?? nowMs) < untilMs
    ? { by: "silence", why: `silence: ${what}` }
    : { by: null, why: `silence: outlasts ${what}` };
}
