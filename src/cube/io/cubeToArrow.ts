import {
  type Batch,
  batchType,
  binary,
  Column,
  columnFromArray,
  type DataType,
  dictionary,
  fixedSizeBinary,
  float32,
  float64,
  int32,
  list,
  TimeUnit,
  type TypedArray,
  tableFromColumns,
  tableToIPC,
  timestamp,
  uint8,
  uint16,
  uint32,
  uint64,
  utf8,
} from "@uwdata/flechette";
import { takeColumns, takeInto } from "../../core/columns/columns.js";
import type { Column as CoreColumn } from "../../core/grown.js";
import { cellText } from "../../grid/cellText.js";
import type { CubeParts } from "../cubeParts.js";
import type { ClientCodes } from "../keys/clientCodes.js";
import { CUBE_PLACE_COLUMNS, ownPlaceColumns } from "../keys/cubePlaceColumns.js";
import type { CubePlaces } from "../keys/cubePlaces.js";
import type { LatencyStore } from "../measures/latencyStore.js";
import { withPrivacyFloor } from "../verbs/withPrivacyFloor.js";

export interface ArrowOptions {
  /**
   * Whether to write, beside the counts, what quantiles and distinct counts are made of: the bins of latencies, client
   * addresses, users' hashes. `cubeFromArrow` needs it. Default true; always false with `minClients`.
   */
  readonly sketches?: boolean;
  /** No row stands for fewer distinct clients; smaller ones are merged upward or withheld. Default 0: no floor. */
  readonly minClients?: number;
}

/** Key of the schema's metadata under which the cube's settings are. */
export const ARROW_METADATA = "geopivot.cube";

/**
 * The groups of a cube as an Arrow IPC file, one row each, as pandas, Polars and DuckDB open it: time, place (names,
 * coordinates, H3 cell), dimensions, counts, and lists of what the sketches are made of.
 */
export function cubeToArrow(cube: CubeParts, options: ArrowOptions = {}): Uint8Array {
  const { sketches = true, minClients = 0 } = options;
  const source = minClients > 0 ? withPrivacyFloor(cube, minClients) : cube;
  const { segment, places, dimensions, settings, clients } = source;
  const timeMs = BigInt64Array.from(segment.bucket, (b) => BigInt((segment.firstBucket + b) * settings.bucketMs));
  const columns: [string, Column<unknown>][] = [
    ["time", column(timestamp(TimeUnit.MILLISECOND, "UTC"), segment.length, { values: timeMs })],
    ...placeColumns(places, segment.place),
    ...dimensions.map(({ name, dictionary }, d): [string, Column<unknown>] => [
      dimensionColumn(name),
      textColumn(segment.codes[d]!, dictionary.values),
    ]),
    ["count", numbers(uint32(), segment.count)],
    ["errors", numbers(uint32(), segment.errors)],
    ["client_errors", numbers(uint32(), segment.clientErrors)],
    ["denied", numbers(uint32(), segment.denied)],
    ["bytes", numbers(float64(), segment.bytes)],
    ["latency_count", numbers(uint32(), segment.latencyCount)],
    ...(sketches && minClients === 0 ? sketchColumns(source, clients) : []),
  ];
  const table = tableFromColumns(columns);
  const own = ownPlaceColumns(places);
  const facts = JSON.stringify({
    ...settings,
    fromMs: undefined,
    toMs: undefined,
    measures: [...settings.measures],
    firstTimeMs: source.firstTimeMs,
    lastTimeMs: source.lastTimeMs,
    outside: source.outside,
    ...(own.length > 0 ? { placeColumns: Object.fromEntries(own) } : {}),
  });
  const schema = { ...table.schema, metadata: new Map([[ARROW_METADATA, facts]]) };
  Object.assign(table, { schema });
  return tableToIPC(table, { format: "file" })!;
}

/** Dimensions have names of their own; this one keeps them apart from the columns that every cube has. */
export function dimensionColumn(name: string): string {
  return `dimension.${name}`;
}

