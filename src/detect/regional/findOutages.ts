import type { Cube } from "../../cube/cube.js";
import type { Finding } from "../finding.js";
import { apartFromDips } from "./incidents/apartFromDips.js";
import { globalDips } from "./incidents/globalDip.js";
import { countSeries, incidentFacts, round } from "./incidents/incidentFacts.js";
import { incidentFinding, whereOf, zoneSlice } from "./incidents/incidentFinding.js";
import { mergeIncidents } from "./incidents/mergeIncidents.js";
import { movedElsewhere } from "./incidents/movedElsewhere.js";
import { sameIncident, tellsOf } from "./incidents/sameIncident.js";
import { severityOf } from "./incidents/severityOf.js";
import { sliceCause } from "./incidents/sliceCause.js";
import { type RegionalOptions, type RegionalSettings, regionalSettings, SLICE_SHARE } from "./regionalOptions.js";
import type { Incident, RegionalWatch } from "./scan/regionalWatch.js";
import { countSlices, sliceScenes } from "./series/sliceScenes.js";
import { type Scene, sceneOf, watchScene } from "./series/watchCube.js";
import { DropChannel } from "./signals/dropChannel.js";
import { ErrorChannel } from "./signals/errorChannel.js";

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
  const scene = sceneOf(cube, settings.guards);
  if (scene.traffic.bucketCount === 0) return [];
  const slices = countSlices(scene);
  const share = slices > 0 ? 1 - SLICE_SHARE : 1;
  const errors = watchScene(scene, new ErrorChannel(scene.traffic), settings, share);
  const drops = watchScene(scene, new DropChannel(scene.traffic, settings.guards), settings, share);
  const dips = globalDips(scene.traffic, drops.channel, drops.watch);
  const regional = mergeIncidents(apartFromDips(drops.watch.incidents, dips), scene.traffic.sites);
  const failed = errors.incidents.map((incident) => errorFinding(scene, errors.watch, incident));
  const fallen = regional.map((incident) => dropFinding(scene, drops.watch, incident));
  const global = dips.map((incident) => dropFinding(scene, drops.watch, incident, drops.channel));
  // Requests that fail may also stop coming: the failing is the finding.
  const found = [...global, ...failed, ...fallen.filter((f) => !failed.some((other) => sameIncident(f, other)))];
  for (const slice of sliceScenes(scene, settings.guards))
    for (const finding of sliceOutages(slice, settings, SLICE_SHARE / slices))
      if (!found.some((other) => tellsOf(other, finding))) found.push(finding);
  return found;
}

/** Outages of a provider, a service, a release: worst evidence first, failing before vanishing. */
function sliceOutages(scene: Scene, settings: RegionalSettings, share: number): Finding[] {
  const errors = watchScene(scene, new ErrorChannel(scene.traffic), settings, share);
  const drops = watchScene(scene, new DropChannel(scene.traffic, settings.guards), settings, share);
  const lost = drops.incidents.filter((incident) => !movedElsewhere(scene, drops.watch, incident));
  return [
    ...errors.incidents.map((incident) => errorFinding(scene, errors.watch, incident)),
    ...lost.map((incident) => dropFinding(scene, drops.watch, incident)),
  ];
}

function dropFinding(scene: Scene, watch: RegionalWatch, incident: Incident, global?: DropChannel): Finding {
  const facts = incidentFacts(scene.traffic, watch, incident);
  const scale = global === undefined ? 1 : meanMovement(global, incident);
  const expected = facts.expected / scale;
  const common = incidentFinding(scene, watch, incident, facts);
  const { dimension, slice } = zoneSlice(scene, incident);
  const { cause, dimensions } = sliceCause(scene, incident, expected, slice);
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
      margin: incident.surprise - incident.threshold,
      minutes: ((incident.to - incident.from + 1) * scene.traffic.bucketMs) / 60_000,
    }),
    title: `Traffic from ${whereOf(scene, incident, common.region.name)} down ${percent(share)} (${Math.round(facts.observed)} of ${Math.round(expected)} expected)`,
    dimensions: { ...dimension, ...dimensions },
    measure: "requests",
    observed: Math.round(facts.observed),
    expected: round(expected),
    expectedInterval: [Math.round(facts.interval[0] / scale), Math.round(facts.interval[1] / scale)],
    cause,
    series: countSeries(scene.traffic, watch, incident),
  };
}

/** A dip's expectation was lowered by the common movement itself: this undoes it. */
function meanMovement(channel: DropChannel, { from, to }: Incident): number {
  let sum = 0;
  for (let t = from; t <= to; t++) sum += channel.movement[t]!;
  return Math.max(0.001, sum / (to - from + 1));
}

function errorFinding(scene: Scene, watch: RegionalWatch, incident: Incident): Finding {
  const facts = incidentFacts(scene.traffic, watch, incident);
  const common = incidentFinding(scene, watch, incident, facts);
  const { dimension, slice } = zoneSlice(scene, incident);
  const { cause, dimensions } = sliceCause(scene, incident, facts.expected, slice);
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
      margin: incident.surprise - incident.threshold,
      minutes: ((incident.to - incident.from + 1) * scene.traffic.bucketMs) / 60_000,
    }),
    title: `${percent(share)} of requests from ${whereOf(scene, incident, common.region.name)} fail (${Math.round(facts.observed)} of ${Math.round(facts.requests)}, ${round(facts.expected)} expected)`,
    dimensions: { ...dimension, ...dimensions },
    measure: "errors",
    observed: Math.round(facts.observed),
    expected: round(facts.expected),
    expectedInterval: facts.interval,
    cause,
    series: countSeries(scene.traffic, watch, incident),
  };
}

const percent = (share: number): string => `${share >= 0.0995 ? Math.round(share * 100) : round(share * 100)}%`;
