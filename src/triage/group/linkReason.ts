import type { Subject } from "../judge/subject.js";
import type { CompiledPolicy } from "../policy/compilePolicy.js";
import { regionRelation } from "./regionRelation.js";

/** Values of these that two findings share are one cause; a service that both are of may fail at two places for two reasons. */
export const CHANGING: ReadonlySet<string> = new Set([
  "version",
  "release",
  "deployment",
  "pop",
  "organization",
  "asn",
  "network",
  "isp",
  "provider",
]);

/** A part this much deeper than the whole is not explained by it. */
const DEEPER = 2;
/** A whole that loses less than this many times what its part loses is little else than that part. */
const ECHO = 2;

/** Subtypes that are about one account: another account at the same place is another matter. */
const OF_ONE_USER: ReadonlySet<string> = new Set([
  "impossible-travel",
  "concurrent-sessions",
  "brute-force",
  "new-origin",
]);

/** Attacks that open accounts, which are then used from where the attack came from. */
const TAKES_ACCOUNTS: ReadonlySet<string> = new Set(["credential-stuffing", "password-spraying"]);

/** Why two findings are one incident, in words, or null. */
export function linkReason(a: Subject, b: Subject, grouping: CompiledPolicy["grouping"]): string | null {
  if (!isNear(a, b, grouping.withinMs) || isAttack(a) !== isAttack(b)) return null;
  if (isAttack(a)) return attackLink(a, b);
  const onsetMs = Math.abs(a.finding.startMs - b.finding.startMs);
  const relation = regionRelation(a.place, b.place);
  const samePlace = relation === "same" ? `one place: ${a.finding.region.name}` : null;
  // What begins at one place at one time is one incident, whatever services or providers show it.
  if (hasConflict(a, b)) return onsetMs <= 2 * grouping.withinMs ? samePlace : null;
  const shared = sharedValue(a, b);
  if (shared !== null) return `one cause: ${shared}`;
  if (samePlace !== null || onsetMs > grouping.withinMs) return samePlace;
  if (relation === "overlaps" && a.finding.subtype === b.finding.subtype) return "overlapping places at the same time";
  // Of another kind, what lies in it is for the policy's inhibitions: a slow city in a failing country.
  if (a.loss.unit !== b.loss.unit) return null;
  const [whole, part] = relation === "contains" ? [a, b] : [b, a];
  // What is deeper than what it lies in may be all that the other sees: foldEchoes tells.
  if ((relation === "contains" || relation === "within") && !isDeeper(part, whole))
    return `${part.finding.region.name} lies in ${whole.finding.region.name}`;
  return null;
}

/** Whether two findings overlap in time, or all but `withinMs`. */
export function isNear(a: Subject, b: Subject, withinMs: number): boolean {
  return (
    (b.endMs === null || a.finding.startMs <= b.endMs + withinMs) &&
    (a.endMs === null || b.finding.startMs <= a.endMs + withinMs)
  );
}

/** Whether the two are of different values of one dimension: another service is another incident. */
export function hasConflict(a: Subject, b: Subject): boolean {
  for (const [name, value] of a.values) if ((b.values.get(name) ?? value) !== value) return true;
  return false;
}

/** Whether what a part loses can be what its whole loses there: not much deeper, or nearly all of it. */
export function isPartOf(part: Subject, whole: Subject): boolean {
  return !isDeeper(part, whole) || isEcho(whole, part);
}

/** Whether a part lost a far greater share of its own than the whole did. What is not known is not deeper. */
export function isDeeper(part: Subject, whole: Subject): boolean {
  const [inner, outer] = [part.loss.share, whole.loss.share];
  return inner !== null && outer !== null && inner > DEEPER * outer;
}

export const isAttack = ({ finding }: Subject): boolean => finding.kind === "suspicious-traffic";

/** Whether a whole is little else than one of its parts. */
function isEcho(whole: Subject, part: Subject): boolean {
  const [all, inner] = [whole.loss.amount, part.loss.amount];
  return all !== null && inner !== null && whole.loss.unit === part.loss.unit && all <= ECHO * inner;
}

function attackLink(a: Subject, b: Subject): string | null {
  if (sharesOne(a.finding.users, b.finding.users)) return "the same accounts";
  if (sharesOne(a.finding.ips, b.finding.ips)) return "the same addresses";
  const [one, other] = OF_ONE_USER.has(a.finding.subtype) ? [a, b] : [b, a];
  const relation = regionRelation(one.place, other.place);
  if (!OF_ONE_USER.has(one.finding.subtype)) return relation === "same" ? `one place: ${a.finding.region.name}` : null;
  const opened = TAKES_ACCOUNTS.has(other.finding.subtype) && other.finding.region.cities.length > 0;
  return opened && (relation === "same" || relation === "within")
    ? `an account used from ${other.finding.region.name}, where an attack on accounts comes from`
    : null;
}

/** A value of a dimension that carries both and changes as causes do. */
function sharedValue(a: Subject, b: Subject): string | null {
  for (const [name, value] of a.values)
    if (b.values.get(name) === value && CHANGING.has(name)) return `${name} ${value}`;
  return null;
}

function sharesOne(a: readonly string[], b: readonly string[]): boolean {
  if (a.length === 0 || b.length === 0) return false;
  const known = new Set(a);
  return b.some((one) => known.has(one));
}