/** What an Arrow table calls a column of places; a column of one's own has a name that no other column has. */
export function placeColumn(name: string): string {
  const isOwn = !(name in CUBE_PLACE_COLUMNS);
  return isOwn ? `place.${name}` : name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** The names, the cell and the numbers of each group's place. */
function placeColumns(places: CubePlaces, rows: Uint32Array): [string, Column<unknown>][] {
  const byGroup = (column: CoreColumn): Uint32Array => takeInto(column, rows, new Uint32Array(rows.length));
  const cells = cellColumn(places);
  const fields = [...places.fields].filter(([name]) => name !== "cellLow" && name !== "cellHigh");
  const texts = fields.filter(([, { dictionary }]) => dictionary !== undefined);
  return [
    ...texts.map(([name]): [string, Column<unknown>] => {
      const { values } = places.dictionaryOf(name);
      return [placeColumn(name), textColumn(byGroup(places.column(name)), values)];
    }),
    ["cell", textColumn(byGroup(cells.codes), cells.values)],
    ...fields
      .filter(([, { dictionary }]) => dictionary === undefined)
      .map(([name, { type }]): [string, Column<unknown>] => {
        const { [name]: values } = takeColumns({ [name]: places.column(name) }, rows);
        return [placeColumn(name), numbers(NUMBER_TYPES[type](), values as TypedArray)];
      }),
  ];
}

/** The Arrow type of each type of column. */
const NUMBER_TYPES = { u8: uint8, u16: uint16, u32: uint32, i32: int32, f32: float32, f64: float64 } as const;

function sketchColumns(cube: CubeParts, codes: ClientCodes): [string, Column<unknown>][] {
  const { latencies, latencyCount, clients, users, length } = cube.segment;
  const { start, bins, weights } = histograms(latencies, latencyCount, length);
  const hashes = new Uint32Array(2 * users.low.length);
  for (let i = 0; i < users.low.length; i++) {
    hashes[2 * i] = users.low[i]!;
    hashes[2 * i + 1] = users.high[i]!;
  }
  const bounds = Float64Array.from({ length }, (_, group) => clients.sketches.get(group)?.bound ?? 0);
  const clientRegisters = (group: number): Uint8Array | undefined => clients.sketches.get(group)?.registers;
  return [
    ["latency_bin", lists(uint16(), start, bins)],
    ["latency_weight", lists(uint32(), start, weights)],
    ["client_address", lists(fixedSizeBinary(16), clients.start, addressBytes(clients.code, codes))],
    ["client_count", lists(uint32(), clients.start, clients.count)],
    ["client_error_count", lists(uint32(), clients.start, clients.errors)],
    ["client_registers", blobs(length, clientRegisters)],
    ["client_bound", numbers(float64(), bounds)],
    ["user_hash", lists(uint64(), users.start, new BigUint64Array(hashes.buffer))],
    ["user_registers", blobs(length, (group) => users.sketches.get(group))],
  ];
}

type Buffers = Partial<Pick<Batch<unknown>, "values" | "offsets" | "children">>;

function batch(type: DataType, length: number, buffers: Buffers): Batch<unknown> {
  const Type = batchType(type) as unknown as typeof Batch<unknown>;
  return new Type({ length, nullCount: 0, type, validity: new Uint8Array(0), ...buffers });
}

function column(type: DataType, length: number, buffers: Buffers): Column<unknown> {
  return new Column([batch(type, length, buffers)]);
}

function numbers(type: DataType, values: TypedArray): Column<unknown> {
  return column(type, values.length, { values });
}

function lists(type: DataType, start: Uint32Array, values: TypedArray): Column<unknown> {
  const width = "stride" in type ? type.stride : 1;
  const child = batch(type, values.length / width, { values });
  return column(list(type), start.length - 1, { offsets: Int32Array.from(start), children: [child] });
}

function blobs(length: number, of: (group: number) => Uint8Array | undefined): Column<unknown> {
  const offsets = new Int32Array(length + 1);
  for (let group = 0; group < length; group++) offsets[group + 1] = offsets[group]! + (of(group)?.length ?? 0);
  const values = new Uint8Array(offsets[length]!);
  for (let group = 0; group < length; group++) values.set(of(group) ?? [], offsets[group]!);
  return column(binary(), length, { offsets, values });
}

function textColumn(codes: Uint32Array, values: readonly string[]): Column<string> {
  const text = utf8(); // flechette finds a column's dictionary by the identity of this object
  const rows = batch(dictionary(text, uint32()), codes.length, { values: codes });
  const words = columnFromArray([...values], text);
  (rows as unknown as { setDictionary(dictionary: Column<unknown>): void }).setDictionary(words);
  return new Column([rows as Batch<string>]);
}

function cellColumn({ cellLow, cellHigh, length }: CubePlaces): { codes: Uint32Array; values: string[] } {
  const values = [""];
  const known = new Map([["", 0]]);
  const codes = Uint32Array.from({ length }, (_, row) => {
    const cell = cellHigh[row] === 0 ? "" : cellText(cellLow[row]!, cellHigh[row]!);
    const code = known.get(cell) ?? values.push(cell) - 1;
    known.set(cell, code);
    return code;
  });
  return { codes, values };
}

/** Latencies of every group as bins and weights, whichever way the store keeps them. */
function histograms({ start, words }: LatencyStore, latencyCount: Uint32Array, groups: number) {
  const starts = new Uint32Array(groups + 1);
  const bins = new Uint16Array(words.length);
  const weights = new Uint32Array(words.length);
  let end = 0;
  for (let group = 0; group < groups; group++) {
    const plain = start[group + 1]! - start[group]! === latencyCount[group]!;
    for (let i = start[group]!; i < start[group + 1]!; i += plain ? 1 : 3) {
      bins[end] = words[i]!;
      weights[end++] = plain ? 1 : words[i + 1]! + 65536 * words[i + 2]!;
    }
    starts[group + 1] = end;
  }
  return { start: starts, bins: bins.subarray(0, end), weights: weights.subarray(0, end) };
}

/** Addresses in network order, IPv4 in its mapped form. */
function addressBytes(code: Uint32Array, codes: ClientCodes): Uint8Array {
  const bytes = new Uint8Array(16 * code.length);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < code.length; i++) {
    const words = codes.words(code[i]!);
    for (let w = 0; w < 4; w++) view.setUint32(16 * i + 4 * w, words[w]!);
  }
  return bytes;
}
