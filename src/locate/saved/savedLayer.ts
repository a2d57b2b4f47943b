import { type Allocate, type Column, copied } from "../../core/grown.js";
import { type NetworkColumns, NetworkTable } from "../../core/networks.js";
import type { PackedStrings } from "../../core/packedDictionary.js";
import { type PlaceColumns, PlaceTable } from "../../core/places.js";
import type { Layer, LayerIndexes } from "../layer.js";
import type { Ranges4 } from "../ranges4.js";
import type { Ranges6 } from "../ranges6.js";
import type { TableFile } from "./tableFile.js";

/** What a saved table says of itself. */
export interface SavedMeta {
  readonly covers4: boolean;
  readonly covers6: boolean;
  readonly attributions: readonly string[];
  /** The databases it was compiled from: their names and when they were built (epoch milliseconds; 0 unknown). */
  readonly sources: readonly { readonly name: string; readonly builtMs: number }[];
}

/** Columns whose differences are small. */
export const DELTA_COLUMNS = ["starts4", "starts6.0", "places.cities.ends", "networks.organizations.ends"];

const owned: Allocate = (bytes) => new ArrayBuffer(bytes);

/** A layer, with the tables that its ids mean, as columns to be written to a file. */
export function savedOf(layer: Layer, indexes: LayerIndexes, meta: SavedMeta): TableFile {
  const { ranges4, ranges6 } = layer;
  const { pairs } = indexes;
  const columns: Record<string, Column> = { starts4: ranges4.starts, ids4: ranges4.ids, ids6: ranges6.ids };
  for (let w = 0; w < 4; w++) columns[`starts6.${w}`] = everyFourth(ranges6, w);
  columns["pairs.place"] = copied(pairs.place, pairs.length, owned);
  columns["pairs.network"] = copied(pairs.network, pairs.length, owned);
  flatten("places", indexes.places.places.columns(owned), columns);
  flatten("networks", indexes.networks.networks.columns(owned), columns);
  return { meta, columns };
}

/** The layer of a saved table, in steps; its places and networks are added to the indexes. Throws a plain Error where it makes no sense. */
export function* layerOfSaved(file: TableFile, indexes: LayerIndexes): Generator<undefined, Layer> {
  const { columns } = file;
  const meta = metaOf(file);
  const pairPlace = columnOf(columns, "pairs.place", Uint32Array);
  const pairNetwork = columnOf(columns, "pairs.network", Uint32Array);
  const ranges4 = { starts: columnOf(columns, "starts4", Uint32Array), ids: columnOf(columns, "ids4", Uint32Array) };
  const ranges6 = { starts: yield* joined(columns), ids: columnOf(columns, "ids6", Uint32Array) };
  yield;
  check4({ ...ranges4, length: ranges4.ids.length }, pairPlace.length);
  yield;
  check6({ ...ranges6, length: ranges6.ids.length }, pairPlace.length);
  yield;
  const places = new PlaceTable(nested("places", columns) as unknown as PlaceColumns);
  const networks = new NetworkTable(nested("networks", columns) as unknown as NetworkColumns);
  checkPairs(pairPlace, places.length);
  checkPairs(pairNetwork, networks.length);
  const placeIds = yield* indexes.places.addAll(places);
  const networkIds = indexes.networks.addAll(networks);
  const pairIds = indexes.pairs.addAll(pairPlace, pairNetwork, placeIds, networkIds);
  yield;
  if (pairIds !== undefined) {
    yield* renumber(ranges4.ids, pairIds);
    yield* renumber(ranges6.ids, pairIds);
  }
  return {
    ranges4: { ...ranges4, length: ranges4.ids.length },
    ranges6: { ...ranges6, length: ranges6.ids.length },
    covers4: meta.covers4,
    covers6: meta.covers6,
  };
}

/** What a saved table says of itself. Throws a plain Error where it says it wrongly. */
export function metaOf({ meta }: TableFile): SavedMeta {
  const { covers4, covers6, attributions, sources } = (meta ?? {}) as SavedMeta;
  const isRight =
    Array.isArray(attributions) &&
    attributions.every((one) => typeof one === "string") &&
    Array.isArray(sources) &&
    sources.every((one) => typeof one?.name === "string" && Number.isFinite(one.builtMs));
  if (!isRight) throw new Error("its description is damaged");
  return { covers4: covers4 === true, covers6: covers6 === true, attributions, sources };
}

function everyFourth({ starts, length }: Ranges6, word: number): Uint32Array {
  const column = new Uint32Array(length);
  for (let i = 0; i < length; i++) column[i] = starts[4 * i + word]!;
  return column;
}

