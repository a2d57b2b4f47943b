import type { Cube } from "../../cube/cube.js";
import type { Cause, Finding, Severity } from "../finding.js";
import { coverageFinding } from "./incidents/coverageFinding.js";
import { dayOff } from "./incidents/dayOff.js";
import { excludeGlobalDrops } from "./incidents/excludeGlobalDrops.js";
import { type IncidentFacts, incidentFacts, round } from "./incidents/incidentFacts.js";
import { incidentFinding, whereOf, zoneSlice } from "./incidents/incidentFinding.js";
import { isTrafficShift } from "./incidents/isTrafficShift.js";
import { lostSourceFindings } from "./incidents/lostSourceFindings.js";
import { mergeIncidents } from "./incidents/mergeIncidents.js";
import { isMissingDays } from "./incidents/missingDays.js";
import { narrowZone } from "./incidents/narrowZone.js";
import { isDuplicateOf, sameIncident } from "./incidents/sameIncident.js";
import { severityOf } from "./incidents/severityOf.js";
import { sliceCause } from "./incidents/sliceCause.js";
import { titleWithCause } from "./incidents/titleWithCause.js";
import { type WorldDrop, type WorldWatch, watchWorld } from "./incidents/worldDrops.js";
import {
  CHANNELS,
  type RegionalOptions,
  type RegionalSettings,
  regionalSettings,
  SLICE_SHARE,
} from "./regionalOptions.js";
import type { Incident, SequentialScan } from "./scan/sequentialScan.js";
import { refusalSeries } from "./series/refusals.js";
import { type RegionalSeries, regionalSeries, type Watched, watchSeries } from "./series/regionalSeries.js";
import { countSlices, sliceSeries } from "./series/sliceSeries.js";
import { ErrorSignal } from "./signals/errorSignal.js";
import { TrafficSignal } from "./signals/trafficSignal.js";

/** The share of drops' part of the promised rate that drops of everything have besides. */
const WORLD_SHARE = 0.2;

/**
 * Finds regions whose traffic fell away (`traffic-drop`) or whose requests fail (`errors`) or are turned away (`refused`: 403, 429, a 404 that never was), one finding an incident.
 *
 * Drops need a day of history, errors two hours: before that nothing is judged. Buckets that may still receive requests
 * are not judged either. Throws `bad-detect-option`.
 */
export function findOutages(cube: Cube, options: RegionalOptions = {}): Finding[] {
  return outagesUnder(cube, regionalSettings(options));
}

/** The same under settings of which tests switch guards off. */
export function outagesUnder(cube: Cube, settings: RegionalSettings): Finding[] {
  const { holidays } = settings;
  const series = { ...regionalSeries(cube, settings.guards, settings.sources), holidays };
  if (series.traffic.bucketCount === 0) return [];
  const slices = countSlices(series);
  const share = slices > 0 ? 1 - SLICE_SHARE : 1;
  const errors = watchSeries(series, new ErrorSignal(series.traffic), settings, share / 2);
  const drops = watchSeries(series, new TrafficSignal(series.traffic, settings.guards), settings, share);
  const refusing = refusalSeries(series);
  const refusals = watchSeries(refusing, new ErrorSignal(refusing.traffic), settings, share / 2);
  const { movement } = drops.signal;
  const world = watchWorld(series.traffic, drops.watch, movement, settings.guards, worldAlarms(settings, share));
  const sliced = sliceSeries(series).map((slice) => watchSlice(slice, settings, SLICE_SHARE / slices));
  const watches = { series, errors, drops, refusing, refusals, world };
  return outageFindings(watches, sliced, [...told([coverageFinding(series)]), ...lostSourceFindings(series)]);
}

/** How often drops of everything may alarm. */
export function worldAlarms({ falseAlarmsPerWeek }: RegionalSettings, share: number): number {
  return (WORLD_SHARE * share * falseAlarmsPerWeek) / CHANNELS;
}

/** The watches over places that tell of outages. */
export interface OutageWatches {
  readonly series: RegionalSeries;
  readonly errors: Watched<ErrorSignal>;
  readonly drops: Watched<TrafficSignal>;
  readonly refusing: RegionalSeries;
  readonly refusals: Watched<ErrorSignal>;
  readonly world: WorldWatch;
}

/** Those over the values of a dimension. */
export interface SliceWatches {
  readonly series: RegionalSeries;
  readonly errors: Watched<ErrorSignal>;
  readonly drops: Watched<TrafficSignal>;
}

