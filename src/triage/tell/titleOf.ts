import { causeWords } from "../../detect/causeWords.js";
import type { Cause, FindingRegion } from "../../detect/finding.js";
import { continentName, continentOf, countryName } from "../../grid/countries.js";
import type { Incident } from "../group/incident.js";
import { CARRIES, withoutPlaces } from "../judge/causeValues.js";

const WHAT: Readonly<Record<string, string>> = {
  "traffic-drop": "Traffic lost",
  errors: "Requests fail",
  refused: "Requests turned away",
  latency: "Slow",
  misrouted: "Served from afar",
};

/** The root's own title; of a storm, what fails, where and how many, with what carries it. */
export function titleOf(incident: Incident, cause: string | null): string {
  const { root } = incident;
  if (!spansRegions(incident)) return root.finding.title;
  const what = WHAT[root.finding.subtype] ?? root.finding.subtype.replaceAll("-", " ");
  return `${what} in ${stormPlace(incident)}${cause === null ? "" : `: ${cause}`}`;
}

/** Whether an incident is of several regions side by side: none of them names the others. */
export function spansRegions(incident: Incident): boolean {
  return (incident.storm || isOfOneCause(incident)) && regionNames(incident).size > 1;
}

/** "50 regions (26 countries, Asia, Europe)". */
export const stormPlace = (incident: Incident): string =>
  `${regionNames(incident).size} regions (${whereOf(incident)})`;

/** Names of the regions side by side: a city counts only where its country is not there as a whole. */
function regionNames({ subjects }: Incident): Set<string> {
  const regions = subjects.map(({ finding }) => finding.region);
  const isWhole = ({ subdivisions, cities }: FindingRegion): boolean => subdivisions.length + cities.length === 0;
  const whole = new Set(regions.filter(isWhole).flatMap(({ countries }) => countries));
  const side = regions.filter((one) => isWhole(one) || !one.countries.every((code) => whole.has(code)));
  return new Set(side.map(({ name }) => name));
}

/** "97% of the requests failed: version 4.3.0": the slice that carries most of what is lost, over all subjects. */
export function causeText(incident: Incident, causes: readonly Cause[]): string | null {
  const [first] = causes;
  if (first === undefined || first.share < CARRIES) return null;
  return `${Math.round(first.share * 100)}% of the ${incident.root.loss.unit}: ${causeWords(first).join(", ")}`;
}

/** Slices without places, each with its share of what all subjects lost, the greatest first. */
export function causesOf({ subjects, root }: Incident): Cause[] {
  const alike = subjects.filter(({ loss }) => loss.unit === root.loss.unit);
  const weights = alike.map(({ loss }) => Math.max(loss.amount ?? 1, 1e-9));
  const total = weights.reduce((a, b) => a + b, 0);
  const shares = new Map<string, Cause>();
  alike.forEach((subject, i) => {
    for (const { share, ...cause } of ownCauses(subject)) {
      const key = JSON.stringify([Object.entries(cause.slice).sort(), Object.entries(cause.except ?? {}).sort()]);
      const held = shares.get(key)?.share ?? 0;
      shares.set(key, { ...cause, share: held + (share * weights[i]!) / total });
    }
  });
  return [...shares.values()]
    .map((cause) => ({ ...cause, share: Math.min(1, Math.round(cause.share * 1000) / 1000) }))
    .sort((a, b) => b.share - a.share)
    .slice(0, 5);
}

/** A finding's causes by what they are, not where; what it is confined to carries all of it. */
function ownCauses({ finding }: Incident["root"]): Cause[] {
  const own = finding.cause
    .map(({ slice, except, share }): Cause => {
      const without = withoutPlaces(except ?? {});
      return { slice: withoutPlaces(slice), ...(Object.keys(without).length > 0 && { except: without }), share };
    })
    .filter(({ slice, except }) => Object.keys(slice).length > 0 || except !== undefined);
  const told = new Set(own.flatMap(({ slice }) => Object.keys(slice)));
  const confined = Object.entries(withoutPlaces(finding.dimensions)).filter(([name]) => !told.has(name));
  return [...own, ...confined.map(([name, value]) => ({ slice: { [name]: value }, share: 1 }))];
}

function isOfOneCause({ why }: Incident): boolean {
  return why.some((reason) => reason.startsWith("grouped: one cause"));
}

function whereOf({ subjects }: Incident): string {
  const codes = [...new Set(subjects.flatMap(({ finding }) => finding.region.countries))].sort();
  if (codes.length === 0) return "unlocated";
  if (codes.length <= 3) return codes.map((code) => countryName(code)).join(", ");
  const continents = [...new Set(codes.map((code) => continentName(continentOf(code) ?? "")))]
    .filter((c) => c !== "")
    .sort();
  return `${codes.length} countries, ${continents.slice(0, 3).join(", ")}${continents.length > 3 ? " …" : ""}`;
}
