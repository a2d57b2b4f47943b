import type { Cube } from "../../../cube/cube.js";
import { ALL_GUARDS, type Guards } from "../guards.js";
import { mergeIncidents } from "../incidents/mergeIncidents.js";
import { CHANNELS, type RegionalSettings } from "../regionalOptions.js";
import { ClientGuard } from "../scan/clientGuard.js";
import { type Incident, RegionalWatch } from "../scan/regionalWatch.js";
import { type Zones, zonesOf } from "../scan/zones.js";
import type { Channel } from "../signals/channel.js";
import { ClientLedger } from "./clientLedger.js";
import { type CubeSites, cubeSites } from "./cubeSites.js";
import { cubeTraffic } from "./cubeTraffic.js";
import type { Traffic } from "./traffic.js";

/** A cube made ready for regional detectors. */
export interface Scene {
  readonly cube: Cube;
  readonly sites: CubeSites;
  readonly traffic: Traffic;
  readonly zones: Zones;
  readonly ledger: ClientLedger;
}

/** A channel that was watched to the end, and what it found. */
export interface Watched<C extends Channel> {
  readonly channel: C;
  readonly watch: RegionalWatch;
  readonly incidents: readonly Incident[];
}

const scenes = new WeakMap<Cube, { readonly groups: number; readonly scene: Scene }>();

/** The scene of a cube; kept, so that detectors which follow one another share it, as long as the cube does not grow. */
export function sceneOf(cube: Cube, guards: Guards = ALL_GUARDS): Scene {
  if (guards !== ALL_GUARDS) return makeScene(cube, guards);
  const kept = scenes.get(cube);
  if (kept !== undefined && kept.groups === cube.groups.length && kept.scene.traffic.originMs === cube.originMs)
    return kept.scene;
  const scene = makeScene(cube, guards);
  scenes.set(cube, { groups: cube.groups.length, scene });
  return scene;
}

function makeScene(cube: Cube, guards: Guards): Scene {
  const sites = cubeSites(cube);
  const traffic = cubeTraffic(cube, sites, guards);
  return { cube, sites, traffic, zones: zonesOf(sites.sites), ledger: new ClientLedger(cube, sites) };
}

/**
 * Watches one channel over a scene.
 *
 * @param share - share of the channel's part of the promised rate of false alarms
 */
export function watchScene<C extends Channel>(
  scene: Scene,
  channel: C,
  settings: RegionalSettings,
  share = 1,
): Watched<C> {
  const { traffic, zones, ledger } = scene;
  const alarmsPerWeek = (share * settings.falseAlarmsPerWeek) / CHANNELS;
  const guard = new ClientGuard(ledger, traffic.bucketMs, settings);
  const options = { alarmsPerWeek, guards: settings.guards };
  const watch = new RegionalWatch(channel, traffic, zones, ledger.known ? { ...options, guard } : options);
  watch.run();
  return { channel, watch, incidents: merged(scene, watch.incidents) };
}

/** Where sites are values of a dimension, incidents of different values stay apart, however near. */
function merged({ sites: { sites, sliced } }: Scene, incidents: readonly Incident[]): Incident[] {
  if (!sliced) return mergeIncidents(incidents, sites);
  const codeOf = (incident: Incident): number => sites.splits[0]!.codes[incident.zone.sites[0]!]!;
  return [...new Set(incidents.map(codeOf))].flatMap((value) =>
    mergeIncidents(
      incidents.filter((incident) => codeOf(incident) === value),
      sites,
    ),
  );
}
