import { type EvidenceKind, logLikelihoodRatio } from "./evidence.js";
import type { Discs } from "./zones.js";

/** The neighbours of a site are its nearest few. */
const NEIGHBOURS = 6;
/** What it takes to say which of the neighbours belongs to the set and which does not, in nats a site. */
const COST = Math.log(2 * NEIGHBOURS);
/** Sets are grown from so many of the sites that depart the most. */
const STARTS = 8;
/** An outline of more sites than this is no outline. */
const MAX_SITES = 60;

/** A connected set of sites, and how likely it is as the explanation: log likelihood ratio and log prior. */
export interface ConnectedSites {
  readonly sites: readonly number[];
  readonly score: number;
}

/**
 * The connected set of neighbouring sites that explains best what departs: a coast, a valley, the towns along a cable,
 * which no circle and no border holds. It grows from the sites that depart the most by the neighbour that adds most, as long
 * as one adds more than it costs to name it. Null where nothing departs.
 *
 * @param observed - evidence by site; see `evidence.ts`
 * @param expected - its expectation by site; 0 where not judged
 */
export function connectedSites(
  kind: EvidenceKind,
  circles: Discs,
  observed: Float64Array,
  expected: Float64Array,
): ConnectedSites | null {
  const alone = Float64Array.from(observed, (o, p) =>
    expected[p]! > 0 ? logLikelihoodRatio(kind, o, expected[p]!) : 0,
  );
  const starts = Array.from(alone.keys())
    .filter((p) => alone[p]! > 0)
    .sort((a, b) => alone[b]! - alone[a]! || a - b)
    .slice(0, STARTS);
  const near = neighboursOf(circles, expected);
  let best: ConnectedSites | null = null;
  for (const start of starts) {
    if (best?.sites.includes(start)) continue;
    const grown = grow(kind, start, near, observed, expected);
    if (best === null || grown.score > best.score) best = grown;
  }
  return best;
}

/** The nearest sites that are judged, found when first asked for. */
function neighboursOf({ starts, site }: Discs, expected: Float64Array): (p: number) => readonly number[] {
  const known = new Map<number, readonly number[]>();
  return (p) => {
    let near = known.get(p);
    if (near === undefined) {
      near = Array.from(site.subarray(starts[p]!, starts[p + 1]!))
        .filter((q) => q !== p && expected[q]! > 0)
        .slice(0, NEIGHBOURS);
      known.set(p, near);
    }
    return near;
  };
}

function grow(
  kind: EvidenceKind,
  start: number,
  near: (p: number) => readonly number[],
  observed: Float64Array,
  expected: Float64Array,
): ConnectedSites {
  const sites = [start];
  const inside = new Set(sites);
  const border = new Set(near(start));
  let [o, e] = [observed[start]!, expected[start]!];
  let ratio = logLikelihoodRatio(kind, o, e);
  while (sites.length < MAX_SITES) {
    let most = COST;
    let next = -1;
    for (const q of border) {
      const gain = logLikelihoodRatio(kind, o + observed[q]!, e + expected[q]!) - ratio;
      if (gain > most || (gain === most && q < next)) [most, next] = [gain, q];
    }
    if (next < 0) break;
    sites.push(next);
    inside.add(next);
    border.delete(next);
    for (const q of near(next)) if (!inside.has(q)) border.add(q);
    o += observed[next]!;
    e += expected[next]!;
    ratio += most;
  }
  return { sites: sites.sort((a, b) => a - b), score: ratio - COST * sites.length - Math.log(observed.length) };
}
