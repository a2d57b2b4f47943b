import type { Incident, SequentialScan } from "../scan/sequentialScan.js";
import type { RegionalSeries } from "../series/regionalSeries.js";
import { CARRIES, NOT_ALL } from "./sliceCause.js";

/**
 * Whether the slowness of a place is that of one value of a dimension, in a series of such values: a service that is slow in
 * India, rather than India.
 */
export function explainsSlowdown(
  { sites: { sites } }: RegionalSeries,
  watch: SequentialScan,
  incident: Incident,
): boolean {
  const n = sites.length;
  const members = new Set(incident.zone.sites);
  const countries = new Set(incident.zone.sites.map((s) => sites.country[s]!));
  let [own, all, ownRequests, requests] = [0, 0, 0, 0];
  for (let s = 0; s < n; s++) {
    if (!countries.has(sites.country[s]!)) continue;
    let [score, count] = [0, 0];
    for (let t = incident.from; t <= incident.to; t++) {
      score += watch.observed[t * n + s]!;
      count += watch.expected[t * n + s]!;
    }
    all += Math.max(0, score);
    requests += count;
    if (!members.has(s)) continue;
    own += Math.max(0, score);
    ownRequests += count;
  }
  return own >= CARRIES * all && ownRequests <= NOT_ALL * requests;
}
