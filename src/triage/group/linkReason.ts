import type { Subject } from "../judge/subject.js";
import type { CompiledPolicy } from "../policy/compilePolicy.js";
import { type Relation, regionRelation } from "./regionRelation.js";

/** Values of these that two findings share are one cause whenever; of others, only where both begin together. */
const CHANGING: ReadonlySet<string> = new Set([
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

/** Why two findings are one incident, in words, or null. */
export function linkReason(a: Subject, b: Subject, grouping: CompiledPolicy["grouping"]): string | null {
  if (!isNear(a, b, grouping.withinMs) || isAttack(a) !== isAttack(b) || hasConflict(a, b)) return null;
  if (isAttack(a)) return attackLink(a, b);
  const onsetMs = Math.abs(a.finding.startMs - b.finding.startMs);
  const shared = sharedValue(a, b, onsetMs <= grouping.stormWithinMs);
  if (shared !== null) return `one cause: ${shared}`;
  const relation = regionRelation(a.finding, b.finding);
  if (relation === "same") return `one place: ${a.finding.region.name}`;
  if (onsetMs > grouping.withinMs) return null;
  if (relation === "overlaps" && a.finding.subtype === b.finding.subtype) return "overlapping places at the same time";
  const [whole, part] = relation === "contains" ? [a, b] : [b, a];
  if ((relation === "contains" || relation === "within") && isPartOf(part, whole))
    return `${part.finding.region.name} lies in ${whole.finding.region.name}`;
  return null;
}

/** Whether two findings overlap in time, or all but `withinMs`. */
export function isNear(a: Subject, b: Subject, withinMs: number): boolean {
  const end = ({ endMs }: Subject): number => endMs ?? Number.POSITIVE_INFINITY;
  return a.finding.startMs <= end(b) + withinMs && b.finding.startMs <= end(a) + withinMs;
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
  if (OF_ONE_USER.has(a.finding.subtype) || OF_ONE_USER.has(b.finding.subtype)) return null;
  const relation: Relation = regionRelation(a.finding, b.finding);
  return relation === "same" ? `one place: ${a.finding.region.name}` : null;
}

/** A value of a dimension that carries both. */
function sharedValue(a: Subject, b: Subject, together: boolean): string | null {
  for (const [name, value] of a.values)
    if (b.values.get(name) === value && (together || CHANGING.has(name))) return `${name} ${value}`;
  return null;
}

function sharesOne(a: readonly string[], b: readonly string[]): boolean {
  if (a.length === 0 || b.length === 0) return false;
  const known = new Set(a);
  return b.some((one) => known.has(one));
}