/**
 * What watches have found, as findings: each incident once.
 *
 * @param sources - what is to be told of the log's sources
 */
export function outageFindings(
  { series, errors, drops, refusing, refusals, world }: OutageWatches,
  slices: readonly SliceWatches[],
  sources: readonly Finding[],
): Finding[] {
  const dips = world.drops.map(({ incident }) => incident);
  const lost = drops.watch.incidents.filter((incident) => !isTrafficShift(series, drops.watch, incident));
  const regional = mergeIncidents(excludeGlobalDrops(lost, dips), series.traffic.sites);
  const failed = told(errors.incidents.map((incident) => errorFinding(series, errors.watch, incident)));
  const refused = told(refusals.incidents.map((incident) => errorFinding(refusing, refusals.watch, incident)));
  const fallen = told(regional.map((incident) => dropFinding(series, drops.watch, incident)));
  const global = told(world.drops.map((drop) => worldFinding(series, world, drop)));
  // Requests that fail may also stop coming: the failing is the finding.
  const apart = (finding: Finding, ...others: readonly Finding[]): boolean =>
    !others.some((other) => sameIncident(finding, other));
  const answered = [...failed, ...refused.filter((f) => apart(f, ...failed))];
  const found = [...sources, ...global, ...answered, ...fallen.filter((f) => apart(f, ...answered))];
  for (const slice of slices)
    for (const finding of sliceOutages(slice))
      if (!found.some((other) => isDuplicateOf(other, finding))) found.push(finding);
  return found;
}

const told = (findings: readonly (Finding | null)[]): Finding[] => findings.filter((f) => f !== null);

function watchSlice(series: RegionalSeries, settings: RegionalSettings, share: number): SliceWatches {
  const errors = watchSeries(series, new ErrorSignal(series.traffic), settings, share);
  const drops = watchSeries(series, new TrafficSignal(series.traffic, settings.guards), settings, share);
  return { series, errors, drops };
}

/** Outages of a provider, a service, a release: worst evidence first, failing before vanishing. */
function sliceOutages({ series, errors, drops }: SliceWatches): Finding[] {
  const lost = drops.watch.incidents.filter((incident) => !isTrafficShift(series, drops.watch, incident));
  return told([
    ...errors.incidents.map((incident) => errorFinding(series, errors.watch, incident)),
    ...lost.map((incident) => dropFinding(series, drops.watch, incident)),
  ]);
}

function dropFinding(series: RegionalSeries, watch: SequentialScan, found: Incident): Finding | null {
  const incident = narrowZone(series, watch, found);
  const facts = incidentFacts(series.traffic, watch, incident);
  const common = incidentFinding(series, watch, incident, facts);
  const { dimension, slice } = zoneSlice(series, incident);
  const { cause, dimensions } = sliceCause(series, incident, facts.expected, slice);
  const where = whereOf(series, incident, common.region.name);
  const off = dayOff(series.traffic, incident, series.holidays ?? {});
  const told = { ...dimension, ...dimensions };
  return dropOf(series, incident, facts, { common, where, cause, slice, off, dimensions: told });
}

/** A drop of everything: where is told by the places, how much by the world as a whole. */
function worldFinding(series: RegionalSeries, world: WorldWatch, drop: WorldDrop): Finding | null {
  const facts = incidentFacts(world.traffic, world.watch, drop.incident);
  const zone = { ...drop.incident.zone, kind: "world", sites: drop.sites };
  const incident = { ...drop.incident, zone };
  const weight = new Float64Array(series.traffic.sites.length).fill(1);
  const common = incidentFinding(series, world.watch, incident, { weight });
  const { cause, dimensions } = sliceCause(series, incident, facts.expected, {});
  const parts = { common, where: common.region.name, cause, slice: {}, off: "no", dimensions } as const;
  return dropOf(series, drop.incident, facts, parts);
}

