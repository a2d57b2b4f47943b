import type { Cube } from "../../../cube/cube.js";
import { sitesOf } from "../series/cubeSites.js";
import type { Sites } from "../series/trafficColumns.js";

/** Sites by number, which grow in number and never change theirs. */
export interface SiteBook {
  /** How many sites are known. */
  readonly length: number;
  /** Whether sites are values of a dimension in a country rather than places. */
  readonly sliced: boolean;
  /** The site of each group of a cube; new ones get numbers. */
  siteOf(cube: Cube): Uint32Array;
  /** The columns of all that are known. */
  sites(cube: Cube): Sites;
  /** Rows of the cube's places at a site. */
  placesOf(site: number): Iterable<number>;
  /** What {@link restore} takes. */
  save(): unknown;
  restore(state: unknown): void;
}

const NO_CODES: readonly number[] = [];

/** Places, split by some dimensions. Beyond a number the rest of each country is one site. */
export class PlaceBook implements SiteBook {
  readonly sliced = false;
  readonly #splits: readonly number[];
  readonly #most: number;
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

  siteOf({ groups, places }: Cube): Uint32Array {
    const sites = new Uint32Array(groups.length);
    const isPlain = this.#splits.length === 0;
    let [last, lastSite] = [-1, 0];
    for (let g = 0; g < groups.length; g++) {
      const place = groups.place[g]!;
      if (isPlain && place === last) {
        sites[g] = lastSite;
        continue;
      }
      const codes = isPlain ? NO_CODES : this.#splits.map((d) => groups.codes[d]![g]!);
      const key = isPlain ? place : `${place},${codes.join(",")}`;
      let site = this.#numbers.get(key);
      if (site === undefined) {
        site = this.#new(place, places.country[place]!, codes);
        this.#numbers.set(key, site);
      }
      sites[g] = site;
      [last, lastSite] = [place, site];
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

  sites(cube: Cube): Sites {
    return sitesOf(cube, this.#place, this.#country, this.#codes, this.#splits);
  }

  placesOf(site: number): Iterable<number> {
    return this.#place[site] === 0 ? [] : [this.#place[site]!];
  }

  save(): unknown {
    return { numbers: [...this.#numbers], place: this.#place, country: this.#country, codes: this.#codes };
  }

  restore(state: unknown): void {
    const { numbers, place, country, codes } = state as {
      numbers: [string | number, number][];
      place: number[];
      country: number[];
      codes: number[][];
    };
    for (const [key, site] of numbers) this.#numbers.set(key, site);
    this.#place.push(...place);
    this.#country.push(...country);
    this.#codes.forEach((column, s) => {
      column.push(...codes[s]!);
    });
  }
}
