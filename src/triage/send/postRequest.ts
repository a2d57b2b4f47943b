import type { AlertRequest } from "./alertRequest.js";
import type { SenderClock } from "./senderClock.js";

/** What became of one request: only in `unsent` and `answered` is it known what the receiver did. */
export type PostResult =
  | { readonly kind: "answered"; readonly status: number; readonly retryAfterMs: number | null }
  /** Nothing reached the receiver. */
  | { readonly kind: "unsent"; readonly problem: string }
  /** It may have been taken. */
  | { readonly kind: "unknown"; readonly problem: string }
  | { readonly kind: "elsewhere"; readonly problem: string };

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export interface PostContext {
  readonly fetch: Fetch;
  readonly clock: SenderClock;
  readonly timeoutMs: number;
  /** Ends it early. */
  readonly signal: AbortSignal;
}

const MOST_REDIRECTS = 3;
/** System errors before a connection stands. */
const NOT_CONNECTED =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|UND_ERR_CONNECT_TIMEOUT|CERT_.*|ERR_TLS_.*|DEPTH_ZERO_.*|SELF_SIGNED_.*|UNABLE_TO_.*)$/;

/** Posts once. Redirects are followed within the origin, as long as they keep the method, and nowhere else. Never throws. */
export async function postRequest(url: URL, request: AlertRequest, context: PostContext): Promise<PostResult> {
  const abort = new AbortController();
  let timedOut = false;
  const cancel = context.clock.after(context.timeoutMs, () => {
    timedOut = true;
    abort.abort();
  });
  const onAbort = (): void => abort.abort();
  context.signal.addEventListener("abort", onAbort, { once: true });
  if (context.signal.aborted) abort.abort();
  try {
    return await follow(url, request, context.fetch, abort.signal);
  } catch (error) {
    if (timedOut) return { kind: "unknown", problem: `no answer within ${context.timeoutMs} ms` };
    const code = errorCode(error);
    return { kind: NOT_CONNECTED.test(code) ? "unsent" : "unknown", problem: code };
  } finally {
    cancel();
    context.signal.removeEventListener("abort", onAbort);
  }
}

async function follow(url: URL, request: AlertRequest, fetch: Fetch, signal: AbortSignal): Promise<PostResult> {
  let target = url;
  for (let hops = 0; ; hops++) {
    const response = await fetch(target.href, { method: "POST", ...request, redirect: "manual", signal });
    // What it answers may repeat what it was sent: it is not read.
    await response.body?.cancel();
    const { status, headers } = response;
    if (status < 300 || status > 399) return { kind: "answered", status, retryAfterMs: retryAfterMs(headers) };
    const location = headers.get("location") ?? "";
    const next = URL.canParse(location, target.href) ? new URL(location, target.href) : null;
    if (next?.origin !== url.origin) return { kind: "elsewhere", problem: `HTTP ${status} to another host` };
    if ((status !== 307 && status !== 308) || hops >= MOST_REDIRECTS)
      return { kind: "elsewhere", problem: `HTTP ${status}: the address is another one` };
    target = next;
  }
}

/** Seconds of `Retry-After`, as milliseconds; dates are left to the sender's own delays. */
function retryAfterMs(headers: Headers): number | null {
  const text = headers.get("retry-after") ?? "";
  return /^\d{1,6}$/.test(text) ? 1000 * Number(text) : null;
}

/** The code of a system error, or the error's name: messages may hold addresses, and with them secrets. */
function errorCode(error: unknown): string {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    const code = (at as { code?: unknown }).code;
    if (typeof code === "string" && /^[A-Z][A-Z0-9_]{1,60}$/.test(code)) return code;
    if (at instanceof AggregateError && at.errors.length > 0) return errorCode(at.errors[0]);
  }
  return error instanceof Error && /^[A-Za-z]{1,40}$/.test(error.name) ? error.name : "Error";
}
