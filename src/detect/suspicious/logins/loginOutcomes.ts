import { MINUTE_MS } from "../../../core/time.js";
import { ALL_SUSPICIOUS_GUARDS, type SuspiciousGuards } from "../suspiciousGuards.js";
import type { LoginRule } from "./loginRule.js";

/** How a log-in came out; `UNCLEAR` is neither: the server failed, or there is nothing at this path. */
export const SUCCEEDED = 0;
export const FAILED = 1;
export const UNCLEAR = 2;
export type LoginOutcome = typeof SUCCEEDED | typeof FAILED | typeof UNCLEAR;

/** Refused for what was sent or for who sent it, `invalid_grant` and too many tries among them. */
const REFUSALS: ReadonlySet<number> = new Set([400, 401, 403, 406, 407, 412, 418, 419, 422, 423, 429, 440]);
/** Statuses by which products ship a refusal that is none of the above: WordPress shows its form again. */
const KNOWN_PATHS: readonly { readonly pattern: RegExp; readonly failed: number; readonly succeeded: number }[] = [
  { pattern: /(?:^|\/)wp-login\.php$/i, failed: 2, succeeded: 3 },
];
/** So many log-ins of a path, and of one way to answer, are known before anything is learned from them. */
const MIN_LOGINS = 30;
const MIN_KIND = 15;
/** Who logs in again so soon was not let in. */
const RETRY_MS = 3 * MINUTE_MS;
/** A way to answer that is followed by another try so often, and so many times as often as the usual one, is a refusal. */
const RETRY_SHARE = 0.25;
const RETRY_RATIO = 3;
/** A path whose log-ins mostly end in a redirect, and none in a refusal, shows its form again where one fails. */
const REDIRECT_SHARE = 0.6;
const REFUSAL_SHARE = 0.005;
const MAX_PATHS = 1_000;

/** A way in which a path answers: a status and a class of sizes. */
interface AnswerKind {
  count: number;
  retried: number;
}

interface PathOutcomes {
  readonly rule: LoginRule | undefined;
  readonly known: (typeof KNOWN_PATHS)[number] | undefined;
  readonly kinds: Map<number, AnswerKind>;
  readonly statuses: Map<number, number>;
  count: number;
  refused: number;
  ok: number;
  redirected: number;
}

/** A log-in as its outcome is learned from. */
export interface LoginAnswer {
  /** From {@link LoginOutcomes.pathId}. */
  readonly path: number;
  readonly status: number;
  readonly bytes: number;
  /** Who tried: the user, or the address where no user is named. */
  readonly who: number;
  readonly timeMs: number;
}

/**
 * Tells log-ins that failed from those that went through, path by path.
 *
 * A refusal has a status of its own (4xx) in most systems. Where all answers are 2xx and 3xx, what failures look like
 * there is learned: people try again at once after the answers that are failures. Rules given by the user come first.
 */
export class LoginOutcomes {
  readonly #rules: readonly LoginRule[];
  readonly #learns: boolean;
  readonly #ids = new Map<string, number>();
  readonly #paths: PathOutcomes[] = [];
  #before = new Map<number, LastTry>();
  #recent = new Map<number, LastTry>();
  #sinceMs = Number.NEGATIVE_INFINITY;

  constructor(rules: readonly LoginRule[] = [], guards: SuspiciousGuards = ALL_SUSPICIOUS_GUARDS) {
    this.#rules = rules;
    this.#learns = guards.has("outcomes");
  }

