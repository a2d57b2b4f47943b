import type { Incident, SequentialScan } from "../scan/sequentialScan.js";
import type { RegionalSeries } from "../series/regionalSeries.js";

/** Traffic counts as moved when other values gained this share of what one lost. */
const MOVED = 0.5;
/** A gain counts from this many standard deviations on. */
const CLEAR = 2;

/**
 * Whether what one value of a dimension lost came back as other values of it, in the same countries at the same time: a
 * release takes over from the one before, a service is renamed, a provider's users take another way, a PoP hands over to
 * the next. Nobody is cut off. False for incidents that are of no value of a dimension.
 */
export function isTrafficShift(
  { sites: { sites, sliced } }: RegionalSeries,
  watch: SequentialScan,
  incident: Incident,
): boolean {
  const split = sliced ? sites.splits[0] : sites.splits.find(({ name }) => name === incident.zone.kind);
  if (split === undefined) return false;
  const { codes } = split;
  const value = codes[incident.zone.sites[0]!]!;
  const countries = new Set(incident.zone.sites.map((s) => sites.country[s]!));
  const others = new Map<number, number[]>();
  for (let s = 1; s < sites.length; s++) {
    if (codes[s] === value || !countries.has(sites.country[s]!)) continue;
    const known = others.get(codes[s]!);
    if (known) known.push(s);
    else others.set(codes[s]!, [s]);
  }
  const lost = -changeOf(watch, sites.length, incident.zone.sites, incident).gain;
  let gained = 0;
  for (const members of others.values()) {
    const { gain, deviation } = changeOf(watch, sites.length, members, incident);
    if (gain > CLEAR * deviation) gained += gain;
  }
  return gained >= MOVED * lost;
}

/** What sites gained during an incident, and how much of that chance explains. */
function changeOf(watch: SequentialScan, n: number, members: readonly number[], incident: Incident) {
  const { from, to } = incident;
  let [gain, expected] = [0, 0];
  for (let t = from; t <= to; t++) {
    for (const s of members) {
      gain += watch.observed[t * n + s]! - watch.expected[t * n + s]!;
      expected += watch.expected[t * n + s]!;
    }
  }
  return { gain, deviation: Math.sqrt(1 + expected + watch.extraVariance(incident, members, from, to)) };
}
