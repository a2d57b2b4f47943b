import type { Cube } from "../../../cube/cube.js";
import type { Sites } from "../series/trafficColumns.js";

/** A site as it is to be known. */
export interface NewSite {
  /** Row of the cube's places; 0 for none. */
  readonly place: number;
  readonly country: number;
  readonly lat: number;
  readonly lon: number;
  /** The value of each dimension that splits places. */
  readonly codes: readonly number[];
}

/** The columns of sites that grow in number, up to what there is room for. */
export class SiteColumns implements Sites {
  readonly length: number;
  known = 0;
  readonly country: Uint32Array;
  readonly region: Uint32Array;
  readonly city: Uint32Array;
  readonly lat: Float64Array;
  readonly lon: Float64Array;
  readonly countries: readonly string[];
  readonly regions: { readonly name: string; readonly country: string }[] = [{ name: "", country: "" }];
  readonly cities: { readonly name: string; readonly region: string; readonly country: string }[] = [
    { name: "", region: "", country: "" },
  ];
  readonly splits: Sites["splits"];
  readonly #places: Cube["places"];
  readonly #regionCodes = new Map<string, number>();
  readonly #cityCodes = new Map<string, number>();

  /**
   * @param room - how many sites there may be
   * @param splits - dimensions that split places
   */
  constructor({ places, dimensions }: Pick<Cube, "places" | "dimensions">, room: number, splits: readonly number[]) {
    this.length = room;
    this.#places = places;
    this.country = new Uint32Array(room);
    this.region = new Uint32Array(room);
    this.city = new Uint32Array(room);
    this.lat = new Float64Array(room).fill(Number.NaN);
    this.lon = new Float64Array(room).fill(Number.NaN);
    this.countries = places.countries.values;
    this.splits = splits.map((d) => ({
      name: dimensions[d]!.name,
      codes: new Uint32Array(room),
      values: dimensions[d]!.dictionary.values,
    }));
  }

  /** Adds a site behind those that are known. */
  add({ place, country, lat, lon, codes }: NewSite): void {
    const at = this.known++;
    this.country[at] = country;
    this.lat[at] = lat;
    this.lon[at] = lon;
    for (const [s, code] of codes.entries()) this.splits[s]!.codes[at] = code;
    const { countries, regions, cities, region, city, country: countryOf } = this.#places;
    const names = {
      country: countries.value(countryOf[place]!),
      region: regions.value(region[place]!),
      name: cities.value(city[place]!),
    };
    if (region[place] !== 0) {
      const key = `${countryOf[place]},${region[place]}`;
      this.region[at] = codeOf(this.#regionCodes, key, this.regions, { name: names.region, country: names.country });
    }
    if (city[place] === 0) return;
    const key = `${countryOf[place]},${region[place]},${city[place]}`;
    this.city[at] = codeOf(this.#cityCodes, key, this.cities, names);
  }
}

/** The place of a name in a list; it is put there where it is new. */
function codeOf<T>(codes: Map<string, number>, key: string, names: T[], name: T): number {
  let code = codes.get(key);
  if (code === undefined) {
    code = names.push(name) - 1;
    codes.set(key, code);
  }
  return code;
}
