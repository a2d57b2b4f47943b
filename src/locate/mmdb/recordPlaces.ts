import { PRECISIONS } from "../../core/places.js";
import { accuracyOf } from "../places/accuracy.js";
import { countryLetters } from "../places/countryLetters.js";
import type { PlaceIndex } from "../places/placeIndex.js";
import { PlaceRows } from "../places/placeRows.js";
import { FIELD } from "./fields.js";
import type { RecordColumns } from "./recordColumns.js";

/** Finds the places that records name, one field of all records after the other. */
export class RecordPlaces {
  readonly #fields: RecordColumns;
  readonly #index: PlaceIndex;
  readonly #rows: PlaceRows;
  /** Dictionary codes of countries by the two letters. */
  readonly #countries = new Uint16Array(65536);

  /** Assumed radii by precision and by the country's code. */
  readonly #assumed: number[][] = [];

  constructor(fields: RecordColumns, index: PlaceIndex) {
    this.#fields = fields;
    this.#index = index;
    this.#rows = new PlaceRows(fields.rows);
  }

  /** Writes the place ids of the first rows. */
  ids(count: number, ids: Uint32Array): void {
    const fields = this.#fields;
    const rows = this.#rows;
    const { regions, cities, timeZones } = this.#index.places;
    for (let row = 0; row < count; row++) rows.country[row] = this.#countryCode(row);
    fields.codes(FIELD.regionName, regions, rows.region, count);
    fields.codes(FIELD.city, cities, rows.city, count);
    fields.codes(FIELD.timeZone, timeZones, rows.timeZone, count);
    for (let row = 0; row < count; row++) this.#setCoordinates(row);
    for (let row = 0; row < count; row++) this.#setPrecision(row);
    rows.regionCode.fill(0, 0, count);
    if (fields.uses(FIELD.regionIso)) for (let row = 0; row < count; row++) this.#setRegionCode(row);
    this.#index.ids(rows, count, ids);
  }

  /** Countries are two letters, written out in each record, so their text is what tells them apart. */
  #countryCode(row: number): number {
    const letters = this.#fields.twoLetters(FIELD.country, row);
    const known = this.#countries[letters]!;
    if (letters === 0 || known !== 0) return known;
    const text = this.#fields.text(FIELD.country, row);
    const name = countryLetters(text);
    if (name === "") return 0;
    const code = this.#index.places.countries.code(name);
    this.#countries[letters] = code;
    return code;
  }

  #setCoordinates(row: number): void {
    const fields = this.#fields;
    const rows = this.#rows;
    // `37.4,-122.1`, as IPinfo writes coordinates.
    const text = fields.text(FIELD.latLon, row);
    const pair = text === "" ? null : /^(-?\d+(?:\.\d+)?),\s*(-?\d+(?:\.\d+)?)$/.exec(text);
    const lat = pair === null ? fields.number(FIELD.lat, row) : Number(pair[1]);
    const lon = pair === null ? fields.number(FIELD.lon, row) : Number(pair[2]);
    const areRight = Math.abs(lat) <= 90 && Math.abs(lon) <= 180;
    rows.lat[row] = areRight ? lat : Number.NaN;
    rows.lon[row] = areRight ? lon : Number.NaN;
  }

  #setPrecision(row: number): void {
    const rows = this.#rows;
    const precision = rows.city[row] !== 0 ? 3 : rows.region[row] !== 0 ? 2 : rows.country[row] !== 0 ? 1 : 0;
    const told = this.#fields.number(FIELD.accuracyKm, row);
    rows.precision[row] = precision;
    rows.accuracyKm[row] = told > 0 ? told : this.#assumedKm(precision, rows.country[row]!);
  }

  /** What is assumed of a precision in a country, by its code. */
  #assumedKm(precision: number, country: number): number {
    const known = (this.#assumed[precision] ??= []);
    if (known[country] !== undefined) return known[country];
    const name = this.#index.places.countries.value(country);
    return (known[country] = accuracyOf({ precision: PRECISIONS[precision]!, country: name }));
  }

  #setRegionCode(row: number): void {
    const iso = this.#fields.text(FIELD.regionIso, row);
    // What says nothing of a place is to add nothing to its dictionaries.
    if (iso === "" || this.#rows.isEmpty(row)) return;
    const { countries, regionCodes } = this.#index.places;
    this.#rows.regionCode[row] = regionCodes.code(regionCodeOf(countries.value(this.#rows.country[row]!), iso));
  }
}

/** `DE-HE` of `DE` and `HE`; what already carries its country stays. */
function regionCodeOf(country: string, iso: string): string {
  return country === "" || iso.startsWith(`${country}-`) ? iso : `${country}-${iso}`;
}
