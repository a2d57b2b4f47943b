import { ownMemory } from "../../core/columns/columns.js";
import type { TableParts } from "../../core/columns/columnTable.js";
import { COLUMN_KINDS, type Field, type Fields } from "../../core/columns/field.js";
import type { PackedStrings } from "../../core/columns/packedDictionary.js";
import { allocateShared, type Column, copied } from "../../core/grown.js";
import { NETWORK_COLUMNS, type NetworkColumns, NetworkTable } from "../../core/networks.js";
import { PLACE_COLUMNS } from "../../core/placeColumns.js";
import { type PlaceColumns, PlaceTable } from "../../core/places.js";
import type { WasmMemory } from "../../core/wasmKernel.js";
import type { PairColumns } from "../places/locationRecordTable.js";
import type { Layer, LayerIndexes, PackedLayer } from "../sources/layer.js";
import type { PackedIds } from "../tables/packedEntries.js";
import { runsOf } from "../tables/packedRuns.js";
import { LEVELS6, type PackedTrie, type TrieLevel, trieOf6 } from "../tables/packedTrie.js";
import { checkRuns } from "./checkRuns.js";
import { checkTrie } from "./checkTrie.js";
import type { Storing } from "./columnCodec.js";
import { kernelCheck } from "./kernelCheck.js";
import { plainCheck, type SavedCheck } from "./savedCheck.js";
import type { TableFile } from "./tableFile.js";

type LevelSize = readonly [nodes: number, entries: number];

/** What a saved table says of itself. */
export interface SavedMeta {
  readonly covers4: boolean;
  readonly covers6: boolean;
  /** How many pairs are plain; see `PairColumns`. */
  readonly plainPairs: number;
  /** How many nodes and entries each level of its tree has. */
  readonly levels6: readonly LevelSize[];
  readonly attributions: readonly string[];
  /** The databases it was compiled from: their names and when they were built (epoch milliseconds; 0 unknown). */
  readonly sources: readonly { readonly name: string; readonly builtMs: number }[];
}

/** Differences where those are small; as it is what would save few bytes, and takes a while to put together again. */
export const STORING: Readonly<Record<string, Storing>> = {
  "places.cities.ends": "differences",
  "networks.organizations.ends": "differences",
  "pairs.place": "plain",
  "places.city": "plain",
};

/** A layer as a saved table holds it, in steps. */
export function* packedLayer(layer: Layer | PackedLayer): Generator<undefined, PackedLayer> {
  if ("runs4" in layer) return layer;
  const { ranges4, ranges6, covers4, covers6 } = layer;
  const runs4 = yield* runsOf(ranges4);
  const trie6 = yield* trieOf6(ranges6);
  return { runs4, trie6, covers4, covers6, pairOf: (pair) => pair };
}

/** A layer, with the tables that its ids mean, as columns to be written to a file. */
export function savedOf(
  { runs4, trie6, covers4, covers6 }: PackedLayer,
  { pairs, places, networks }: LayerIndexes,
  { attributions, sources }: Pick<SavedMeta, "attributions" | "sources">,
): TableFile {
  const { plain, place, network } = pairs.columns();
  const meta: SavedMeta = { covers4, covers6, plainPairs: plain, levels6: sizesOf(trie6), attributions, sources };
  const columns: Record<string, Column> = {
    "runs4.lengths": runs4.lengths,
    ...idColumns("runs4", [runs4]),
    ...levelColumns("divided4", [runs4.divided]),
    ...levelColumns("trie6", trie6),
    "pairs.place": place,
    "pairs.network": network,
  };
  flatten("places", places.places.pack(ownMemory), columns);
  flatten("networks", networks.networks.pack(ownMemory), columns);
  return { meta, columns };
}

/**
 * The layer of a saved table, in steps; its places and networks are added to the indexes. Throws a plain Error where it
 * makes no sense.
 *
 * @param memory - in which the file lies, of {@link savedMemory}; undefined if it lies elsewhere
 */
export function* layerOfSaved(
  file: TableFile,
  indexes: LayerIndexes,
  memory?: WasmMemory,
): Generator<undefined, PackedLayer> {
  const { columns } = file;
  const { covers4, covers6, plainPairs, levels6 } = metaOf(file);
  const pairs = {
    plain: plainPairs,
    place: columnOf(columns, "pairs.place", Uint32Array),
    network: columnOf(columns, "pairs.network", Uint32Array),
  };
  const ids = plainPairs + pairs.place.length;
  const lengths = columnOf(columns, "runs4.lengths", Uint8Array);
  const runs4 = { lengths, ...idsOf(columns, "runs4"), divided: levelOf(columns, "divided4") };
  const trie6 = trieOf(levelOf(columns, "trie6"), levels6);
  const check = kernelCheck(memory) ?? plainCheck;
  yield* checkRuns(runs4, ids, check);
  yield* checkTrie(trie6, ids, check);
  yield;
  const places = new PlaceTable(nested("places", PLACE_COLUMNS, columns, check) as PlaceColumns);
  const networks = new NetworkTable(nested("networks", NETWORK_COLUMNS, columns, check) as NetworkColumns);
  yield;
  checkPairs(pairs, places.length, networks.length, check);
  yield;
  const placeIds = yield* indexes.places.addAll(places);
  const networkIds = indexes.networks.addAll(networks);
  const pairIds = yield* indexes.pairs.addAll(pairs, placeIds, networkIds);
  const pairOf = (pair: number): number => (pairIds === undefined ? pair : pairIds[pair]!);
  return { runs4, trie6, covers4, covers6, pairOf };
}

