import type { Finding } from "../../finding.js";
import { hotspotFindings } from "../findHotspots.js";
import { outageFindings } from "../findOutages.js";
import { worldDrops } from "../incidents/worldDrops.js";
import type { LiveSeries } from "./liveSeries.js";
import type { LiveWorld } from "./liveWorld.js";
import type { SliceBook } from "./sliceBook.js";

/** Findings are made anew when what lasts is older by this much, as a natural logarithm. */
const STEP = 0.2;

/** What is watched: places, the values of each dimension, and all traffic together. */
export interface LiveWatches {
  readonly places: LiveSeries;
  readonly slices: readonly LiveSeries[];
  readonly world: LiveWorld;
}

/** What live watches have found, as `findOutages` and `findHotspots` report it. */
export function liveFindings({ places, slices, world }: LiveWatches): { outages: Finding[]; hotspots: Finding[] } {
  const { series } = places;
  const { movement } = places.drops.signal;
  const { traffic, watch } = world;
  const drops = worldDrops(places.traffic, places.drops.watch, movement, watch);
  const refusing = { ...series, refusals: true, traffic: places.refusing };
  const sliced = slices
    .filter(({ book, hasIncidents }) => hasIncidents && (book as SliceBook).isTelling)
    .map((slice) => ({ slice, series: slice.series }));
  const outages = outageFindings(
    {
      series,
      errors: places.watched(places.errors, series),
      drops: places.watched(places.drops, series),
      refusing,
      refusals: places.watched(places.refusals!, refusing),
      world: { traffic, watch, drops },
    },
    sliced.map(({ slice, series: of }) => ({
      series: of,
      errors: slice.watched(slice.errors, of),
      drops: slice.watched(slice.drops, of),
    })),
    [],
  );
  const hotspots = hotspotFindings(
    { series, latency: places.watched(places.latency, series) },
    sliced.map(({ slice, series: of }) => ({ series: of, latency: slice.watched(slice.latency, of) })),
  );
  return { outages, hotspots };
}

/**
 * Tells one state of what is found from another: the same as long as findings would differ in figures alone, and by little.
 *
 * @param first - the number, counted from 1970, of the first bucket that is there
 */
export function watchesSignature({ places, slices, world }: LiveWatches, first: number): string {
  const { bucketCount } = places.traffic;
  const all = [places, ...slices].flatMap((series) => series.watches.map(({ watch }) => watch));
  return [...all, world.watch]
    .flatMap((watch, i) =>
      watch.incidents.map(({ detected, from, to, zone }) => {
        const age = Math.floor(Math.log(Math.max(1, to - detected)) / STEP);
        const lasts = to >= bucketCount - 1;
        const end = lasts ? `+${age}` : to + first;
        return `${i} ${detected + first} ${from + first} ${end} ${zone.sites.length}`;
      }),
    )
    .join();
}
