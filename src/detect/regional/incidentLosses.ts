import { logPoissonUpperTail } from "../../stats/countTails.js";
import type { Incident, SequentialScan } from "./scan/sequentialScan.js";
import type { Traffic } from "./series/trafficColumns.js";
import { UsualCounts } from "./usualCounts.js";
import { type Span, worstHours } from "./worstHours.js";

/** A place is left out of an outage where chance alone would let one that lost enough keep so much only this seldom. */
const SURELY_LESS = Math.log(0.01);
/** … unless its own worst hours are so far below what was expected. */
const MIN_DEVIATIONS = 5;
/** Relative standard deviation that a place's worst hours are granted at the most: an outage is beyond it. */
const MOST_SPREAD = 0.09;
/** What all others did counts as much as usual traffic of this share of everything. */
const OTHERS_SHARE = 0.05;
/** An incident of everything whose places are a smaller share of all is one of these places. */
const EVERYTHING = 0.6;

/** What a place lost, and when. */
export interface PlaceSpan extends Span {
  readonly place: number;
}

/** What was usual of a place in a bucket. */
export type Usual = (bucket: number, place: number) => number;

/** Tells which places an incident is of, each by its own worst hours. */
export class IncidentLosses {
  readonly traffic: Traffic;
  readonly #usual: UsualCounts;
  readonly #watch: SequentialScan;
  readonly minLoss: number;

  /** @param minLoss - the share that a place must lose */
  constructor(traffic: Traffic, watch: SequentialScan, minLoss: number) {
    this.traffic = traffic;
    this.#usual = new UsualCounts(traffic.requests, traffic.sites.length, traffic.bucketMs);
    this.#watch = watch;
    this.minLoss = minLoss;
  }

  /** The places of an incident, by number, and what was usual of each. */
  of(incident: Incident): { readonly spans: PlaceSpan[]; readonly usual: Usual } {
    const members = [...incident.zone.sites].sort((a, b) => a - b);
    const everything = incident.zone.kind === "world";
    const found = this.#spans(incident, members, everything);
    if (!everything || found.spans.length === 0 || this.#shareOf(found) >= EVERYTHING) return found;
    const places = found.spans.map((span) => span.place);
    return this.#spans(incident, places, false);
  }

  /** Observed and usual of some places together, up to a bucket. */
  seriesOf(spans: readonly PlaceSpan[], usual: Usual, to: number): { observed: Float64Array; expected: Float64Array } {
    const { requests, sites } = this.traffic;
    const [observed, expected] = [new Float64Array(to + 1), new Float64Array(to + 1)];
    for (let t = 0; t <= to; t++)
      for (const { place } of spans) {
        observed[t]! += requests[t * sites.length + place]!;
        expected[t]! += usual(t, place);
      }
    return { observed, expected };
  }

  #spans(incident: Incident, members: readonly number[], everything: boolean) {
    const { requests, sites } = this.traffic;
    const n = sites.length;
    const factors = this.#movementOfOthers(incident.to, new Set(members), everything);
    const usual: Usual = (t, p) => this.#usual.at(t)[p]! * factors[t]!;
    const spans = members.flatMap((place): PlaceSpan[] => {
      const observed = (t: number): number => requests[t * n + place]!;
      const span = this.#span(place, observed, (t) => usual(t, place), incident);
      return span === null ? [] : [{ ...span, place }];
    });
    return { spans, usual };
  }

  /** When a place was part of an incident: its worst hours; null where it surely kept more than an outage leaves. */
  #span(
    place: number,
    observed: (bucket: number) => number,
    expected: (bucket: number) => number,
    incident: Incident,
  ): Span | null {
    const { from, to } = incident;
    const worst = worstHours(observed, expected, from, to, this.minLoss);
    let [o, e] = [0, 0];
    for (let t = from; t <= to; t++) {
      o += observed(t);
      e += expected(t);
    }
    const throughout = logPoissonUpperTail(Math.round(o), (1 - this.minLoss) * e) >= SURELY_LESS;
    if (throughout) return worst ?? { from, to, observed: o, expected: e };
    if (worst === null) return null;
    const extra = this.#watch.extraVariance(incident, [place], worst.from, worst.to);
    const variance = worst.expected + Math.min(extra, (MOST_SPREAD * worst.expected) ** 2);
    return (worst.expected - worst.observed) / Math.sqrt(variance) >= MIN_DEVIATIONS ? worst : null;
  }

  /** The share of everything usual, in the worst hours, that the places are. */
  #shareOf({ spans, usual }: { readonly spans: readonly PlaceSpan[]; readonly usual: Usual }): number {
    const n = this.traffic.sites.length;
    const { from } = spans.reduce((a, b) => (b.expected > a.expected ? b : a));
    let all = 0;
    for (let p = 0; p < n; p++) all += usual(from, p);
    return spans.reduce((sum, span) => sum + usual(from, span.place), 0) / Math.max(1e-9, all);
  }

  /** By what factor all other places were above their usual counts in each bucket: a weekend, a holiday, a lost collector. */
  #movementOfOthers(to: number, members: ReadonlySet<number>, everything: boolean): Float64Array {
    const factors = new Float64Array(to + 1).fill(1);
    if (everything) return factors;
    const { requests, sites } = this.traffic;
    const n = sites.length;
    for (let t = 0; t <= to; t++) {
      const usual = this.#usual.at(t);
      let [o, e, all] = [0, 0, 0];
      for (let p = 0; p < n; p++) {
        all += usual[p]!;
        if (members.has(p)) continue;
        o += requests[t * n + p]!;
        e += usual[p]!;
      }
      const weight = OTHERS_SHARE * all; // few others tell little: they are drawn towards "as usual"
      if (all > 0) factors[t] = (o + weight) / (e + weight);
    }
    return factors;
  }
}
