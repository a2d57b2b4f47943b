/**
 * What keeps the detectors of suspicious traffic from alarming on what is harmless, or more than once.
 *
 * - `bursts`: volumes are held against the bursts that single clients of the log make anyway.
 * - `impact`: a volume is as grave as what it could do, not as a multiple of a tiny usual.
 * - `from-the-start`: what a log shows on its first day is how things are.
 * - `nobody`: names that stand for nobody are no people.
 * - `machine-accounts`: an account that works day and night at several places at once from its first day is a machine's.
 * - `relocation`: an address that a database moved is where it was.
 * - `monitors`: health checks and monitors are watched apart.
 * - `login-outage`: log-ins refused to the addresses that always log in are an outage of log-ins.
 * - `own-place`: people who get in from where they always are after they failed are no attackers.
 * - `one-attack`: parts of an attack are one finding.
 * - `one-cause`: one account that is used elsewhere again, and many accounts at once, are one finding.
 * - `outcomes`: what a log-in that failed looks like is told path by path, and learned.
 */
export const SUSPICIOUS_GUARDS = [
  "bursts",
  "impact",
  "from-the-start",
  "nobody",
  "machine-accounts",
  "relocation",
  "monitors",
  "login-outage",
  "own-place",
  "one-attack",
  "one-cause",
  "outcomes",
] as const;
export type SuspiciousGuard = (typeof SUSPICIOUS_GUARDS)[number];

/** The guards in force. Users have all of them; tests show what each one does by leaving it out. */
export type SuspiciousGuards = ReadonlySet<SuspiciousGuard>;

export const ALL_SUSPICIOUS_GUARDS: SuspiciousGuards = new Set(SUSPICIOUS_GUARDS);
