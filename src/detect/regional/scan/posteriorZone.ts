import { connectedSites } from "./connectedSites.js";
import { type EvidenceKind, logLikelihoodRatio } from "./evidence.js";
import { membersOf } from "./scanStatistic.js";
import type { Zones } from "./zones.js";

/** The zone that a finding is said to be in. */
export interface ChosenZone {
  /** Kind of the partition, `circle`, or `connected`. */
  readonly kind: string;
  readonly sites: readonly number[];
  /** Radius of a circle; 0 for others. */
  readonly radiusKm: number;
  /** The site at the centre of a circle; -1 for others. */
  readonly centre: number;
  /** Sites that belong to it at least possibly: what must not alarm again. */
  readonly fringe: readonly number[];
  /** Whether it is one of several regions of a world of which a good part stands aside. */
  readonly isOneOfSeveral?: boolean;
}

/** Zones less likely than the best by more than this many nats are not weighed. */
const WORTH_WEIGHING = 6;
const MAX_WEIGHED = 80;
/** A site is on the fringe when zones of at least this probability hold it. */
const FRINGE = 0.05;

/** A country stands aside of the world where it shows less than half of what the world does, by so many deviations. */
const CLEARLY = 3;
/** Where so much of the world stands aside, it is not the world's. */
const ASIDE = 0.2;

interface Option {
  readonly partition: number;
  readonly zone: number;
  readonly reach: number;
  readonly score: number;
  /** The sites of a connected set. */
  readonly connected?: readonly number[];
}

/**
 * Chooses the outline of an incident, given each site's evidence over its whole time.
 *
 * Every zone of every kind, and the best connected set of sites, is an explanation: the likelihood that it and nothing else departs, times a prior that is
 * the same for each kind and shared by the zones of a kind. What is named is the zone with the largest expected
 * overlap (Jaccard index, weighted by traffic) with the truth under that posterior: where several circles explain the
 * same, the one in their middle. The world is named where most of it departs: of several countries at once, each for a
 * reason of its own, the clearest is.
 *
 * @param observed - evidence by site; see `evidence.ts`
 * @param expected - its expectation by site; 0 where not judged
 * @param weight - traffic by site
 */
export function posteriorZone(
  kind: EvidenceKind,
  zones: Zones,
  observed: Float64Array,
  expected: Float64Array,
  weight: Float64Array,
): ChosenZone | null {
  const divided = isDivided(kind, zones, observed, expected);
  const options = optionsOf(kind, zones, observed, expected, divided);
  if (options.length === 0) return null;
  const members = options.map((o) =>
    (o.connected ?? membersOf(zones, o)).filter((p) => weight[p]! > 0 || expected[p]! > 0),
  );
  const top = options[0]!.score;
  const chance = options.map((o) => Math.exp(o.score - top));
  const sum = chance.reduce((a, b) => a + b, 0);
  const radius = (o: Option): number =>
    o.partition < 0 && o.connected === undefined ? zones.circles.km[zones.circles.starts[o.zone]! + o.reach - 1]! : 0;
  let best = 0;
  let bestOverlap = -1;
  for (let i = 0; i < options.length; i++) {
    let overlap = 0;
    for (let j = 0; j < options.length; j++) overlap += chance[j]! * jaccard(members[i]!, members[j]!, weight);
    // Of circles that hold the same sites the tightest is the one to name.
    const same = Math.abs(overlap - bestOverlap) < 1e-9 * sum;
    if (same ? radius(options[i]!) < radius(options[best]!) : overlap > bestOverlap) {
      best = i;
      bestOverlap = overlap;
    }
  }
  const inclusion = new Float64Array(observed.length);
  members.forEach((sites, i) => {
    for (const p of sites) inclusion[p]! += chance[i]! / sum;
  });
  const fringe: number[] = [];
  for (let p = 0; p < inclusion.length; p++) if (inclusion[p]! >= FRINGE) fringe.push(p);
  const chosen = options[best]!;
  const circle = chosen.partition < 0 && chosen.connected === undefined;
  return {
    kind: circle ? "circle" : (zones.partitions[chosen.partition]?.kind ?? "connected"),
    sites: members[best]!,
    radiusKm: radius(chosen),
    centre: circle ? chosen.zone : -1,
    fringe,
    ...(divided && { isOneOfSeveral: true }),
  };
}

