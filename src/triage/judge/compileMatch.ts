import type { FindingRegion } from "../../detect/finding.js";
import { triageError } from "../errors.js";
import type { Match, OneOrMany } from "../policy/policy.js";
import { type Area, areaContains, areaTouches, joinAreas, readArea } from "./regionArea.js";
import type { Subject } from "./subject.js";

/** Whether a rule is about a finding. `hides`: only if all of the finding lies in the rule's region. */
export type Matcher = (subject: Subject, hides: boolean) => boolean;

/**
 * Makes a predicate of the conditions of a rule.
 *
 * @param path - where in the policy they stand, for errors
 * @param own - the policy's own regions
 * @throws `bad-policy` for a region that is none
 */
export function compileMatch(match: Match | undefined, path: string, own: ReadonlyMap<string, Area>): Matcher {
  const tests: Matcher[] = [];
  const oneOf = (wanted: OneOrMany<string> | undefined, read: (subject: Subject) => string | undefined): void => {
    if (wanted === undefined) return;
    const fits = patterns(wanted);
    tests.push((subject) => fits(read(subject)));
  };
  oneOf(match?.kind, ({ finding }) => finding.kind);
  oneOf(match?.subtype, ({ finding }) => finding.subtype);
  oneOf(match?.severity, ({ severity }) => severity);
  oneOf(match?.service, ({ values }) => values.get("service"));
  for (const [name, wanted] of Object.entries(match?.dimensions ?? {})) oneOf(wanted, ({ values }) => values.get(name));
  if (match?.tier !== undefined) {
    const fits = patterns(match.tier);
    tests.push(({ tiers }) => tiers.some(fits));
  }
  if (match?.region !== undefined) {
    const area = areaOf(match.region, `${path}.region`, own);
    tests.push(({ finding }, hides) => inArea(area, finding.region, hides));
  }
  if (match?.seenByOthers !== undefined) tests.push(({ seenByOthers }) => seenByOthers === match.seenByOthers);
  return (subject, hides) => tests.every((test) => test(subject, hides));
}

/** The area of one name or of several; own names first. Throws `bad-policy`. */
export function areaOf(names: OneOrMany<string>, path: string, own: ReadonlyMap<string, Area>): Area {
  const list = typeof names === "string" ? [names] : names;
  return joinAreas(
    list.map((name, i) => {
      const area = own.get(name) ?? readArea(name);
      if (area !== null) return area;
      const at = typeof names === "string" ? path : `${path}[${i}]`;
      throw triageError("bad-policy", {
        path: at,
        line: 0,
        problem: `is no region: ${JSON.stringify(name.slice(0, 60))} (write DE, Germany, Europe, DE-HE, "Berlin, Germany" or one of regions)`,
      });
    }),
  );
}

const inArea = (area: Area, region: FindingRegion, hides: boolean): boolean =>
  hides ? areaContains(area, region) : areaTouches(area, region);

/** Whether a text is one of those wanted, in which `*` stands for any text. */
function patterns(wanted: OneOrMany<string>): (value: string | undefined) => boolean {
  const list = typeof wanted === "string" ? [wanted] : wanted;
  return (value) => value !== undefined && list.some((pattern) => fitsPattern(pattern, value));
}

/** Greedy matching of the pieces between the stars: linear, whatever the pattern. */
function fitsPattern(pattern: string, value: string): boolean {
  const pieces = pattern.split("*");
  if (pieces.length === 1) return pattern === value;
  const first = pieces[0]!;
  const last = pieces.at(-1)!;
  if (value.length < first.length + last.length || !value.startsWith(first) || !value.endsWith(last)) return false;
  let at = first.length;
  for (const piece of pieces.slice(1, -1)) {
    const found = value.indexOf(piece, at);
    if (found < 0 || found + piece.length > value.length - last.length) return false;
    at = found + piece.length;
  }
  return true;
}
