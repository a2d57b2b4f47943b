import { type Place, PRECISIONS } from "../../core/places.js";
import { DEFAULT_ACCURACY_KM } from "../accuracy.js";
import { locateError } from "../errors.js";
import type { Layer, LayerIndexes } from "../layer.js";
import { type Ranges4, Ranges4Builder } from "../ranges4.js";
import { type Ranges6, Ranges6Builder } from "../ranges6.js";
import { USE_TAGS } from "./fields.js";
import { type MmdbFile, reasonOf } from "./openMmdb.js";
import { RecordReader } from "./recordReader.js";
import { walkMmdb } from "./walkMmdb.js";

/** After how many ranges the compilation pauses. */
const RANGES_A_STEP = 20_000;

/** Compiles the networks of an .mmdb file to ranges of pair ids. Throws `corrupt-database`. */
export function* mmdbLayer(file: MmdbFile, indexes: LayerIndexes): Generator<undefined, Layer> {
  const { ranges4, ranges6 } = yield* walkMmdb(file);
  const records = new RecordPairs(file, indexes);
  const pairs4 = yield* pairs4Of(ranges4, records);
  const pairs6 = yield* pairs6Of(ranges6, records);
  const covers4 = pairs4.length > 1 || pairs4.ids[0] !== 0;
  const covers6 = pairs6.length > 1 || pairs6.ids[0] !== 0;
  return { ranges4: pairs4, ranges6: pairs6, covers4, covers6 };
}

function* pairs4Of(ranges: Ranges4, records: RecordPairs): Generator<undefined, Ranges4> {
  const builder = new Ranges4Builder(ranges.length);
  for (let i = 0; i < ranges.length; i++) {
    builder.push(ranges.starts[i]!, records.pairId(ranges.ids[i]!));
    if (i % RANGES_A_STEP === RANGES_A_STEP - 1) yield;
  }
  return builder.ranges();
}

function* pairs6Of(ranges: Ranges6, records: RecordPairs): Generator<undefined, Ranges6> {
  const builder = new Ranges6Builder(ranges.length);
  const { starts } = ranges;
  for (let i = 0; i < ranges.length; i++) {
    const at = 4 * i;
    const id = records.pairId(ranges.ids[i]!);
    builder.push(starts[at]!, starts[at + 1]!, starts[at + 2]!, starts[at + 3]!, id);
    if (i % RANGES_A_STEP === RANGES_A_STEP - 1) yield;
  }
  return builder.ranges();
}

/** The pair id of each record of a file, read once. */
class RecordPairs {
  readonly #file: MmdbFile;
  readonly #reader: RecordReader;
  readonly #indexes: LayerIndexes;
  readonly #known = new Map<number, number>();
  readonly #networks = new Map<string, number>();
  /** Dictionary codes by where the text lies in the file, one map a dictionary. */
  readonly #codes = [0, 1, 2, 3, 4].map(() => new Map<number, number>());

  constructor(file: MmdbFile, indexes: LayerIndexes) {
    this.#file = file;
    this.#reader = new RecordReader(file);
    this.#indexes = indexes;
  }

  pairId(offset: number): number {
    if (offset === 0) return 0;
    let id = this.#known.get(offset);
    if (id === undefined) {
      try {
        this.#reader.read(offset);
        id = this.#indexes.pairs.id(this.#placeId(), this.#networkId());
      } catch (cause) {
        if (cause instanceof Error && cause.name === "GeopivotError") throw cause;
        throw locateError("corrupt-database", { path: this.#file.path, reason: reasonOf(cause) }, cause);
      }
      this.#known.set(offset, id);
    }
    return id;
  }

  #placeId(): number {
    const reader = this.#reader;
    const places = this.#indexes.places.places;
    const country = this.#code(0, "country");
    const region = this.#code(1, "regionName");
    const city = this.#code(3, "city");
    let lat = reader.number("lat");
    let lon = reader.number("lon");
    if (reader.textStart("latLon") !== 0) [lat, lon] = latLonOf(reader.text("latLon"), lat, lon);
    if (!(Math.abs(lat) <= 90 && Math.abs(lon) <= 180)) lat = lon = Number.NaN;
    if (country === 0 && region === 0 && city === 0 && Number.isNaN(lat)) return 0;
    const precision = city !== 0 ? 3 : region !== 0 ? 2 : country !== 0 ? 1 : 0;
    const told = reader.number("accuracyKm");
    const accuracyKm = told > 0 ? told : DEFAULT_ACCURACY_KM[PRECISIONS[precision]!];
    const iso = reader.textStart("regionIso") === 0 ? "" : reader.text("regionIso");
    const regionCode = iso === "" ? 0 : places.regionCodes.code(regionCodeOf(places.countries.value(country), iso));
    const timeZone = this.#code(4, "timeZone");
    return this.#indexes.places.id(country, region, regionCode, city, timeZone, lat, lon, accuracyKm, precision);
  }

  /** The code of a field's text in its dictionary. */
  #code(dictionary: 0 | 1 | 3 | 4, field: "country" | "regionName" | "city" | "timeZone"): number {
    const start = this.#reader.textStart(field);
    if (start === 0) return 0;
    const codes = this.#codes[dictionary]!;
    let code = codes.get(start);
    if (code === undefined) {
      const { countries, regions, cities, timeZones } = this.#indexes.places.places;
      const text = this.#reader.text(field);
      if (dictionary === 0) code = /^[a-z]{2}$/i.test(text) ? countries.code(text.toUpperCase()) : 0;
      else code = (dictionary === 1 ? regions : dictionary === 3 ? cities : timeZones).code(text);
      codes.set(start, code);
    }
    return code;
  }

  #networkId(): number {
    const reader = this.#reader;
    const asn = reader.number("asn");
    const organization = reader.textStart("organization") === 0 ? "" : reader.text("organization");
    const tags = reader.flagTags();
    for (const field of ["connection", "userType"] as const) {
      const tag = reader.textStart(field) === 0 ? undefined : USE_TAGS[reader.text(field)];
      if (tag !== undefined) tags.push(tag);
    }
    const known = asn > 0 && asn < 2 ** 32 ? asn : 0;
    if (known === 0 && organization === "" && tags.length === 0) return 0;
    const key = `${known} ${tags.join()} ${organization}`;
    let id = this.#networks.get(key);
    if (id === undefined) {
      id = this.#indexes.networks.id({ asn: known, organization, name: "", tags, reserved: "" });
      this.#networks.set(key, id);
    }
    return id;
  }
}

/** `DE-HE` of `DE` and `HE`; what already carries its country stays. */
function regionCodeOf(country: string, iso: string): string {
  return country === "" || iso.startsWith(`${country}-`) ? iso : `${country}-${iso}`;
}

/** `37.4,-122.1`, as IPinfo writes coordinates. */
function latLonOf(text: string, lat: number, lon: number): [Place["lat"], Place["lon"]] {
  const match = /^(-?\d+(?:\.\d+)?),\s*(-?\d+(?:\.\d+)?)$/.exec(text);
  return match === null ? [lat, lon] : [Number(match[1]), Number(match[2])];
}
