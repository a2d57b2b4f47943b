import type { Cube } from "../../cube/cube.js";
import type { Finding, FindingSeries } from "../finding.js";
import { explainsSlowdown } from "./incidents/explainsSlowdown.js";
import { chartRange, round, surroundings } from "./incidents/incidentFacts.js";
import { incidentFinding, whereOf, zoneSlice } from "./incidents/incidentFinding.js";
import { localizedCauses } from "./incidents/localizedCauses.js";
import { isDuplicateOf } from "./incidents/sameIncident.js";
import { severityOf } from "./incidents/severityOf.js";
import { titleWithCause } from "./incidents/titleWithCause.js";
import { type RegionalOptions, type RegionalSettings, regionalSettings, SLICE_SHARE } from "./regionalOptions.js";
import type { Incident, SequentialScan } from "./scan/sequentialScan.js";
import { type RegionalSeries, regionalSeries, type Watched, watchSeries } from "./series/regionalSeries.js";
import { countSlices, sliceSeries } from "./series/sliceSeries.js";
import { latencyOfBin, SERIES_LATENCY_BINS, type Traffic } from "./series/trafficColumns.js";
import { LatencySignal } from "./signals/latencySignal.js";

/**
 * Finds regions that have become slow (`latency`), one finding an incident.
 *
 * Each request is ranked among the past ones of its own place, so a place that is slow because it is far, and always
 * was, is none. Needs three hours of history. Throws `bad-detect-option`.
 */
export function findHotspots(cube: Cube, options: RegionalOptions = {}): Finding[] {
  return hotspotsUnder(cube, regionalSettings(options));
}

/** The same under settings. */
export function hotspotsUnder(cube: Cube, settings: RegionalSettings): Finding[] {
  const series = regionalSeries(cube, settings.guards, settings.sources);
  if (series.traffic.bucketCount === 0 || series.traffic.latency.site.length === 0) return [];
  const slices = countSlices(series);
  const watchesOf = (slice: RegionalSeries, share: number): LatencyWatches => ({
    series: slice,
    latency: watchSeries(slice, new LatencySignal(slice.traffic), settings, share),
  });
  return hotspotFindings(
    watchesOf(series, slices > 0 ? 1 - SLICE_SHARE : 1),
    sliceSeries(series).map((slice) => watchesOf(slice, SLICE_SHARE / slices)),
  );
}

/** A watch over the latencies of a series. */
export interface LatencyWatches {
  readonly series: RegionalSeries;
  readonly latency: Watched<LatencySignal>;
}

/** What watches over places and over the values of dimensions have found, as findings: each incident once. */
export function hotspotFindings(places: LatencyWatches, slices: readonly LatencyWatches[]): Finding[] {
  let found = hotspotsIn(places).map(({ finding }) => finding);
  for (const slice of slices)
    for (const { finding, watch, incident } of hotspotsIn(slice)) {
      const told = found.filter((other) => isDuplicateOf(other, finding));
      if (told.length > 0 && !explainsSlowdown(slice.series, watch, incident)) continue;
      found = [...found.filter((other) => !told.includes(other)), finding];
    }
  return found;
}

function hotspotsIn({ series, latency: { signal, watch, incidents } }: LatencyWatches) {
  return incidents.map((incident) => ({ finding: hotspotFinding(series, signal, watch, incident), watch, incident }));
}

