import type { Alert } from "../alert.js";
import type { PostResult } from "./postRequest.js";
import type { ReceiverFormat } from "./receiver.js";

/** What to do after a request. */
export type Verdict =
  | { readonly outcome: "delivered" }
  /** It was not taken, or taking it twice does no harm. */
  | { readonly outcome: "retry"; readonly problem: string; readonly retryAfterMs: number | null }
  /** It will not be taken as it is. */
  | { readonly outcome: "refused"; readonly problem: string }
  /** It may have been taken, and would be told twice if it were sent again. */
  | { readonly outcome: "uncertain"; readonly problem: string };

/** Receivers that know news they had: by labels, by dedup key, by source and id. */
const IDEMPOTENT: ReadonlySet<ReceiverFormat> = new Set(["alertmanager", "pagerduty", "cloudevents"]);
/** Statuses that say that nothing was done: too early, too many, not available. */
const NOT_DONE: ReadonlySet<number> = new Set([425, 429, 503]);

/**
 * Whether to send again: always where nothing was taken; where that is not known, only to receivers that tell news apart,
 * and of ends, which may better be told twice than never.
 */
export function judgePost(result: PostResult, format: ReceiverFormat, status: Alert["status"]): Verdict {
  const again = (problem: string, retryAfterMs: number | null = null): Verdict => ({
    outcome: "retry",
    problem,
    retryAfterMs,
  });
  const perhaps = (problem: string): Verdict =>
    IDEMPOTENT.has(format) || status === "resolved" ? again(problem) : { outcome: "uncertain", problem };
  if (result.kind === "unsent") return again(result.problem);
  if (result.kind === "unknown") return perhaps(result.problem);
  if (result.kind === "elsewhere") return { outcome: "refused", problem: result.problem };
  const { status: code, retryAfterMs } = result;
  if (code >= 200 && code < 300) return { outcome: "delivered" };
  if (NOT_DONE.has(code)) return again(`HTTP ${code}`, retryAfterMs);
  if (code >= 500 || code === 408) return perhaps(`HTTP ${code}`);
  return { outcome: "refused", problem: `HTTP ${code}` };
}