function optionsOf(
  kind: EvidenceKind,
  zones: Zones,
  observed: Float64Array,
  expected: Float64Array,
  divided: boolean,
): Option[] {
  const options: Option[] = [];
  let top = 0;
  const offer = (partition: number, zone: number, reach: number, score: number): void => {
    if (score <= top - WORTH_WEIGHING || score <= 0) return;
    top = Math.max(top, score);
    options.push({ partition, zone, reach, score });
  };
  zones.partitions.forEach((partition, k) => {
    const o = new Float64Array(partition.count);
    const e = new Float64Array(partition.count);
    for (let p = 0; p < observed.length; p++) {
      const z = partition.zoneOf[p]!;
      if (z < 0 || expected[p]! <= 0) continue;
      o[z]! += observed[p]!;
      e[z]! += expected[p]!;
    }
    if (partition.kind === "world" && divided) return;
    const prior = Math.log(partition.count);
    for (let z = 0; z < partition.count; z++) offer(k, z, 0, logLikelihoodRatio(kind, o[z]!, e[z]!) - prior);
  });
  const { starts, site, count } = zones.circles;
  const prior = Math.log(count);
  for (let p = 0; p < observed.length; p++) {
    let [o, e] = [0, 0];
    for (let i = starts[p]!; i < starts[p + 1]!; i++) {
      o += observed[site[i]!]!;
      e += expected[site[i]!]!;
      if (expected[site[i]!]! > 0) offer(-1, p, i - starts[p]! + 1, logLikelihoodRatio(kind, o, e) - prior);
    }
  }
  const grown = connectedSites(kind, zones.circles, observed, expected);
  if (grown !== null && grown.score > Math.max(0, top - WORTH_WEIGHING)) {
    top = Math.max(top, grown.score);
    options.push({ partition: -1, zone: -1, reach: 0, score: grown.score, connected: grown.sites });
  }
  const kept = options.filter((o) => o.score > top - WORTH_WEIGHING);
  return kept
    .sort((a, b) => b.score - a.score || b.partition - a.partition || a.zone - b.zone || a.reach - b.reach)
    .slice(0, MAX_WEIGHED);
}

/** Whether a good part of the world clearly does not depart as the rest does. */
function isDivided(kind: EvidenceKind, { partitions }: Zones, observed: Float64Array, expected: Float64Array): boolean {
  const countries = partitions.find((partition) => partition.kind === "country");
  const world = partitions.find((partition) => partition.kind === "world");
  if (countries === undefined || world?.count !== 1) return false;
  const [o, e] = [new Float64Array(countries.count + 1), new Float64Array(countries.count + 1)];
  let [shown, usual] = [0, 0];
  for (let p = 0; p < observed.length; p++) {
    if (expected[p]! <= 0) continue;
    const c = countries.zoneOf[p]! + 1;
    o[c]! += observed[p]!;
    e[c]! += expected[p]!;
    shown += observed[p]!;
    usual += expected[p]!;
  }
  const ratio = shown / Math.max(1e-9, usual);
  // Scores of latencies are about 0 as a rule, counts about what was expected.
  const [base, sign] = [kind === "latency" ? 0 : 1, kind === "drop" ? 1 : -1];
  let aside = 0;
  for (let c = 0; c < e.length; c++) {
    const apart = sign * (o[c]! - ((ratio + base) / 2) * e[c]!);
    const deviation = Math.sqrt(kind === "latency" ? e[c]! : ratio * e[c]! + 0.25);
    if (apart > 0 && sign * (o[c]! - ratio * e[c]!) > CLEARLY * deviation) aside += e[c]!;
  }
  return aside >= ASIDE * usual;
}

function jaccard(a: readonly number[], b: readonly number[], weight: Float64Array): number {
  const inA = new Set(a);
  let both = 0;
  let either = 0;
  for (const p of a) either += weight[p]!;
  for (const p of b) {
    if (inA.has(p)) both += weight[p]!;
    else either += weight[p]!;
  }
  return either > 0 ? both / either : 0;
}
