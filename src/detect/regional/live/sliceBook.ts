import { SphericalCentroid } from "../../../core/sphere.js";
import type { Cube } from "../../../cube/cube.js";
import { MAX_PAIRS } from "../series/sliceSeries.js";
import type { Sites } from "../series/trafficColumns.js";
import type { SiteBook } from "./siteBook.js";

/** A value of a dimension in a country. */
interface Pair {
  readonly country: number;
  readonly code: number;
  readonly places: Set<number>;
}

interface Centre {
  readonly lat: number;
  readonly lon: number;
}

/** Values of a dimension in each country, the first that are met; site 0 is all the rest. */
export class SliceBook implements SiteBook {
  readonly sliced = true;
  readonly #dimension: number;
  readonly #pairs: Pair[] = [{ country: 0, code: 0, places: new Set() }];
  readonly #numbers = new Map<string, number>();
  /** Where each country's traffic was from when it was first met: good enough for its time of day. */
  readonly #centres = new Map<number, Centre>();

  constructor(dimension: number) {
    this.#dimension = dimension;
  }

  get length(): number {
    return this.#pairs.length;
  }

  siteOf(cube: Cube): Uint32Array {
    const { groups, places } = cube;
    const codes = groups.codes[this.#dimension]!;
    const sites = new Uint32Array(groups.length);
    for (let g = 0; g < groups.length; g++) {
      const place = groups.place[g]!;
      const country = places.country[place]!;
      if (codes[g] === 0 || country === 0) continue;
      const key = `${country} ${codes[g]}`;
      let site = this.#numbers.get(key);
      if (site === undefined && this.length <= MAX_PAIRS) {
        site = this.#pairs.push({ country, code: codes[g]!, places: new Set() }) - 1;
        this.#numbers.set(key, site);
        if (!this.#centres.has(country)) this.#centres.set(country, centreOf(cube, country));
      }
      sites[g] = site ?? 0;
      if (site !== undefined) this.#pairs[site]!.places.add(place);
    }
    return sites;
  }

  /** Whether there are two values at least, so that one can be held against others. */
  get isTelling(): boolean {
    return new Set(this.#pairs.slice(1).map(({ code }) => code)).size >= 2;
  }

  sites({ places, dimensions }: Cube): Sites {
    const n = this.length;
    const { name, dictionary } = dimensions[this.#dimension]!;
    const centre = ({ country }: Pair): Centre => this.#centres.get(country) ?? NOWHERE;
    return {
      length: n,
      country: Uint32Array.from(this.#pairs, ({ country }) => country),
      region: new Uint32Array(n),
      city: new Uint32Array(n),
      lat: Float64Array.from(this.#pairs, (pair) => centre(pair).lat),
      lon: Float64Array.from(this.#pairs, (pair) => centre(pair).lon),
      countries: places.countries.values,
      regions: [{ name: "", country: "" }],
      cities: [{ name: "", region: "", country: "" }],
      splits: [{ name, codes: Uint32Array.from(this.#pairs, ({ code }) => code), values: dictionary.values }],
    };
  }

  placesOf(site: number): Iterable<number> {
    return this.#pairs[site]!.places;
  }

  save(): unknown {
    const pairs = this.#pairs.slice(1).map((pair) => ({ ...pair, places: [...pair.places] }));
    return {
      pairs,
      centres: [...this.#centres].map(([country, { lat, lon }]) => [country, numberOrNull(lat), numberOrNull(lon)]),
    };
  }

  restore(state: unknown): void {
    const { pairs, centres } = state as {
      pairs: { country: number; code: number; places: number[] }[];
      centres: [number, number | null, number | null][];
    };
    for (const { country, code, places } of pairs) {
      this.#numbers.set(`${country} ${code}`, this.#pairs.length);
      this.#pairs.push({ country, code, places: new Set(places) });
    }
    for (const [country, lat, lon] of centres)
      this.#centres.set(country, { lat: lat ?? Number.NaN, lon: lon ?? Number.NaN });
  }
}

const NOWHERE: Centre = { lat: Number.NaN, lon: Number.NaN };
const numberOrNull = (value: number): number | null => (Number.isNaN(value) ? null : value);

function centreOf({ groups, places }: Cube, country: number): Centre {
  const centroid = new SphericalCentroid();
  for (let g = 0; g < groups.length; g++) {
    const place = groups.place[g]!;
    if (places.country[place] === country) centroid.add(places.lat[place]!, places.lon[place]!, groups.count[g]!);
  }
  return centroid.point() ?? NOWHERE;
}
