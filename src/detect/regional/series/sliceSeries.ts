import { SphericalCentroid } from "../../../core/sphere.js";
import type { Cube } from "../../../cube/cube.js";
import { withMembers, type Zones } from "../scan/zones.js";
import { ClientLedger } from "./clientLedger.js";
import type { CubeSites } from "./cubeSites.js";
import { cubeTraffic } from "./cubeTraffic.js";
import type { RegionalSeries } from "./regionalSeries.js";
import type { Sites, Traffic } from "./trafficColumns.js";

/** Values of a dimension in a country, at the most; the least busy are not watched by themselves. */
export const MAX_PAIRS = 500;
/** What a value of these means is what a detector measures. */
export const NOT_WATCHED: ReadonlySet<string> = new Set(["status", "status_class"]);

/**
 * Scenes in which the values of a dimension stand where places stand in the main one: a provider, a service or a version,
 * in each country and everywhere. They tell what is too small a part of its country to be seen in it. One series for each
 * dimension that does not split places (those that do are zones of the main series).
 */
export function sliceSeries(main: RegionalSeries): readonly RegionalSeries[] {
  let slices = slicesOf.get(main.traffic);
  if (slices === undefined) {
    slices = watchedSlices(main).flatMap((d) => oneSlice(main, d));
    slicesOf.set(main.traffic, slices);
  }
  return slices;
}

/** Kept as long as the main series is, so that detectors which follow one another share them. */
const slicesOf = new WeakMap<Traffic, readonly RegionalSeries[]>();

function oneSlice(main: RegionalSeries, d: number): RegionalSeries[] {
  const { cube, coverage } = main;
  const sites = sliceSites(main, d);
  if (sites === null) return [];
  const traffic = cubeTraffic(cube, sites, coverage);
  return [{ cube, sites, traffic, coverage, zones: sliceZones(sites.sites), ledger: new ClientLedger(cube, sites) }];
}

/** How many kept {@link sliceSeries} gives at the most: they share a part of the promised rate. */
export function countSlices(main: RegionalSeries): number {
  return watchedSlices(main).length;
}

/** Dimensions with at least two values besides "none". */
function watchedSlices({ cube, sites }: RegionalSeries): number[] {
  return sites.slices.filter((d) => {
    const { name, dictionary } = cube.dimensions[d]!;
    return dictionary.size > 2 && !NOT_WATCHED.has(name);
  });
}

/** A site for each of the busiest pairs of country and value, and site 0 for all the rest; null where there is one value. */
function sliceSites({ cube, sites: mainSites }: RegionalSeries, d: number): CubeSites | null {
  const { groups, places, dimensions } = cube;
  const codes = groups.codes[d]!;
  const size = dimensions[d]!.dictionary.size;
  const keyOf = (g: number): number => places.country[groups.place[g]!]! * size + codes[g]!;
  const requests = new Map<number, number>();
  for (let g = 0; g < groups.length; g++) {
    if (codes[g] === 0 || places.country[groups.place[g]!] === 0) continue;
    requests.set(keyOf(g), (requests.get(keyOf(g)) ?? 0) + groups.count[g]!);
  }
  const kept = [...requests.keys()].sort((a, b) => requests.get(b)! - requests.get(a)! || a - b).slice(0, MAX_PAIRS);
  if (new Set(kept.map((key) => key % size)).size < 2) return null;
  const siteOfKey = new Map(kept.map((key, i) => [key, i + 1]));
  const siteOf = new Uint32Array(groups.length);
  const placesOf = Array.from({ length: kept.length + 1 }, () => new Set<number>());
  for (let g = 0; g < groups.length; g++) {
    const site = siteOfKey.get(keyOf(g)) ?? 0;
    siteOf[g] = site;
    if (site > 0) placesOf[site]!.add(groups.place[g]!);
  }
  const keys = [0, ...kept];
  const centres = countryCentres(cube);
  const country = Uint32Array.from(keys, (key) => Math.floor(key / size));
  const sites: Sites = {
    length: keys.length,
    country,
    region: new Uint32Array(keys.length),
    city: new Uint32Array(keys.length),
    lat: Float64Array.from(country, (c) => centres.lat[c]!),
    lon: Float64Array.from(country, (c) => centres.lon[c]!),
    countries: places.countries.values,
    regions: [{ name: "", country: "" }],
    cities: [{ name: "", region: "", country: "" }],
    splits: [
      {
        name: dimensions[d]!.name,
        codes: Uint32Array.from(keys, (key) => key % size),
        values: dimensions[d]!.dictionary.values,
      },
    ],
  };
  return {
    sites,
    siteOf,
    placesOf: (site) => placesOf[site]!,
    slices: mainSites.slices.filter((other) => other !== d),
    sliced: true,
  };
}

/** Mean coordinates of each country's traffic, good enough for its time of day. NaN where it has none. */
function countryCentres({ groups, places }: Cube): { lat: Float64Array; lon: Float64Array } {
  const n = places.countries.size;
  const centres = Array.from({ length: n }, () => new SphericalCentroid());
  for (let g = 0; g < groups.length; g++) {
    const place = groups.place[g]!;
    centres[places.country[place]!]!.add(places.lat[place]!, places.lon[place]!, groups.count[g]!);
  }
  const points = centres.map((centre) => centre.point());
  return {
    lat: Float64Array.from(points, (point) => point?.lat ?? Number.NaN),
    lon: Float64Array.from(points, (point) => point?.lon ?? Number.NaN),
  };
}

/** Each value everywhere, and each value in each country; site 0 is in no zone. */
export function sliceZones(sites: Sites): Zones {
  const { codes } = sites.splits[0]!;
  const { length: n, known = n } = sites;
  const dense = new Map([...new Set(codes.subarray(1, known))].map((code, i) => [code, i]));
  const isNone = (site: number): boolean => site === 0 || site >= known;
  const everywhere = Int32Array.from(codes, (code, site) => (isNone(site) ? -1 : dense.get(code)!));
  return {
    partitions: [
      withMembers("world", dense.size, everywhere),
      withMembers(
        "country",
        known - 1,
        Int32Array.from(codes, (_, site) => (isNone(site) ? -1 : site - 1)),
      ),
    ],
    circles: { starts: new Uint32Array(n + 1), site: new Uint32Array(0), km: new Float32Array(0), count: 1 },
  };
}
