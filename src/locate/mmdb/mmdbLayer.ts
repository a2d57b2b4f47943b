import type { Dictionary } from "../../core/dictionary.js";
import { isGeopivotError } from "../../core/errors.js";
import { PRECISIONS } from "../../core/places.js";
import { DEFAULT_ACCURACY_KM } from "../accuracy.js";
import { locateError } from "../errors.js";
import type { Layer, LayerIndexes } from "../layer.js";
import { type Ranges4, Ranges4Builder } from "../ranges4.js";
import { type Ranges6, Ranges6Builder } from "../ranges6.js";
import { FIELD, USE_TAGS } from "./fields.js";
import { OffsetIds } from "./offsetIds.js";
import { type MmdbFile, reasonOf } from "./openMmdb.js";
import { RecordReader } from "./recordReader.js";
import { walkMmdb } from "./walkMmdb.js";

/** After how many ranges the compilation pauses. */
const RANGES_A_STEP = 20_000;

/** Bytes a record with a place of its own takes at least, roughly; room for more than a million is made when it is needed. */
const RECORD_BYTES = 40;
const MAX_EXPECTED = 1 << 20;

/** Compiles the networks of an .mmdb file to ranges of pair ids. Throws `corrupt-database`. */
export function* mmdbLayer(file: MmdbFile, indexes: LayerIndexes): Generator<undefined, Layer> {
  const { ranges4, ranges6 } = yield* walkMmdb(file);
  const expected = Math.min(MAX_EXPECTED, Math.ceil((file.dataEnd - file.dataStart) / RECORD_BYTES));
  indexes.places.expect(expected);
  indexes.pairs.expect(expected);
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
  readonly #known = new OffsetIds();
  readonly #networks = new Map<string, number>();
  /** Dictionary codes by where the text lies in the file. */
  readonly #regions = new OffsetIds();
  readonly #cities = new OffsetIds();
  readonly #timeZones = new OffsetIds();
  /** Dictionary codes by the two letters. */
  readonly #countries = new Uint16Array(65536);

  constructor(file: MmdbFile, indexes: LayerIndexes) {
    this.#file = file;
    this.#reader = new RecordReader(file);
    this.#indexes = indexes;
  }

  pairId(offset: number): number {
    if (offset === 0) return 0;
    const known = this.#known.get(offset);
    if (known >= 0) return known;
    const id = this.#read(offset);
    this.#known.set(offset, id);
    return id;
  }

  #read(offset: number): number {
    try {
      this.#reader.read(offset);
      return this.#indexes.pairs.id(this.#placeId(), this.#networkId());
    } catch (cause) {
      if (isGeopivotError(cause)) throw cause;
      throw locateError("corrupt-database", { path: this.#file.path, reason: reasonOf(cause) }, cause);
    }
  }

  #placeId(): number {
    const reader = this.#reader;
    const { places } = this.#indexes.places;
    const country = this.#countryCode();
    const region = this.#code(this.#regions, FIELD.regionName, places.regions);
    const city = this.#code(this.#cities, FIELD.city, places.cities);
    const [lat, lon] = this.#latLon();
    if (country === 0 && region === 0 && city === 0 && Number.isNaN(lat)) return 0;
    const precision = city !== 0 ? 3 : region !== 0 ? 2 : country !== 0 ? 1 : 0;
    const told = reader.number(FIELD.accuracyKm);
    const accuracyKm = told > 0 ? told : DEFAULT_ACCURACY_KM[PRECISIONS[precision]!];
    const iso = reader.text(FIELD.regionIso);
    const regionCode = iso === "" ? 0 : places.regionCodes.code(regionCodeOf(places.countries.value(country), iso));
    const timeZone = this.#code(this.#timeZones, FIELD.timeZone, places.timeZones);
    return this.#indexes.places.id(country, region, regionCode, city, timeZone, lat, lon, accuracyKm, precision);
  }

  /** Countries are two letters, written out in each record, so their text is what tells them apart. */
  #countryCode(): number {
    const letters = this.#reader.twoLetters(FIELD.country);
    const known = this.#countries[letters]!;
    if (letters === 0 || known !== 0) return known;
    const text = this.#reader.text(FIELD.country);
    if (!/^[a-z]{2}$/i.test(text)) return 0;
    const code = this.#indexes.places.places.countries.code(text.toUpperCase());
    this.#countries[letters] = code;
    return code;
  }

  /** The code of a field's text in its dictionary. */
  #code(codes: OffsetIds, field: number, dictionary: Dictionary): number {
    const start = this.#reader.textStart(field);
    if (start === 0) return 0;
    let code = codes.get(start);
    if (code < 0) codes.set(start, (code = dictionary.code(this.#reader.text(field))));
    return code;
  }

  #latLon(): [number, number] {
    const reader = this.#reader;
    // `37.4,-122.1`, as IPinfo writes coordinates.
    const text = reader.text(FIELD.latLon);
    const pair = text === "" ? null : /^(-?\d+(?:\.\d+)?),\s*(-?\d+(?:\.\d+)?)$/.exec(text);
    const lat = pair === null ? reader.number(FIELD.lat) : Number(pair[1]);
    const lon = pair === null ? reader.number(FIELD.lon) : Number(pair[2]);
    return Math.abs(lat) <= 90 && Math.abs(lon) <= 180 ? [lat, lon] : NO_COORDINATES;
  }

  #networkId(): number {
    const reader = this.#reader;
    const number = reader.number(FIELD.asn);
    const asn = number > 0 && number < 2 ** 32 ? number : 0;
    const organization = reader.text(FIELD.organization);
    const tags = reader.flagTags();
    for (const field of USE_FIELDS) {
      const use = reader.text(field);
      const tag = use === "" ? undefined : USE_TAGS.get(use);
      if (tag !== undefined) tags.push(tag);
    }
    if (asn === 0 && organization === "" && tags.length === 0) return 0;
    const key = `${asn} ${tags.join()} ${organization}`;
    let id = this.#networks.get(key);
    if (id === undefined) {
      id = this.#indexes.networks.id({ asn, organization, name: "", tags, reserved: "" });
      this.#networks.set(key, id);
    }
    return id;
  }
}

const USE_FIELDS = [FIELD.connection, FIELD.userType];
const NO_COORDINATES: [number, number] = [Number.NaN, Number.NaN];

/** `DE-HE` of `DE` and `HE`; what already carries its country stays. */
function regionCodeOf(country: string, iso: string): string {
  return country === "" || iso.startsWith(`${country}-`) ? iso : `${country}-${iso}`;
}
