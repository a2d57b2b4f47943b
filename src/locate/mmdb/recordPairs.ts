import { isGeopivotError } from "../../core/errors.js";
import { locateError, reasonOf } from "../errors.js";
import { withAssumedAccuracy } from "../places/assumedAccuracy.js";
import type { LayerIndexes } from "../sources/layer.js";
import { FIELD, USE_TAGS } from "./fields.js";
import type { MmdbFile } from "./mmdbFile.js";
import { RECORDS_AT_ONCE } from "./recordIds.js";
import { RecordPlaces } from "./recordPlaces.js";
import { RecordReader } from "./recordReader.js";

/** Reads records of a file to pair ids. */
export class RecordPairs {
  readonly #file: MmdbFile;
  readonly #reader: RecordReader;
  readonly #indexes: LayerIndexes;
  readonly #places: RecordPlaces;
  readonly #placeIds = new Uint32Array(RECORDS_AT_ONCE);
  readonly #networks = new Map<string, number>();

  constructor(file: MmdbFile, indexes: LayerIndexes) {
    this.#file = file;
    this.#reader = new RecordReader(file);
    this.#indexes = indexes;
    this.#places = new RecordPlaces(this.#reader.fields, indexes.places);
  }

  /** Writes the ids of the records at offsets of the file, of which 0 is none. Throws `corrupt-database`. */
  ids(offsets: Float64Array, ids: Uint32Array): void {
    if (offsets[0] === 0) {
      ids[0] = 0;
      return;
    }
    try {
      this.#reader.read(offsets);
    } catch (cause) {
      if (isGeopivotError(cause)) throw cause;
      throw locateError("corrupt-database", { path: this.#file.path, reason: reasonOf(cause) }, cause);
    }
    const { pairs } = this.#indexes;
    this.#places.ids(offsets.length, this.#placeIds);
    const haveNetworks = this.#reader.fields.used.some((field) => field >= FIELD.asn);
    for (let row = 0; row < offsets.length; row++) {
      const network = haveNetworks ? this.#networkId(row) : 0;
      const place = network === 0 ? this.#placeIds[row]! : this.#placeIn(network, this.#placeIds[row]!);
      ids[row] = pairs.id(place, network);
    }
  }

  /** Whether no record tells a radius, so that all are assumed ones. */
  get assumesAccuracy(): boolean {
    return !this.#reader.fields.uses(FIELD.accuracyKm);
  }

  /** The place of a record in a network whose use tells of its accuracy. */
  #placeIn(network: number, place: number): number {
    const { networks } = this.#indexes.networks;
    if (place === 0 || networks.tagBits[network] === 0 || !this.assumesAccuracy) return place;
    return withAssumedAccuracy(this.#indexes, place, networks.at(network)!.tags);
  }

  #networkId(row: number): number {
    const { fields } = this.#reader;
    const number = fields.number(FIELD.asn, row);
    const asn = number > 0 && number < 2 ** 32 ? number : 0;
    const organization = fields.text(FIELD.organization, row);
    const tags = fields.flagTags(row);
    for (const field of USE_FIELDS) {
      const use = fields.text(field, row);
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
