import type { Cube } from "../../../cube/cube.js";
import { SiteColumns } from "./siteColumns.js";

/** Sites by number, which grow in number and never change theirs. */
export interface SiteBook {
  /** How many sites are known. */
  readonly length: number;
  /** Whether sites are values of a dimension in a country rather than places. */
  readonly sliced: boolean;
  /** The site of each group of a cube; new ones get numbers. */
  siteOf(cube: Cube): Uint32Array;
  /** More than so many there never are. */
  readonly most: number;
  /** Columns with room for some sites. @param cube - one with the tables of all */
  columns(cube: Pick<Cube, "places" | "dimensions">, room: number): SiteColumns;
  /** Adds sites to the columns until so many are known. */
  fill(columns: SiteColumns, cube: Pick<Cube, "places" | "dimensions">, known: number): void;
  /** Rows of the cube's places at a site. */
  placesOf(site: number): Iterable<number>;
  /** What {@link restore} takes. */
  save(): unknown;
  restore(state: unknown): void;
}

const NO_CODES: readonly number[] = [];

/** Keeps the sites of the cube that was asked for last: a bucket is asked for when it closes, and when it is added. */
export class LastSites {
  #of: Cube | undefined;
  #sites = new Uint32Array(0);

  of(cube: Cube, find: () => Uint32Array<ArrayBuffer>): Uint32Array {
    if (this.#of !== cube) [this.#sites, this.#of] = [find(), cube];
    return this.#sites;
  }
}

/** Places, split by some dimensions. Beyond a number the rest of each country is one site. */
export class PlaceBook implements SiteBook {
  readonly sliced = false;
  readonly #splits: readonly number[];
  readonly #most: number;
  readonly most = Number.POSITIVE_INFINITY;
  /** By place, where nothing splits them: its site, or -1. */
  #sites = new Int32Array(0);
  readonly #last = new LastSites();
  readonly #place: number[] = [];
  readonly #country: number[] = [];
  readonly #codes: number[][];
  readonly #numbers = new Map<string | number, number>();

  /** @param splits - dimensions by number */
  constructor(splits: readonly number[], most: number) {
    this.#splits = splits;
    this.#most = most;
    this.#codes = splits.map(() => []);
  }

  get length(): number {
    return this.#place.length;
  }

  siteOf(cube: Cube): Uint32Array {
    return this.#last.of(cube, () => (this.#splits.length === 0 ? this.#siteOfPlaces(cube) : this.#siteOfSplits(cube)));
  }

  #siteOfSplits(cube: Cube): Uint32Array<ArrayBuffer> {
    const { groups, places } = cube;
    const sites = new Uint32Array(groups.length);
    for (let g = 0; g < groups.length; g++) {
      const place = groups.place[g]!;
      const codes = this.#splits.map((d) => groups.codes[d]![g]!);
      const key = `${place},${codes.join(",")}`;
      let site = this.#numbers.get(key);
      if (site === undefined) {
        site = this.#new(place, places.country[place]!, codes);
        this.#numbers.set(key, site);
      }
      sites[g] = site;
    }
    return sites;
  }

  #siteOfPlaces({ groups, places }: Cube): Uint32Array<ArrayBuffer> {
    if (this.#sites.length < places.length) {
      const wider = new Int32Array(2 * places.length).fill(-1, this.#sites.length);
      wider.set(this.#sites);
      this.#sites = wider;
    }
    const [known, sites] = [this.#sites, new Uint32Array(groups.length)];
    const { place } = groups;
    for (let g = 0; g < sites.length; g++) {
      const p = place[g]!;
      let site = known[p]!;
      if (site < 0) {
        site = this.#new(p, places.country[p]!, NO_CODES);
        known[p] = site;
      }
      sites[g] = site;
    }
    return sites;
  }

  #new(place: number, country: number, codes: readonly number[]): number {
    const isRest = this.length >= this.#most;
    const rest = `rest ${country}`;
    const known = isRest ? this.#numbers.get(rest) : undefined;
    if (known !== undefined) return known;
    const site = this.#place.push(isRest ? 0 : place) - 1;
    this.#country.push(country);
    this.#codes.forEach((column, s) => {
      column.push(isRest ? 0 : codes[s]!);
    });
    if (isRest) this.#numbers.set(rest, site);
    return site;
  }

  columns(cube: Pick<Cube, "places" | "dimensions">, room: number): SiteColumns {
    return new SiteColumns(cube, room, this.#splits);
  }

  fill(columns: SiteColumns, { places }: Pick<Cube, "places">, known: number): void {
    while (columns.known < known) {
      const site = columns.known;
      const place = this.#place[site]!;
      columns.add({
        place,
        country: this.#country[site]!,
        lat: places.lat[place]!,
        lon: places.lon[place]!,
        codes: this.#codes.map((column) => column[site]!),
      });
    }
  }

  placesOf(site: number): Iterable<number> {
    return this.#place[site] === 0 ? [] : [this.#place[site]!];
  }

  save(): unknown {
    const { length } = this.#splits;
    return {
      // Where nothing splits places, a row a place says it all.
      numbers: length === 0 ? [...this.#numbers].filter(([key]) => typeof key === "string") : [...this.#numbers],
      sites: length === 0 ? this.#sites.slice() : null,
      place: Uint32Array.from(this.#place),
      country: Uint32Array.from(this.#country),
      codes: this.#codes.map((column) => Uint32Array.from(column)),
    };
  }

  restore(state: unknown): void {
    const { numbers, sites, place, country, codes } = state as {
      numbers: [string | number, number][];
      /** Absent from states that older versions saved. */
      sites?: Int32Array | null;
      place: number[];
      country: number[];
      codes: number[][];
    };
    const rows = numbers.flatMap(([key]) => (typeof key === "number" ? [key] : []));
    if (rows.length > 0) this.#sites = new Int32Array(1 + rows.reduce((most, row) => Math.max(most, row), 0)).fill(-1);
    for (const [key, site] of numbers) {
      if (typeof key === "number") this.#sites[key] = site;
      else this.#numbers.set(key, site);
    }
    if (sites) this.#sites = Int32Array.from(sites);
    this.#place.push(...place);
    this.#country.push(...country);
    this.#codes.forEach((column, s) => {
      column.push(...codes[s]!);
    });
  }
}
