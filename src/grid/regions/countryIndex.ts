import { checkLength } from "../errors.js";
import { atlasCountries } from "./atlasCountries.js";
import type { CountryAtlas } from "./countryAtlas.js";
import { ShapeIndex } from "./shapeIndex.js";

/** A country as the map draws it. */
export interface MappedCountry {
  /** ISO 3166-1 alpha-2; the empty string where ISO has none (the Siachen Glacier, the Indian Ocean Territories). */
  readonly code: string;
  /** The map's own name. */
  readonly name: string;
}

/**
 * Which country a point lies in, by the borders of world-atlas (Natural Earth, 1:50 million): good to some kilometres,
 * so ask with a tolerance where coasts matter.
 */
export class CountryIndex {
  readonly countries: readonly MappedCountry[];
  readonly #index: ShapeIndex;
  readonly #rowsOf = new Map<string, number[]>();

  /** @param atlas - default: world-atlas's `countries-50m`; in a browser there is none, and `no-atlas` is thrown */
  constructor(atlas?: CountryAtlas) {
    const drawn = atlasCountries(atlas);
    this.countries = drawn.map(({ code, name }) => ({ code, name }));
    this.#index = new ShapeIndex(drawn.map(({ shape }) => shape));
    this.countries.forEach(({ code }, row) => {
      if (code !== "") this.#rowsOf.set(code, [...(this.#rowsOf.get(code) ?? []), row]);
    });
  }

  /** Row of `countries` that holds the point; -1 at sea. */
  find(lat: number, lon: number): number {
    return this.#index.find(lat, lon);
  }

  /** Alpha-2 of the country that holds the point; the empty string at sea and where the map's country has no code. */
  codeAt(lat: number, lon: number): string {
    return this.countries[this.find(lat, lon)]?.code ?? "";
  }

  /** {@link find} for many points. Throws `length-mismatch`. */
  findAll(lats: ArrayLike<number>, lons: ArrayLike<number>): Int16Array {
    checkLength("lons", lons.length, lats.length);
    const rows = new Int16Array(lats.length);
    for (let i = 0; i < rows.length; i++) rows[i] = this.#index.find(lats[i]!, lons[i]!);
    return rows;
  }

  /** Whether a point lies in a country or at most `toleranceKm` from its border or coast. False for codes not on the map. */
  isIn(alpha2: string, lat: number, lon: number, toleranceKm = 0): boolean {
    const rows = this.#rowsOf.get(alpha2) ?? [];
    if (rows.includes(this.find(lat, lon))) return true;
    if (toleranceKm <= 0 || rows.length === 0) return false;
    const near = this.#index.bordersWithin(lat, lon, toleranceKm);
    return rows.some((row) => near.has(row));
  }

  /** Whether the map has the country at all: it leaves out some small islands and dependencies. */
  has(alpha2: string): boolean {
    return this.#rowsOf.has(alpha2);
  }

  /** Alpha-2 of the country that holds the point, or whose border is nearest within the tolerance; else the empty string. */
  nearest(lat: number, lon: number, toleranceKm: number): string {
    const here = this.find(lat, lon);
    if (here >= 0) return this.countries[here]!.code;
    let nearest = "";
    let leastKm = Number.POSITIVE_INFINITY;
    for (const [row, km] of this.#index.bordersWithin(lat, lon, toleranceKm)) {
      if (km < leastKm) [nearest, leastKm] = [this.countries[row]!.code, km];
    }
    return nearest;
  }
}