  /** The number of a path, its query left out. */
  pathId(path: string): number {
    const end = path.search(/[?#;]/);
    const key = end < 0 ? path : path.slice(0, end);
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    if (this.#paths.length >= MAX_PATHS) return this.#ids.values().next().value!;
    const id = this.#paths.length;
    this.#ids.set(key, id);
    this.#paths.push({
      rule: this.#rules.find((r) => r.matches(key)),
      known: KNOWN_PATHS.find((k) => k.pattern.test(key)),
      kinds: new Map(),
      statuses: new Map(),
      count: 0,
      refused: 0,
      ok: 0,
      redirected: 0,
    });
    return id;
  }

  /** How a log-in came out, as far as is known by now. A status of 0 (absent) counts as success. */
  of(path: number, status: number, bytes: number): LoginOutcome {
    const outcomes = this.#paths[path]!;
    const ruled = outcomes.rule?.outcome(status);
    if (ruled !== undefined) return ruled ? FAILED : SUCCEEDED;
    if (!this.#learns) return status === 401 || status === 403 || status === 407 ? FAILED : SUCCEEDED;
    if (REFUSALS.has(status)) return FAILED;
    const klass = Math.floor(status / 100);
    if (status === 0) return SUCCEEDED;
    if (klass !== 2 && klass !== 3) return UNCLEAR;
    if (outcomes.known !== undefined) return klass === outcomes.known.failed ? FAILED : SUCCEEDED;
    return this.#isLearnedFailure(outcomes, status, bytes) ? FAILED : SUCCEEDED;
  }

  /**
   * Whether a log-in proves that its user was there. Where no refusal of a path has a status of its own, the answers that
   * are given less often may be what failures look like, until that is learned.
   */
  proves(path: number, status: number, bytes: number): boolean {
    if (this.of(path, status, bytes) !== SUCCEEDED) return false;
    const { rule, known, count, refused, statuses } = this.#paths[path]!;
    if (!this.#learns || rule !== undefined || known !== undefined || status === 0) return true;
    if (count < MIN_LOGINS || refused > REFUSAL_SHARE * count) return true;
    return 2 * (statuses.get(status) ?? 0) >= count;
  }

  /** Learns from a log-in of a window in which none was unusual. */
  learn({ path, status, bytes, who, timeMs }: LoginAnswer): void {
    if (timeMs > this.#sinceMs + RETRY_MS) {
      this.#before = this.#recent;
      this.#recent = new Map();
      this.#sinceMs = timeMs;
    }
    const outcomes = this.#paths[path]!;
    const kind = kindOf(status, bytes);
    outcomes.count++;
    outcomes.statuses.set(status, (outcomes.statuses.get(status) ?? 0) + 1);
    if (REFUSALS.has(status)) outcomes.refused++;
    else if (status >= 200 && status < 300) outcomes.ok++;
    else if (status >= 300 && status < 400) outcomes.redirected++;
    const counts = outcomes.kinds.get(kind) ?? { count: 0, retried: 0 };
    counts.count++;
    if (outcomes.kinds.size < MAX_PATHS) outcomes.kinds.set(kind, counts);
    const last = this.#recent.get(who) ?? this.#before.get(who);
    if (last !== undefined && last.path === path && Math.abs(timeMs - last.timeMs) <= RETRY_MS) {
      const answered = outcomes.kinds.get(last.kind);
      if (answered !== undefined) answered.retried++;
    }
    this.#recent.set(who, { path, kind, timeMs });
  }

  #isLearnedFailure(outcomes: PathOutcomes, status: number, bytes: number): boolean {
    if (outcomes.count < MIN_LOGINS || outcomes.refused > REFUSAL_SHARE * outcomes.count) return false;
    const kind = outcomes.kinds.get(kindOf(status, bytes));
    const retried = kind === undefined ? 0 : kind.retried / kind.count;
    const usual = usualKind(outcomes);
    const usualRetried = usual.retried / usual.count;
    const enough = kind !== undefined && kind.count >= MIN_KIND && usual.count >= MIN_KIND;
    if (enough && kind !== usual) {
      if (retried >= RETRY_SHARE && retried >= RETRY_RATIO * usualRetried) return true;
      if (usualRetried > RETRY_SHARE && usualRetried > RETRY_RATIO * retried) return false;
    }
    if (status >= 300) return false;
    return outcomes.redirected >= REDIRECT_SHARE * outcomes.count;
  }
}

interface LastTry {
  readonly path: number;
  readonly kind: number;
  readonly timeMs: number;
}

/** A status and the size in steps of a fifth; 0 where no size is told. */
function kindOf(status: number, bytes: number): number {
  const size = bytes > 0 ? 1 + Math.round(4 * Math.log2(bytes)) : 0;
  return status * 256 + Math.min(255, size);
}

/** The way in which a path answers most often. */
function usualKind({ kinds }: PathOutcomes): AnswerKind {
  let usual = { count: 1, retried: 0 };
  for (const kind of kinds.values()) if (kind.count > usual.count) usual = kind;
  return usual;
}
