import { makeColumns } from "../../../core/columns/columns.js";
import { f32, f64, u16, u32 } from "../../../core/columns/field.js";
import { HashIndex, hashColumns } from "../../../core/columns/hashIndex.js";
import { schema } from "../../../core/columns/schema.js";
import { typedColumns } from "../../../core/columns/typedColumns.js";
import { Dictionary } from "../../../core/dictionary.js";
import { grown } from "../../../core/grown.js";
import { type PlaceTable, PRECISIONS } from "../../../core/places.js";
import { chordKm, unitVectors } from "../../../core/sphere.js";
import { DEFAULT_ACCURACY_KM } from "../../../locate/places/accuracy.js";
import { suspiciousError } from "../errors.js";

/** What tells locations apart. */
const KEY_COLUMNS = {
  /** `country|region|city`, the unit in which volumes are judged. */
  city: { ...u32, dictionary: "cities" },
  /** Degrees; NaN where unknown. */
  lat: f64,
  lon: f64,
  radiusKm: { ...f32, unknown: 0 },
} as const;

const LOCATION_COLUMNS = {
  ...KEY_COLUMNS,
  country: { ...u16, dictionary: "countries" },
  /** `country|region`. */
  region: { ...u32, dictionary: "regions" },
  /** The place on a globe of radius 1. */
  x: { ...f64, unknown: 0 },
  y: { ...f64, unknown: 0 },
  z: { ...f64, unknown: 0 },
} as const;

const KEYS = Object.keys(KEY_COLUMNS) as readonly (keyof typeof KEY_COLUMNS)[];

/**
 * The places that users were seen at, independent of the table a batch of events refers to.
 *
 * User records hold location ids, so they survive a change of database and can be merged with those of another process.
 * Location 0 is "unlocated"; a location without coordinates has a country and is as near as anything.
 */
export class UserLocationTable extends schema(LOCATION_COLUMNS, () => ({ makeDictionary: () => new Dictionary() })) {
  readonly #index = new HashIndex();
  /** The location that is looked for. */
  readonly #wanted = makeColumns(KEY_COLUMNS, 1);
  readonly #mapped = new WeakMap<PlaceTable, { ids: Uint32Array; met: Uint8Array }>();

  constructor() {
    super();
    this.addUnknown();
  }

  /**
   * Location ids by row of a place table, filled in for the rows met: a log has a few thousand of a database's half a million
   * places. Throws `bad-coordinates`.
   */
  idsOf(places: PlaceTable, rows: Uint32Array): Uint32Array {
    let mapped = this.#mapped.get(places) ?? { ids: new Uint32Array(64), met: new Uint8Array(64) };
    if (mapped.met.length < places.length) {
      mapped = { ids: grown(mapped.ids, 2 * places.length), met: grown(mapped.met, 2 * places.length) };
    }
    this.#mapped.set(places, mapped);
    const { ids, met } = mapped;
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i]!;
      if (met[row] === 1 || row === 0) continue;
      met[row] = 1;
      ids[row] = this.#ofPlace(places, row);
    }
    return ids;
  }

  /** The id of a location, a new one if it is not known yet. `city` is `country|region|city`. */
  add(country: string, city: string, lat: number, lon: number, radiusKm: number): number {
    if (Math.abs(lat) > 90 || Math.abs(lon) > 180) {
      throw suspiciousError("bad-coordinates", { place: city.split("|").reverse().join(", "), lat, lon });
    }
    const wanted = this.#wanted;
    wanted.city[0] = this.cities.code(city);
    wanted.lat[0] = lat + 0; // -0 is 0
    wanted.lon[0] = lon + 0;
    wanted.radiusKm[0] = radiusKm;
    const keys = Object.values(wanted);
    const hash = hashColumns(keys, 1)[0]!;
    const known = this.#index.find(hash, typedColumns(KEYS.map((name) => this[name])), typedColumns(keys), 0);
    if (known >= 0) return known;
    const id = this.addRow();
    this.#index.add(hash, id);
    for (const name of KEYS) this[name][id] = wanted[name][0]!;
    this.country[id] = this.countries.code(country);
    this.region[id] = this.regions.code(city.slice(0, city.lastIndexOf("|")));
    const [x, y, z] = unitVectors([lat], [lon]);
    this.x[id] = x!;
    this.y[id] = y!;
    this.z[id] = z!;
    return id;
  }

  /** Every location but 0 as {@link add} takes it, for saving. */
  rows(): (readonly [string, string, number | null, number | null, number])[] {
    const known = (degrees: number): number | null => (Number.isNaN(degrees) ? null : degrees);
    return Array.from({ length: this.length - 1 }, (_, i) => {
      const id = i + 1;
      const country = this.countries.value(this.country[id]!);
      const city = this.cities.value(this.city[id]!);
      return [country, city, known(this.lat[id]!), known(this.lon[id]!), this.radiusKm[id]!] as const;
    });
  }

  /** Adds the locations of another table; answers the id here of each id there. */
  adopt(other: UserLocationTable): Uint32Array {
    const ids = new Uint32Array(other.length);
    other.rows().forEach(([country, city, lat, lon, radiusKm], i) => {
      ids[i + 1] = this.add(country, city, lat ?? Number.NaN, lon ?? Number.NaN, radiusKm);
    });
    return ids;
  }

  /** Country code of a city code. */
  countryOfCity(city: number): number {
    const name = this.cities.value(city);
    return Math.max(0, this.countries.find(name.slice(0, name.indexOf("|"))));
  }

  /** Great-circle distance in km; NaN where either has no coordinates. */
  km(a: number, b: number): number {
    const dx = this.x[a]! - this.x[b]!;
    const dy = this.y[a]! - this.y[b]!;
    const dz = this.z[a]! - this.z[b]!;
    return chordKm(Math.sqrt(dx * dx + dy * dy + dz * dz));
  }

  /** The distance in km that is left after both accuracy radii; 0 where they overlap or a place has no coordinates. */
  apartKm(a: number, b: number): number {
    const left = this.km(a, b) - this.radiusKm[a]! - this.radiusKm[b]!;
    return Number.isNaN(left) ? 0 : Math.max(0, left);
  }

  #ofPlace(places: PlaceTable, row: number): number {
    const country = places.countries.value(places.country[row]!);
    const lat = places.lat[row]!;
    const lon = places.lon[row]!;
    if (country === "" && Number.isNaN(lat)) return 0;
    const region = places.regions.value(places.region[row]!);
    const accuracyKm = places.accuracyKm[row]!;
    const precision = PRECISIONS[places.precision[row]!]!;
    const radiusKm = Number.isNaN(accuracyKm) ? DEFAULT_ACCURACY_KM[precision] : accuracyKm;
    return this.add(country, `${country}|${region}|${places.cities.value(places.city[row]!)}`, lat, lon, radiusKm);
  }
}
