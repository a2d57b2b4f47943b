import type { Alert } from "../alert.js";
import { triageError } from "../errors.js";

/** What a sender has to remember across restarts: plain JSON, without addresses and secrets of receivers. */
export interface SenderState {
  readonly schema: "geopivot.sender/1";
  readonly entries: readonly SenderEntry[];
}

/** What one receiver knows, or does not know yet, of one alert. */
export interface SenderEntry {
  readonly receiver: string;
  readonly alert: Alert;
  /** Whether `alert` has still to be told. */
  readonly pending: boolean;
  /** What the receiver was told last, as far as is known; null for nothing. */
  readonly told: Alert["status"] | null;
  /** When the receiver was told that it is over, epoch milliseconds; null while it is not. */
  readonly resolvedAtMs: number | null;
}

/** Checks a state that was stored. Throws `bad-sender-state`. */
export function checkSenderState(state: SenderState): readonly SenderEntry[] {
  const fail = (path: string, problem: string): never => {
    throw triageError("bad-sender-state", { path, problem });
  };
  if (state?.schema !== "geopivot.sender/1") fail("schema", "should be geopivot.sender/1");
  if (!Array.isArray(state.entries)) fail("entries", "should be a list");
  state.entries.forEach((entry: Partial<SenderEntry> | null, i) => {
    const { receiver, alert, pending, told, resolvedAtMs } = entry ?? {};
    if (typeof receiver !== "string") fail(`entries[${i}].receiver`, "should be a text");
    if (typeof pending !== "boolean") fail(`entries[${i}].pending`, "should be true or false");
    if (![null, "firing", "resolved"].includes(told as null)) fail(`entries[${i}].told`, "should be a status or null");
    if (resolvedAtMs !== null && !Number.isFinite(resolvedAtMs)) fail(`entries[${i}].resolvedAtMs`, "should be a time");
    if (typeof alert?.key !== "string" || !Number.isFinite(alert.startMs) || !Array.isArray(alert.history))
      fail(`entries[${i}].alert`, "should be an alert");
  });
  return state.entries;
}
