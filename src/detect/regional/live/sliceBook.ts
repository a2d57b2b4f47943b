import { grown } from "../../../core/grown.js";
import { SphericalCentroid } from "../../../core/sphere.js";
import type { Cube } from "../../../cube/cube.js";
import { MAX_PAIRS } from "../series/sliceSeries.js";
import { LastSites, type SiteBook } from "./siteBook.js";
import { SiteColumns } from "./siteColumns.js";

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
  readonly most = MAX_PAIRS + 1;
  readonly #dimension: number;
  readonly #last = new LastSites();
  readonly #pairs: Pair[] = [{ country: 0, code: 0, places: new Set() }];
  /** A pair's number by country, then by code: 0 where it was not met. */
  readonly #byCountry: Uint16Array[] = [];
  /** Where each country's traffic was from when it was first met: good enough for its time of day. */
  readonly #centres = new Map<number, Centre>();

  constructor(dimension: number) {
    this.#dimension = dimension;
  }

  get length(): number {
    return this.#pairs.length;
  }

  siteOf(cube: Cube): Uint32Array {
    return this.#last.of(cube, () => this.#siteOf(cube));
  }

  #siteOf(cube: Cube): Uint32Array<ArrayBuffer> {
    const { groups, places } = cube;
    const codes = groups.codes[this.#dimension]!;
    const sites = new Uint32Array(groups.length);
    const { country: countryOf } = places;
    const place = groups.place;
    for (let g = 0; g < sites.length; g++) {
      const [code, country] = [codes[g]!, countryOf[place[g]!]!];
      if (code === 0 || country === 0) continue;
      const site = this.#byCountry[country]?.[code] || this.#new(cube, country, code);
      sites[g] = site;
      if (site !== 0) this.#pairs[site]!.places.add(place[g]!);
    }
    return sites;
  }

  /** The number of a pair that was not met before; 0 where there are too many. */
  #new(cube: Cube, country: number, code: number): number {
    if (this.length > MAX_PAIRS) return 0;
    const site = this.#pairs.push({ country, code, places: new Set() }) - 1;
    this.#note(country, code, site);
    if (!this.#centres.has(country)) this.#centres.set(country, centreOf(cube, country));
    return site;
  }

  #note(country: number, code: number, site: number): void {
    let sites = this.#byCountry[country] ?? new Uint16Array(8);
    if (code >= sites.length) sites = grown(sites, 2 * code);
    sites[code] = site;
    this.#byCountry[country] = sites;
  }

  /** Whether there are two values at least, so that one can be held against others. */
  get isTelling(): boolean {
    return new Set(this.#pairs.slice(1).map(({ code }) => code)).size >= 2;
  }

  columns(cube: Pick<Cube, "places" | "dimensions">, room: number): SiteColumns {
    return new SiteColumns(cube, room, [this.#dimension]);
  }

  fill(columns: SiteColumns, _: unknown, known: number): void {
    for (const { country, code } of this.#pairs.slice(columns.known, known)) {
      const { lat, lon } = this.#centres.get(country) ?? NOWHERE;
      columns.add({ place: 0, country, lat, lon, codes: [code] });
    }
  }

  placesOf(site: number): Iterable<number> {
    return this.#pairs[site]!.places;
  }

  save(): unknown {
    const pairs = this.#pairs.slice(1).map((pair) => ({ ...pair, places: Uint32Array.from(pair.places) }));
    return {
      pairs,
      centres: [...this.#centres].map(([country, { lat, lon }]) => [country, numberOrNull(lat), numberOrNull(lon)]),
    };
  }

  restore(state: unknown): void {
    const { pairs, centres } = state as {
      pairs: { country: number; code: number; places: Iterable<number> }[];
      centres: [number, number | null, number | null][];
    };
    for (const { country, code, places } of pairs) {
      this.#note(country, code, this.#pairs.length);
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