function* joined(columns: TableFile["columns"]): Generator<undefined, Uint32Array> {
  const words = [0, 1, 2, 3].map((w) => columnOf(columns, `starts6.${w}`, Uint32Array));
  const { length } = words[0]!;
  const starts = new Uint32Array(4 * length);
  for (const [w, word] of words.entries()) {
    if (word.length !== length) throw new Error("its IPv6 columns differ in length");
    for (let i = 0; i < length; i++) starts[4 * i + w] = word[i]!;
    yield;
  }
  return starts;
}

function flatten(prefix: string, tables: object, columns: Record<string, Column>): void {
  for (const [name, value] of Object.entries(tables) as [string, Column | PackedStrings][]) {
    if (!("ends" in value)) columns[`${prefix}.${name}`] = value;
    else {
      columns[`${prefix}.${name}.bytes`] = value.bytes;
      columns[`${prefix}.${name}.ends`] = value.ends;
    }
  }
}

const PLACE_KINDS = {
  ...{ country: Uint16Array, region: Uint32Array, regionCode: Uint32Array, city: Uint32Array, timeZone: Uint16Array },
  ...{ lat: Float64Array, lon: Float64Array, accuracyKm: Float32Array, precision: Uint8Array },
};
const NETWORK_KINDS = {
  ...{ asn: Uint32Array, organization: Uint32Array, name: Uint32Array, reserved: Uint8Array, tagBits: Uint32Array },
};
const STRINGS = {
  places: ["countries", "regions", "regionCodes", "cities", "timeZones"],
  networks: ["organizations", "names", "reasons", "tags"],
};

/** The columns of a place or network table; all of the right kind and of one length. */
function nested(prefix: "places" | "networks", columns: TableFile["columns"]): Record<string, Column | PackedStrings> {
  const tables: Record<string, Column | PackedStrings> = {};
  let length = -1;
  for (const [name, Kind] of Object.entries(prefix === "places" ? PLACE_KINDS : NETWORK_KINDS)) {
    const column = columnOf<Column>(columns, `${prefix}.${name}`, Kind);
    if (length >= 0 && column.length !== length) throw new Error(`its ${prefix} differ in length`);
    length = column.length;
    tables[name] = column;
  }
  for (const name of STRINGS[prefix]) {
    const bytes = columnOf(columns, `${prefix}.${name}.bytes`, Uint8Array);
    const ends = columnOf(columns, `${prefix}.${name}.ends`, Uint32Array);
    if (
      ends.length === 0 ||
      ends[0] !== 0 ||
      ends.at(-1) !== bytes.length ||
      !ends.every((end, i) => i === 0 || end >= ends[i - 1]!)
    ) {
      throw new Error(`its ${name} are damaged`);
    }
    tables[name] = { bytes, ends };
  }
  return tables;
}

function columnOf<T extends Column>(
  columns: TableFile["columns"],
  name: string,
  Kind: abstract new (length: number) => T,
): T {
  const column = columns[name];
  if (!(column instanceof Kind)) throw new Error(`it has no column ${name}`);
  return column;
}

function check4({ starts, ids, length }: Ranges4, pairs: number): void {
  let right = starts.length === length && length > 0 && starts[0] === 0;
  for (let i = 0; i < length; i++) right &&= ids[i]! < pairs && (i === 0 || starts[i]! > starts[i - 1]!);
  if (!right) throw new Error("its IPv4 ranges are out of order");
}

function check6({ starts, ids, length }: Ranges6, pairs: number): void {
  let right = starts.length === 4 * length && length > 0 && (starts[0]! | starts[1]! | starts[2]! | starts[3]!) === 0;
  for (let i = 0; right && i < length; i++) {
    right = ids[i]! < pairs;
    for (let w = 0, at = 4 * i; i > 0 && w < 4; w++, at++) {
      if (starts[at]! > starts[at - 4]!) break;
      if (starts[at]! < starts[at - 4]! || w === 3) right = false;
    }
  }
  if (!right) throw new Error("its IPv6 ranges are out of order");
}

function checkPairs(ids: Uint32Array, length: number): void {
  if (ids.length === 0 || ids[0] !== 0 || !ids.every((id) => id < length)) throw new Error("its pairs are damaged");
}

function* renumber(ids: Uint32Array, numbers: Uint32Array): Generator<undefined, void> {
  for (let from = 0; from < ids.length; from += IDS_A_STEP) {
    const end = Math.min(from + IDS_A_STEP, ids.length);
    for (let i = from; i < end; i++) ids[i] = numbers[ids[i]!]!;
    yield;
  }
}

/** After how many ids the work pauses. */
const IDS_A_STEP = 500_000;
