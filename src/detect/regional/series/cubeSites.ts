import type { Cube } from "../../../cube/cube.js";
import type { Sites } from "./trafficColumns.js";

/** Sites × buckets that are held at once: some 24 bytes each while a signal is watched. */
const MAX_CELLS = 24_000_000;
/** A dimension splits places where most of them have one value of it: this many pairs a place, at the most. */
const MAX_PAIRS_A_PLACE = 1.6;
/** A dimension with more values than this is none that regions are made of. */
const MAX_VALUES = 2000;

/** The sites of a cube, and the site of each of its groups. */
export interface CubeSites {
  readonly sites: Sites;
  /** Site by group. */
  readonly siteOf: Uint32Array;
  /** Rows of the cube's places at a site; none for sites that stand for the rest of a country. */
  readonly placesOf: (site: number) => Iterable<number>;
  /** Dimensions of the cube that split no places: what a finding may be confined to. */
  readonly slices: readonly number[];
  /** Whether sites are values of a dimension (the one split) in a country rather than places. */
  readonly sliced: boolean;
}

/**
 * Makes sites of a cube's places, split by those of its dimensions that most places have one value of (the PoP that
 * serves them, their network). Where there are too many for the memory, the least busy are put together by country.
 */
export function cubeSites(cube: Cube): CubeSites {
  const { groups, dimensions } = cube;
  const splits = dimensions.map((_, d) => d).filter((d) => splitsPlaces(cube, d));
  const keys = new Map<string, number>();
  const place: number[] = [];
  const codes: number[][] = splits.map(() => []);
  const siteOf = new Uint32Array(groups.length);
  const requests: number[] = [];
  const single = splits.length === 0;
  const byPlace = new Int32Array(cube.places.length).fill(-1);
  for (let g = 0; g < groups.length; g++) {
    const p = groups.place[g]!;
    const key = single ? "" : `${p},${splits.map((d) => groups.codes[d]![g]).join(",")}`;
    let site = single ? byPlace[p]! : (keys.get(key) ?? -1);
    if (site < 0) {
      site = place.push(p) - 1;
      if (single) byPlace[p] = site;
      else keys.set(key, site);
      splits.forEach((d, s) => {
        codes[s]!.push(groups.codes[d]![g]!);
      });
      requests.push(0);
    }
    siteOf[g] = site;
    requests[site]! += groups.count[g]!;
  }
  const kept = keepBusiest(cube, place, codes, requests, siteOf);
  const slices = dimensions.map((_, d) => d).filter((d) => !splits.includes(d));
  return {
    sites: sitesOf(cube, kept.place, kept.country, kept.codes, splits),
    siteOf,
    placesOf: (site) => (kept.place[site] === 0 ? [] : [kept.place[site]!]),
    slices,
    sliced: false,
  };
}

/** Whether most places have one value of a dimension. */
export function splitsPlaces(cube: Cube, d: number): boolean {
  const { groups, dimensions } = cube;
  const size = dimensions[d]!.dictionary.size;
  if (size > MAX_VALUES) return false;
  const codes = groups.codes[d]!;
  const pairs = new Map<number, number>();
  const totals = new Float64Array(cube.places.length);
  const values = new Set<number>();
  for (let g = 0; g < groups.length; g++) {
    const key = groups.place[g]! * size + codes[g]!;
    pairs.set(key, (pairs.get(key) ?? 0) + groups.count[g]!);
    totals[groups.place[g]!]! += groups.count[g]!;
    if (codes[g] !== 0) values.add(codes[g]!);
  }
  if (values.size < 2) return false;
  // Stray requests (a traveller, a tunnel) do not make a second value of a place.
  let real = 0;
  for (const [key, count] of pairs) if (count >= 0.1 * totals[Math.floor(key / size)]!) real++;
  const places = totals.reduce((sum, count) => sum + (count > 0 ? 1 : 0), 0);
  return real <= MAX_PAIRS_A_PLACE * places;
}

interface Kept {
  readonly place: number[];
  readonly country: number[];
  readonly codes: number[][];
}

/** Rewrites `siteOf` where sites are put together. */
function keepBusiest(cube: Cube, place: number[], codes: number[][], requests: number[], siteOf: Uint32Array): Kept {
  const country = place.map((p) => cube.places.country[p]!);
  const limit = Math.max(1000, Math.floor(MAX_CELLS / Math.max(1, cube.bucketCount)));
  if (place.length <= limit) return { place, country, codes };
  const order = requests.map((_, s) => s).sort((a, b) => requests[b]! - requests[a]! || a - b);
  const renamed = new Uint32Array(place.length);
  const kept: Kept = { place: [], country: [], codes: codes.map(() => []) };
  const rest = new Map<number, number>();
  order.forEach((s, rank) => {
    const known = rank < limit ? undefined : rest.get(country[s]!);
    if (known !== undefined) {
      renamed[s] = known;
      return;
    }
    renamed[s] = kept.place.push(rank < limit ? place[s]! : 0) - 1;
    kept.country.push(country[s]!);
    codes.forEach((column, i) => {
      kept.codes[i]!.push(rank < limit ? column[s]! : 0);
    });
    if (rank >= limit) rest.set(country[s]!, renamed[s]!);
  });
  for (let g = 0; g < siteOf.length; g++) siteOf[g] = renamed[siteOf[g]!]!;
  return kept;
}

/** The columns of sites: places (0 for the rest of a country), and values of the dimensions that split them. */
export function sitesOf(
  { places, dimensions }: Pick<Cube, "places" | "dimensions">,
  place: readonly number[],
  country: readonly number[],
  codes: readonly (readonly number[])[],
  splits: readonly number[],
): Sites {
  const regions = new Naming();
  const cities = new Naming();
  const names = (p: number): [string, string, string] => [
    places.countries.value(places.country[p]!),
    places.regions.value(places.region[p]!),
    places.cities.value(places.city[p]!),
  ];
  const region = Uint32Array.from(place, (p) => (places.region[p] === 0 ? 0 : regions.code(names(p).slice(0, 2))));
  const city = Uint32Array.from(place, (p) => (places.city[p] === 0 ? 0 : cities.code(names(p))));
  return {
    length: place.length,
    country: Uint32Array.from(country),
    region,
    city,
    lat: Float64Array.from(place, (p) => places.lat[p]!),
    lon: Float64Array.from(place, (p) => places.lon[p]!),
    countries: places.countries.values,
    regions: regions.names.map(([c = "", name = ""]) => ({ country: c, name })),
    cities: cities.names.map(([c = "", r = "", name = ""]) => ({ country: c, region: r, name })),
    splits: splits.map((d, s) => ({
      name: dimensions[d]!.name,
      codes: Uint32Array.from(codes[s]!),
      values: dimensions[d]!.dictionary.values,
    })),
  };
}

/** Codes for names of several parts; code 0 is nothing. */
class Naming {
  readonly names: string[][] = [[]];
  readonly #codes = new Map<string, number>();

  code(parts: string[]): number {
    const key = parts.join("\u0000");
    let code = this.#codes.get(key);
    if (code === undefined) {
      code = this.names.push(parts) - 1;
      this.#codes.set(key, code);
    }
    return code;
  }
}