function hotspotFinding(
  series: RegionalSeries,
  signal: LatencySignal,
  watch: SequentialScan,
  incident: Incident,
): Finding {
  const facts = surroundings("visits", series.traffic, watch, incident, 1);
  const common = incidentFinding(series, watch, incident, facts);
  const now = latenciesOf(series.traffic, incident, incident.from, incident.to);
  const usual = usualLatencies(series.traffic, signal, incident);
  const total = sumOf(now);
  const [p50, p95] = [quantile(now, 0.5), quantile(now, 0.95)];
  const [usualP50, usualP95] = [quantile(usual, 0.5), quantile(usual, 0.95)];
  const spread = total > 0 ? 1.96 * Math.sqrt((0.95 * 0.05) / total) : 0.05;
  const { dimension, slice } = zoneSlice(series, incident);
  const cause = localizedCauses(series, incident, slice, { slowMs: usualP95 });
  const title = `${whereOf(series, incident, common.region.name)} is slow: p95 ${Math.round(p95)} ms, usually ${Math.round(usualP95)} ms`;
  const factor = usualP50 > 0 ? p50 / usualP50 : 1;
  return {
    ...common,
    kind: "latency-hotspot",
    subtype: "latency",
    severity: severityOf({
      requests: total,
      shareOfWorld: (total / Math.max(1, facts.worldAmount)) * Math.min(1, Math.max(0, factor - 1)),
      shareOfRegion: Math.min(1, Math.max(0, factor - 1)) / 2,
      margin: incident.negLogP - incident.threshold,
      minutes: ((incident.to - incident.from + 1) * series.traffic.bucketMs) / 60_000,
    }),
    title: titleWithCause(title, "what is slow", cause, slice),
    dimensions: dimension,
    measure: "p95_latency_ms",
    observed: round(p95),
    expected: round(usualP95),
    expectedInterval: [
      round(quantile(usual, Math.max(0, 0.95 - spread))),
      round(quantile(usual, Math.min(1, 0.95 + spread))),
    ],
    cause,
    series: latencySeries(series.traffic, incident, usualP50),
    evidence: {
      ...common.evidence,
      p50Ms: round(p50),
      usualP50Ms: round(usualP50),
      slowdown: round(factor),
      requests: total,
    },
  };
}

function latenciesOf(traffic: Traffic, incident: Incident, from: number, to: number): Float64Array {
  const bins = new Float64Array(SERIES_LATENCY_BINS);
  const members = new Set(incident.zone.sites);
  const { starts, site, bin, weight } = traffic.latency;
  for (let i = starts[from]!; i < starts[to + 1]!; i++) if (members.has(site[i]!)) bins[bin[i]!]! += weight[i]!;
  return bins;
}

/** What the region's sites usually show, each weighted by its traffic during the incident. */
function usualLatencies(traffic: Traffic, signal: LatencySignal, incident: Incident): Float64Array {
  const usual = new Float64Array(SERIES_LATENCY_BINS);
  const n = traffic.sites.length;
  for (const s of incident.zone.sites) {
    const past = signal.past.subarray(s * SERIES_LATENCY_BINS, (s + 1) * SERIES_LATENCY_BINS);
    const all = past.reduce((a, b) => a + b, 0);
    let weight = 0;
    for (let t = incident.from; t <= incident.to; t++) weight += traffic.requests[t * n + s]!;
    if (all > 0) for (let b = 0; b < SERIES_LATENCY_BINS; b++) usual[b]! += (weight * past[b]!) / all;
  }
  return usual;
}

/** Medians by bucket: a quantile further out would be chance where a bucket holds a dozen requests. */
function latencySeries(traffic: Traffic, incident: Incident, usualP50: number): FindingSeries {
  const [first, last] = chartRange(traffic, incident);
  const series = {
    measure: "p50_latency_ms",
    bucketMs: traffic.bucketMs,
    timeMs: [] as number[],
    observed: [] as (number | null)[],
    expected: [] as number[],
  };
  for (let t = first; t <= last; t++) {
    const bins = latenciesOf(traffic, incident, t, t);
    series.timeMs.push(traffic.originMs + t * traffic.bucketMs);
    series.observed.push(sumOf(bins) > 0 ? round(quantile(bins, 0.5)) : null);
    series.expected.push(round(usualP50));
  }
  return series;
}

const sumOf = (bins: Float64Array): number => bins.reduce((a, b) => a + b, 0);

/** The latency at the middle of the first bin with at least the share q at or below it; 0 without any. */
function quantile(bins: Float64Array, q: number): number {
  const rank = q * sumOf(bins);
  let below = 0;
  for (let b = 0; b < bins.length; b++) {
    below += bins[b]!;
    if (below >= rank && below > 0) return latencyOfBin(b);
  }
  return 0;
}
