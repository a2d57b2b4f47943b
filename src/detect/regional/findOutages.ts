import type { Cube } from "../../cube/cube.js";
import type { Finding } from "../finding.js";
import { excludeGlobalDrops } from "./incidents/excludeGlobalDrops.js";
import { globalDrops } from "./incidents/globalDrop.js";
import { countSeries, incidentFacts, round } from "./incidents/incidentFacts.js";
import { incidentFinding, whereOf, zoneSlice } from "./incidents/incidentFinding.js";
import { isTrafficShift } from "./incidents/isTrafficShift.js";
import { mergeIncidents } from "./incidents/mergeIncidents.js";
import { isDuplicateOf, sameIncident } from "./incidents/sameIncident.js";
import { severityOf } from "./incidents/severityOf.js";
import { sliceCause } from "./incidents/sliceCause.js";
import { type RegionalOptions, type RegionalSettings, regionalSettings, SLICE_SHARE } from "./regionalOptions.js";
import type { Incident, SequentialScan } from "./scan/sequentialScan.js";
import { type RegionalSeries, regionalSeries, watchSeries } from "./series/regionalSeries.js";
import { countSlices, sliceSeries } from "./series/sliceSeries.js";
import { ErrorSignal } from "./signals/errorSignal.js";
import { TrafficSignal } from "./signals/trafficSignal.js";

/**
 * Finds regions whose traffic fell away (`traffic-drop`) or whose requests fail (`errors`), one finding an incident.
 *
 * Drops need a day of history, errors two hours: before that nothing is judged. Buckets that may still receive requests
 * are not judged either. Throws `bad-detect-option`.
 */
export function findOutages(cube: Cube, options: RegionalOptions = {}): Finding[] {
  return outagesUnder(cube, regionalSettings(options));
}

/** The same under settings of which tests switch guards off. */
export function outagesUnder(cube: Cube, settings: RegionalSettings): Finding[] {
  const series = regionalSeries(cube, settings.guards);
  if (series.traffic.bucketCount === 0) return [];
  const slices = countSlices(series);
  const share = slices > 0 ? 1 - SLICE_SHARE : 1;
  const errors = watchSeries(series, new ErrorSignal(series.traffic), settings, share);
  const drops = watchSeries(series, new TrafficSignal(series.traffic, settings.guards), settings, share);
  const dips = globalDrops(series.traffic, drops.signal, drops.watch);
  const regional = mergeIncidents(excludeGlobalDrops(drops.watch.incidents, dips), series.traffic.sites);
  const failed = errors.incidents.map((incident) => errorFinding(series, errors.watch, incident));
  const fallen = regional.map((incident) => dropFinding(series, drops.watch, incident));
  const global = dips.map((incident) => dropFinding(series, drops.watch, incident, drops.signal));
  // Requests that fail may also stop coming: the failing is the finding.
  const found = [...global, ...failed, ...fallen.filter((f) => !failed.some((other) => sameIncident(f, other)))];
  for (const slice of sliceSeries(series, settings.guards))
    for (const finding of sliceOutages(slice, settings, SLICE_SHARE / slices))
      if (!found.some((other) => isDuplicateOf(other, finding))) found.push(finding);
  return found;
}

/** Outages of a provider, a service, a release: worst evidence first, failing before vanishing. */
function sliceOutages(series: RegionalSeries, settings: RegionalSettings, share: number): Finding[] {
  const errors = watchSeries(series, new ErrorSignal(series.traffic), settings, share);
  const drops = watchSeries(series, new TrafficSignal(series.traffic, settings.guards), settings, share);
  const lost = drops.incidents.filter((incident) => !isTrafficShift(series, drops.watch, incident));
  return [
    ...errors.incidents.map((incident) => errorFinding(series, errors.watch, incident)),
    ...lost.map((incident) => dropFinding(series, drops.watch, incident)),
  ];
}

function dropFinding(
  series: RegionalSeries,
  watch: SequentialScan,
  incident: Incident,
  global?: TrafficSignal,
): Finding {
  const facts = incidentFacts(series.traffic, watch, incident);
  const scale = global === undefined ? 1 : meanMovement(global, incident);
  const expected = facts.expected / scale;
  const common = incidentFinding(series, watch, incident, facts);
  const { dimension, slice } = zoneSlice(series, incident);
  const { cause, dimensions } = sliceCause(series, incident, expected, slice);
  const lost = Math.max(0, expected - facts.observed);
  const share = expected > 0 ? lost / expected : 0;
  return {
    ...common,
    kind: "regional-outage",
    subtype: "traffic-drop",
    severity: severityOf({
      requests: lost,
      shareOfWorld: lost / Math.max(1, facts.worldRequests / scale),
      shareOfRegion: share,
      margin: incident.negLogP - incident.threshold,
      minutes: ((incident.to - incident.from + 1) * series.traffic.bucketMs) / 60_000,
    }),
    title: `Traffic from ${whereOf(series, incident, common.region.name)} down ${percent(share)} (${Math.round(facts.observed)} of ${Math.round(expected)} expected)`,
    dimensions: { ...dimension, ...dimensions },
    measure: "requests",
    observed: Math.round(facts.observed),
    expected: round(expected),
    expectedInterval: [Math.round(facts.interval[0] / scale), Math.round(facts.interval[1] / scale)],
    cause,
    series: countSeries(series.traffic, watch, incident),
  };
}

/** A dip's expectation was lowered by the common movement itself: this undoes it. */
function meanMovement(signal: TrafficSignal, { from, to }: Incident): number {
  let sum = 0;
  for (let t = from; t <= to; t++) sum += signal.movement[t]!;
  return Math.max(0.001, sum / (to - from + 1));
}

function errorFinding(series: RegionalSeries, watch: SequentialScan, incident: Incident): Finding {
  const facts = incidentFacts(series.traffic, watch, incident);
  const common = incidentFinding(series, watch, incident, facts);
  const { dimension, slice } = zoneSlice(series, incident);
  const { cause, dimensions } = sliceCause(series, incident, facts.expected, slice);
  const excess = Math.max(0, facts.observed - facts.expected);
  const share = facts.requests > 0 ? facts.observed / facts.requests : 0;
  return {
    ...common,
    kind: "regional-outage",
    subtype: "errors",
    severity: severityOf({
      requests: excess,
      shareOfWorld: excess / Math.max(1, facts.worldRequests),
      shareOfRegion: share,
      margin: incident.negLogP - incident.threshold,
      minutes: ((incident.to - incident.from + 1) * series.traffic.bucketMs) / 60_000,
    }),
    title: `${percent(share)} of requests from ${whereOf(series, incident, common.region.name)} fail (${Math.round(facts.observed)} of ${Math.round(facts.requests)}, ${round(facts.expected)} expected)`,
    dimensions: { ...dimension, ...dimensions },
    measure: "errors",
    observed: Math.round(facts.observed),
    expected: round(facts.expected),
    expectedInterval: facts.interval,
    cause,
    series: countSeries(series.traffic, watch, incident),
  };
}

const percent = (share: number): string => `${share >= 0.0995 ? Math.round(share * 100) : round(share * 100)}%`;