/** What a saved table says of itself. Throws a plain Error where it says it wrongly. */
export function metaOf({ meta }: TableFile): SavedMeta {
  const { covers4, covers6, plainPairs, levels6, attributions, sources } = (meta ?? {}) as SavedMeta;
  const isRight =
    Number.isSafeInteger(plainPairs) &&
    areSizes(levels6) &&
    Array.isArray(attributions) &&
    attributions.every((one) => typeof one === "string") &&
    Array.isArray(sources) &&
    sources.every((one) => typeof one?.name === "string" && Number.isFinite(one.builtMs));
  if (!isRight) throw new Error("its description is damaged");
  return { covers4: covers4 === true, covers6: covers6 === true, plainPairs, levels6, attributions, sources };
}

function areSizes(levels: unknown): boolean {
  const isSize = (size: unknown): boolean => Number.isSafeInteger(size) && (size as number) >= 0;
  return Array.isArray(levels) && levels.every((one) => Array.isArray(one) && isSize(one[0]) && isSize(one[1]));
}

/** How many nodes and entries each level has. */
function sizesOf(trie: PackedTrie): LevelSize[] {
  return trie.map(({ counts, slots }) => [counts.length, slots.length]);
}

/** The levels of a trie one after the other. */
function levelColumns(prefix: string, levels: readonly TrieLevel[]): Record<string, Column> {
  return {
    [`${prefix}.counts`]: joined(levels.map(({ counts }) => counts)),
    [`${prefix}.slots`]: joined(levels.map(({ slots }) => slots)),
    ...idColumns(prefix, levels),
  };
}

function idColumns(prefix: string, parts: readonly PackedIds[]): Record<string, Column> {
  const high = joined(parts.map((part) => Uint16Array.from(part.high)));
  return {
    [`${prefix}.low`]: joined(parts.map(({ low }) => low)),
    [`${prefix}.high`]: high.every((value) => value < 256) ? Uint8Array.from(high) : high,
  };
}

function joined<T extends Uint8Array | Uint16Array>(parts: readonly T[]): T {
  const Kind = parts[0]!.constructor as new (length: number) => T;
  const whole = new Kind(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** What {@link levelColumns} wrote, as views, as if it were one level. */
function levelOf(columns: TableFile["columns"], prefix: string): TrieLevel {
  const counts = columnOf(columns, `${prefix}.counts`, Uint8Array);
  return { counts, slots: columnOf(columns, `${prefix}.slots`, Uint8Array), ...idsOf(columns, prefix) };
}

function idsOf(columns: TableFile["columns"], prefix: string): PackedIds {
  const low = columnOf(columns, `${prefix}.low`, Uint16Array);
  const high = columns[`${prefix}.high`];
  if (!(high instanceof Uint8Array || high instanceof Uint16Array)) throw new Error(`it has no column ${prefix}.high`);
  return { low, high };
}

/** The trie whose levels lie one after the other. Whether they fit together is for `checkTrie` to say. */
function trieOf({ counts, slots, low, high }: TrieLevel, sizes: readonly LevelSize[]): PackedTrie {
  if (sizes.length !== LEVELS6) throw new Error("its tree has too few levels or too many");
  let [node, entry] = [0, 0];
  return sizes.map(([nodes, entries]) => {
    const [firstNode, firstEntry] = [node, entry];
    node += nodes;
    entry += entries;
    return {
      counts: counts.subarray(firstNode, node),
      slots: slots.subarray(firstEntry, entry),
      low: low.subarray(firstEntry, entry),
      high: high.subarray(firstEntry, entry),
    };
  });
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

/** The columns of a place or network table; all of the right kind and of one length. Throws a plain Error if not. */
function nested(prefix: string, fields: Fields, file: TableFile["columns"], check: SavedCheck): TableParts {
  const parts: Record<string, Column | PackedStrings> = {};
  let length = -1;
  for (const [name, { type, unknown, isOptional }] of Object.entries(fields)) {
    const isAbsent = isOptional === true && file[`${prefix}.${name}`] === undefined && length >= 0;
    const Kind = COLUMN_KINDS[type];
    const column = isAbsent
      ? new Kind(allocateShared(length * Kind.BYTES_PER_ELEMENT)).fill(unknown)
      : columnOf<Column>(file, `${prefix}.${name}`, Kind);
    if (length >= 0 && column.length !== length) throw new Error(`its ${prefix} differ in length`);
    length = column.length;
    parts[name] = kept(column);
  }
  for (const { dictionary: name, isOptional } of Object.values<Field>(fields)) {
    if (name === undefined || (isOptional === true && file[`${prefix}.${name}.ends`] === undefined)) continue;
    const bytes = columnOf(file, `${prefix}.${name}.bytes`, Uint8Array);
    const ends = columnOf(file, `${prefix}.${name}.ends`, Uint32Array);
    const isRight = ends.length > 0 && ends[0] === 0 && ends.at(-1) === bytes.length && check.areAscending(ends);
    if (!isRight) throw new Error(`its ${name} are damaged`);
    parts[name] = { bytes: kept(bytes), ends: kept(ends) };
  }
  return parts;
}

/** A column that does not keep the whole file in memory. */
function kept<T extends Column>(column: T): T {
  return column.byteLength === column.buffer.byteLength ? column : copied(column, column.length, allocateShared);
}

function columnOf<T extends Column>(
  columns: TableFile["columns"],
  name: string,
  Kind: abstract new (...args: never) => T,
): T {
  const column = columns[name];
  if (!(column instanceof Kind)) throw new Error(`it has no column ${name}`);
  return column;
}

function checkPairs({ plain, place, network }: PairColumns, places: number, networks: number, check: SavedCheck): void {
  const isRight =
    plain >= 1 &&
    plain <= places &&
    network.length === place.length &&
    check.areBelow(place, places) &&
    check.areBelow(network, networks);
  if (!isRight) throw new Error("its pairs are damaged");
}
