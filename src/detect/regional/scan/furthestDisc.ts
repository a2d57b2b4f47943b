import { departure, type EvidenceKind, matters, SLACK, type Spread, staysBelow } from "./evidence.js";
import type { Discs } from "./zones.js";

/** A circle is grown beyond its first neighbours only where these, or its centre, depart by this much. */
export const FIRST_NEIGHBOURS = 10;
export const WORTH_GROWING = 1.8;
export const WORTH_STARTING = 0.8;

/** One window's sums by site, and what is asked of a circle. */
export interface DiscSearch {
  readonly kind: EvidenceKind;
  readonly observed: Float64Array;
  readonly expected: Float64Array;
  readonly spread: Spread;
  readonly minimum: number;
  readonly leastLoss: number;
  /** The departure that a circle must exceed. */
  readonly least: number;
}

export interface FoundDisc {
  /** The site at its centre. */
  readonly centre: number;
  /** How many neighbours it takes in. */
  readonly reach: number;
}

/**
 * The circle that departs furthest, grown neighbour by neighbour around each site that departs at all; null without one.
 *
 * @param centres - the sites around which there may be one, ascending; default all
 */
export function furthestDisc(discs: Discs, search: DiscSearch, centres?: Uint32Array): FoundDisc | null {
  const { kind, observed, expected, spread, leastLoss } = search;
  let most = search.least;
  let centre = -1;
  let reach = 0;
  for (let i = 0; i < (centres ?? observed).length; i++) {
    const p = centres?.[i] ?? i;
    const own = expected[p]!;
    if (own <= 0 || staysBelow(kind, observed[p]!, own, WORTH_STARTING)) continue;
    if (!matters(kind, observed[p]!, own, leastLoss)) continue;
    if (departure(kind, observed[p]!, own, spread.extra(own)) < WORTH_STARTING) continue;
    const grown = grow(discs, p, search, most);
    if (grown === null) continue;
    [centre, reach, most] = [p, grown.reach, grown.departure];
  }
  return centre < 0 ? null : { centre, reach };
}

/**
 * The furthest of the circles around one site, where it exceeds what was found before. The loop over neighbours is the
 * hottest of all detection, so the test of `staysBelow` stands in it, its terms kept at hand.
 */
function grow({ starts, site }: Discs, p: number, search: DiscSearch, before: number) {
  const { kind, observed, expected, spread, minimum, leastLoss } = search;
  const drop = kind === "drop";
  const latency = kind === "latency";
  const start = starts[p]!;
  const last = starts[p + 1]!;
  let end = Math.min(last, start + FIRST_NEIGHBOURS);
  let most = before;
  let reach = 0;
  let [o, e] = [0, 0];
  let square = (WORTH_GROWING * SLACK) ** 2;
  for (let i = start; i < end; i++) {
    const s = site[i]!;
    const m = expected[s]!;
    if (m <= 0) continue;
    o += observed[s]!;
    e += m;
    const beyond = drop ? e - o - 0.25 * square : latency ? o : o - e;
    if (beyond <= 0) continue;
    if (drop ? beyond * beyond <= square * (o + 0.375) : (latency ? 1 : 2) * beyond * beyond <= square * e) continue;
    if ((kind === "errors" ? o : e) < minimum || !matters(kind, o, e, leastLoss)) continue;
    const d = departure(kind, o, e, spread.extra(e));
    if (d < WORTH_GROWING) continue;
    if (d > most) [most, reach] = [d, i - start + 1];
    end = last;
    square = (most * SLACK) ** 2;
  }
  return reach > 0 ? { reach, departure: most } : null;
}
