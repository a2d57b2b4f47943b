import type { Shapes } from "../../core/options/shape.js";
import { choice, having, list, nested, number, text } from "../../core/options/shapes.js";
import { HOUR_MS, MINUTE_MS } from "../../core/time.js";
import { suspiciousError } from "./errors.js";
import { LOGIN_OPTIONS, type LoginOptions } from "./logins/loginRules.js";
import type { OriginKind } from "./users/scopeOrigins.js";
import type { UserHistory } from "./users/userHistory.js";
import type { UserOriginKind } from "./users/userOrigins.js";

export interface SuspiciousOptions {
  /** Which requests prove where a user is: every request that is not refused (default), or successful log-ins alone. */
  readonly presence?: "requests" | "log-ins";
  /** How a log-in is told; see {@link LoginOptions}. */
  readonly logins?: LoginOptions;
  /** How far the clocks of two servers may be apart; default 60,000 ms. */
  readonly clockSkewMs?: number;
  /** Length of the windows in which volumes and log-ins are judged; default 300,000 ms. */
  readonly windowMs?: number;
  /** Users held at once; beyond it those not seen for longest are forgotten. Default 10 million (1.4 GB). */
  readonly maxUsers?: number;
  /** Addresses counted one by one in a window; default 1 million (80 MB). */
  readonly maxAddresses?: number;
  /** Users not seen for so long are forgotten; default 30 days. */
  readonly forgetAfterMs?: number;
  /** Countries (ISO 3166-1 alpha-2) that nothing should come from; default none. */
  readonly unwantedCountries?: readonly string[];
  /** Dimensions whose values learn where they are reached from: services, groups of users. Default `["service"]`. */
  readonly originsOf?: readonly string[];
  /** What counts as an origin there; default `["country", "tag"]`. */
  readonly originKinds?: readonly OriginKind[];
  /**
   * What may be new for a user: `country` and `tag` (the default) where rare for their peers too; `region`, `network`
   * and `device` (the dimension `user_agent`) wherever it is new for the user, as information.
   */
  readonly userOriginKinds?: readonly UserOriginKind[];
  /** What is known of users from before; the detector goes on with it. Default nothing. */
  readonly users?: UserHistory;
  /** H3 resolution of the cells in findings; default 4. */
  readonly resolution?: number;
}

/** What each option takes. */
export const SUSPICIOUS_OPTIONS: Shapes<SuspiciousOptions> = {
  presence: choice("requests", "log-ins"),
  logins: nested(LOGIN_OPTIONS),
  ...{ clockSkewMs: number, windowMs: number, maxUsers: number, maxAddresses: number, forgetAfterMs: number },
  unwantedCountries: list(text, "country codes"),
  originsOf: list(text, "names"),
  originKinds: list(text, "kinds"),
  userOriginKinds: list(text, "kinds"),
  users: having("a UserHistory: UserHistory.load(bytes)", "store", "locations"),
  resolution: number,
};

export type ResolvedOptions = Required<Omit<SuspiciousOptions, "logins" | "users">> & { readonly logins: LoginOptions };

/** The options with their defaults. Throws `bad-option`. */
export function resolveOptions(options: SuspiciousOptions): ResolvedOptions {
  const resolved: ResolvedOptions = {
    presence: options.presence ?? "requests",
    logins: options.logins ?? {},
    clockSkewMs: options.clockSkewMs ?? MINUTE_MS,
    windowMs: options.windowMs ?? 5 * MINUTE_MS,
    maxUsers: options.maxUsers ?? 10_000_000,
    maxAddresses: options.maxAddresses ?? 1_000_000,
    forgetAfterMs: options.forgetAfterMs ?? 30 * 24 * HOUR_MS,
    unwantedCountries: options.unwantedCountries ?? [],
    originsOf: options.originsOf ?? ["service"],
    originKinds: options.originKinds ?? ["country", "tag"],
    userOriginKinds: options.userOriginKinds ?? ["country", "tag"],
    resolution: options.resolution ?? 4,
  };
  check("presence", resolved.presence, ["requests", "log-ins"].includes(resolved.presence), "requests or log-ins");
  check("clockSkewMs", resolved.clockSkewMs, resolved.clockSkewMs >= 0, "0 or more milliseconds");
  check(
    "windowMs",
    resolved.windowMs,
    resolved.windowMs >= 1_000 && resolved.windowMs <= HOUR_MS,
    "1 s to 1 h in milliseconds",
  );
  check("maxUsers", resolved.maxUsers, isCount(resolved.maxUsers, 2 ** 28), "1 to 268,435,456");
  check("maxAddresses", resolved.maxAddresses, isCount(resolved.maxAddresses, 2 ** 26), "1 to 67,108,864");
  check("forgetAfterMs", resolved.forgetAfterMs, resolved.forgetAfterMs >= HOUR_MS, "1 h or more in milliseconds");
  check(
    "resolution",
    resolved.resolution,
    Number.isInteger(resolved.resolution) && resolved.resolution >= 0 && resolved.resolution <= 15,
    "an H3 resolution, 0 to 15",
  );
  for (const kind of resolved.originKinds)
    check("originKinds", kind, ORIGIN_KINDS.includes(kind), ORIGIN_KINDS.join(", "));
  for (const kind of resolved.userOriginKinds)
    check("userOriginKinds", kind, USER_KINDS.includes(kind), USER_KINDS.join(", "));
  for (const code of resolved.unwantedCountries)
    check("unwantedCountries", code, /^[A-Z]{2}$/.test(code), "ISO 3166-1 alpha-2 codes");
  return resolved;
}

const USER_KINDS: readonly UserOriginKind[] = ["country", "tag", "region", "network", "device"];
const ORIGIN_KINDS: readonly OriginKind[] = ["country", "region", "network", "tag"];

function check(option: string, value: unknown, good: boolean, want: string): void {
  if (!good) throw suspiciousError("bad-option", { option, value: String(value), want });
}

const isCount = (value: number, most: number): boolean => Number.isInteger(value) && value >= 1 && value <= most;
