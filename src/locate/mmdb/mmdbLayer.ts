import { isGeopivotError } from "../../core/errors.js";
import { PRECISIONS } from "../../core/places.js";
import { DEFAULT_ACCURACY_KM } from "../accuracy.js";
import { locateError, reasonOf } from "../errors.js";
import type { Layer, LayerIndexes } from "../layer.js";
import type { Ranges4 } from "../ranges4.js";
import type { Ranges6 } from "../ranges6.js";
import { FIELD, USE_TAGS } from "./fields.js";
import type { MmdbFile } from "./openMmdb.js";
import { RecordReader } from "./recordReader.js";
import { walkMmdb } from "./walkMmdb.js";

/** Bytes a record with a place of its own takes at least, roughly; room for more than a million is made when it is needed. */
const RECORD_BYTES = 40;
const MAX_EXPECTED = 1 << 20;

/** Compiles the networks of an .mmdb file to ranges of pair ids, in steps. Throws `corrupt-database`. */
export function* mmdbLayer(file: MmdbFile, indexes: LayerIndexes): Generator<undefined, Layer> {
  const records = Math.min(MAX_EXPECTED, Math.ceil((file.dataEnd - file.dataStart) / RECORD_BYTES));
  // Beside another database's places, most of a second one's are known.
  yield* indexes.places.expect(Math.max(records, 1.5 * indexes.places.places.length));
  const pairs = new RecordPairs(file, indexes);
  const { ranges4, ranges6 } = yield* walkMmdb(file, (recordStart) => pairs.pairId(recordStart));
  return { ranges4, ranges6, covers4: covers(ranges4), covers6: covers(ranges6) };
}

const covers = ({ length, ids }: Ranges4 | Ranges6): boolean => length > 1 || ids[0] !== 0;

/** Reads records of a file to pair ids. */
class RecordPairs {
  readonly #file: MmdbFile;
  readonly #reader: RecordReader;
  readonly #indexes: LayerIndexes;
  readonly #networks = new Map<string, number>();
  /** Dictionary codes by the two letters. */
  readonly #countries = new Uint16Array(65536);

  constructor(file: MmdbFile, indexes: LayerIndexes) {
    this.#file = file;
    this.#reader = new RecordReader(file);
    this.#indexes = indexes;
  }

  /** The id of the record at an offset, of which 0 is none. */
  pairId(offset: number): number {
    if (offset === 0) return 0;
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
    const region = reader.code(FIELD.regionName, places.regions);
    const city = reader.code(FIELD.city, places.cities);
    const [lat, lon] = this.#latLon();
    if (country === 0 && region === 0 && city === 0 && Number.isNaN(lat)) return 0;
    const precision = city !== 0 ? 3 : region !== 0 ? 2 : country !== 0 ? 1 : 0;
    const told = reader.number(FIELD.accuracyKm);
    const accuracyKm = told > 0 ? told : DEFAULT_ACCURACY_KM[PRECISIONS[precision]!];
    const iso = reader.text(FIELD.regionIso);
    const regionCode = iso === "" ? 0 : places.regionCodes.code(regionCodeOf(places.countries.value(country), iso));
    const timeZone = reader.code(FIELD.timeZone, places.timeZones);
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