interface DropParts {
  readonly common: ReturnType<typeof incidentFinding>;
  readonly where: string;
  readonly cause: readonly Cause[];
  /** What the region itself is. */
  readonly slice: Readonly<Record<string, string>>;
  /** Whether it is a country's day off; the world has none. */
  readonly off: ReturnType<typeof dayOff>;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** Null where the incident's own numbers do not bear it out: then there is nothing to tell. */
function dropOf(series: RegionalSeries, incident: Incident, facts: IncidentFacts, parts: DropParts): Finding | null {
  if (!facts.agrees) return null;
  const { common, where, cause, slice, off, dimensions } = parts;
  const title = `Traffic from ${where} down ${percent((facts.expected - facts.observed) / facts.expected)} (${round(facts.observed)} of ${Math.round(facts.expected)} ${facts.unit === "visits" ? "visits " : ""}expected)`;
  const lost = facts.expected - facts.observed;
  const share = lost / facts.expected;
  const missing = isMissingDays(series.traffic, incident);
  return {
    ...common,
    kind: "regional-outage",
    subtype: "traffic-drop",
    severity: milder(
      severityOf({
        requests: lost,
        shareOfWorld: lost / Math.max(1, facts.worldAmount),
        shareOfRegion: share,
        margin: marginOf(incident, facts),
        minutes: minutesOf(series, incident),
      }),
      missing ? "likely" : off,
    ),
    title: titleWithCause(title, "the loss", cause, slice) + (missing ? MISSING_DAYS : DAY_OFF[off]),
    dimensions,
    measure: facts.unit,
    observed: round(facts.observed),
    expected: round(facts.expected),
    expectedInterval: facts.interval,
    cause,
    series: facts.series,
  };
}

/** What a title says of a day off. */
const DAY_OFF = {
  holiday: ", as on weekends: a holiday",
  likely: ", as on weekends: a day off, perhaps",
  no: "",
} as const;

/** … and of days that are not in the log. */
const MISSING_DAYS = ", nothing for whole days: a missing log, perhaps";

/** A day off is no outage; where it is not known to be one, it is low. */
function milder(severity: Severity, off: keyof typeof DAY_OFF): Severity {
  return off === "holiday" ? "info" : off === "likely" ? "low" : severity;
}

/**
 * By how many nats the evidence exceeds what an alarm needs: what alarmed, or all of the incident as its interval has it.
 * An alarm is raised as early as it can be, when the evidence has just come together.
 */
function marginOf({ negLogP, threshold }: Incident, { observed, expected, interval }: IncidentFacts): number {
  const deviation = (interval[1] - interval[0]) / (2 * Z95);
  const whole = deviation > 0 ? (observed - expected) ** 2 / (2 * deviation ** 2) : 0;
  return Math.max(negLogP, whole) - threshold;
}

/** The normal quantile of a 95% interval. */
const Z95 = 1.96;

function errorFinding(series: RegionalSeries, watch: SequentialScan, found: Incident): Finding | null {
  const incident = narrowZone(series, watch, found);
  const facts = incidentFacts(series.traffic, watch, incident);
  if (!facts.agrees) return null;
  const common = incidentFinding(series, watch, incident, facts);
  const { dimension, slice } = zoneSlice(series, incident);
  const { cause, dimensions } = sliceCause(series, incident, facts.expected, slice);
  const excess = facts.observed - facts.expected;
  const all = facts.unit === "requests" ? facts.requests : facts.visits;
  const share = all > 0 ? facts.observed / all : 0;
  const what = facts.unit === "requests" ? "requests" : "visits";
  const title = `${percent(share)} of ${what} from ${whereOf(series, incident, common.region.name)} ${series.refusals ? "are turned away" : "fail"} (${Math.round(facts.observed)} of ${Math.round(all)}, ${round(facts.expected)} expected)`;
  return {
    ...common,
    kind: "regional-outage",
    subtype: series.refusals ? "refused" : "errors",
    severity: severityOf({
      requests: excess,
      shareOfWorld: excess / Math.max(1, facts.worldAmount),
      shareOfRegion: share,
      margin: marginOf(incident, facts),
      minutes: minutesOf(series, incident),
    }),
    title: titleWithCause(title, "them", cause, slice),
    dimensions: { ...dimension, ...dimensions },
    measure: series.refusals
      ? facts.unit === "requests"
        ? "refused"
        : "refused_visits"
      : facts.unit === "requests"
        ? "errors"
        : "failed_visits",
    observed: round(facts.observed),
    expected: round(facts.expected),
    expectedInterval: facts.interval,
    cause,
    series: facts.series,
    evidence: { ...common.evidence, requests: round(all) },
  };
}

const minutesOf = ({ traffic }: RegionalSeries, { from, to }: Incident): number =>
  ((to - from + 1) * traffic.bucketMs) / 60_000;

const percent = (share: number): string => `${share >= 0.0995 ? Math.round(share * 100) : round(share * 100)}%`;
