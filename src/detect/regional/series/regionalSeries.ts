import { Cube } from "../../../cube/cube.js";
import { effectiveRequests } from "../../../cube/verbs/effectiveRequests.js";
import { ALL_GUARDS, type Guards } from "../guards.js";
import { mergeIncidents } from "../incidents/mergeIncidents.js";
import { CHANNELS, type RegionalSettings } from "../regionalOptions.js";
import { ClientGuard } from "../scan/clientGuard.js";
import { type Incident, SequentialScan } from "../scan/sequentialScan.js";
import { type Zones, zonesOf } from "../scan/zones.js";
import type { Holidays } from "../signals/holidays.js";
import type { Signal } from "../signals/signal.js";
import { ClientLedger } from "./clientLedger.js";
import { type CubeSites, cubeSites } from "./cubeSites.js";
import { type Coverage, coverageOf, cubeTraffic } from "./cubeTraffic.js";
import type { SourceSpan } from "./sourceCoverage.js";
import type { Traffic } from "./trafficColumns.js";

/** A cube made ready for regional detectors. */
export interface RegionalSeries {
  readonly cube: Cube;
  readonly sites: CubeSites;
  readonly traffic: Traffic;
  readonly zones: Zones;
  readonly ledger: ClientLedger;
  /** What of the cube is judged. */
  readonly coverage: Coverage;
  /** Known days off. */
  readonly holidays?: Holidays;
  /** Whether what failed is what was turned away. */
  readonly refusals?: boolean;
}

/** A signal that was watched to the end, and what it found. */
export interface Watched<C extends Signal> {
  readonly signal: C;
  readonly watch: SequentialScan;
  readonly incidents: readonly Incident[];
}

interface Kept {
  readonly groups: number;
  readonly sources: readonly SourceSpan[];
  readonly series: RegionalSeries;
}

const seriesOfCube = new WeakMap<Cube, Kept>();

/** The series of a cube; kept, so that detectors which follow one another share it, as long as the cube does not grow. */
export function regionalSeries(
  cube: Cube,
  guards: Guards = ALL_GUARDS,
  sources: readonly SourceSpan[] = [],
): RegionalSeries {
  if (guards !== ALL_GUARDS) return makeSeries(cube, guards, sources);
  const kept = seriesOfCube.get(cube);
  const same = kept !== undefined && (kept.sources === sources || kept.sources.length + sources.length === 0);
  if (same && kept.groups === cube.groups.length && kept.series.traffic.originMs === cube.originMs) return kept.series;
  const series = makeSeries(cube, guards, sources);
  seriesOfCube.set(cube, { groups: cube.groups.length, sources, series });
  return series;
}

function makeSeries(all: Cube, guards: Guards, sources: readonly SourceSpan[]): RegionalSeries {
  // Evidence goes by what rows are worth, not by the requests that they stand for.
  const cube = all.groups.squares ? new Cube(effectiveRequests(all.parts)) : all;
  const sites = cubeSites(cube);
  const coverage = coverageOf(cube, guards, sources);
  const traffic = cubeTraffic(cube, sites, coverage);
  return { cube, sites, traffic, coverage, zones: zonesOf(sites.sites), ledger: new ClientLedger(cube, sites) };
}

/**
 * Watches one signal over a series.
 *
 * @param share - share of the signal's part of the promised rate of false alarms
 */
export function watchSeries<C extends Signal>(
  series: RegionalSeries,
  signal: C,
  settings: RegionalSettings,
  share = 1,
): Watched<C> {
  const { traffic, zones, ledger } = series;
  const alarmsPerWeek = (share * settings.falseAlarmsPerWeek) / CHANNELS;
  const guard = new ClientGuard(ledger, traffic.bucketMs, settings, series.refusals);
  const options = { alarmsPerWeek, guards: settings.guards };
  const watch = new SequentialScan(signal, traffic, zones, ledger.known ? { ...options, guard } : options);
  watch.run();
  settings.onWatched?.();
  return { signal, watch, incidents: mergedIncidents(series, watch.incidents) };
}

/** What is one incident is put together; where sites are values of a dimension, incidents of different values stay apart, however near. */
export function mergedIncidents(
  { sites: { sites, sliced } }: Pick<RegionalSeries, "sites">,
  incidents: readonly Incident[],
): Incident[] {
  if (!sliced) return mergeIncidents(incidents, sites);
  const codeOf = (incident: Incident): number => sites.splits[0]!.codes[incident.zone.sites[0]!]!;
  return [...new Set(incidents.map(codeOf))].flatMap((value) =>
    mergeIncidents(
      incidents.filter((incident) => codeOf(incident) === value),
      sites,
    ),
  );
}
