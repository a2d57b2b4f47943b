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
import type { Shapes } from "../../core/options/shape.js";
import { flag, number } from "../../core/options/shapes.js";
import { cellText } from "../../grid/cellText.js";
import type { CubeParts } from "../cubeParts.js";
import { CUBE_PLACE_COLUMNS, ownPlaceColumns } from "../keys/cubePlaceColumns.js";
import type { CubePlaces } from "../keys/cubePlaces.js";
import type { ArrowColumn } from "../measures/measure.js";
import { allMeasures, statesOf } from "../measures/measures.js";
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

/** What each option takes. */
export const ARROW_OPTIONS: Shapes<ArrowOptions> = { sketches: flag, minClients: number };

/** Key of the schema's metadata under which the cube's settings are. */
export const ARROW_METADATA = "geopivot.cube";

/**
 * The groups of a cube as an Arrow IPC file, one row each, as pandas, Polars and DuckDB open it: time, place (names,
 * coordinates, H3 cell), dimensions, counts, and lists of what the sketches are made of.
 */
export function cubeToArrow(cube: CubeParts, options: ArrowOptions = {}): Uint8Array {
  const { sketches = true, minClients = 0 } = options;
  const source = minClients > 0 ? withPrivacyFloor(cube, minClients) : cube;
  const { segment, places, dimensions, settings } = source;
  const timeMs = BigInt64Array.from(segment.bucket, (b) => BigInt((segment.firstBucket + b) * settings.bucketMs));
  const columns: [string, Column<unknown>][] = [
    ["time", column(timestamp(TimeUnit.MILLISECOND, "UTC"), segment.length, { values: timeMs })],
    ...placeColumns(places, segment.place),
    ...dimensions.map(({ name, dictionary }, d): [string, Column<unknown>] => [
      dimensionColumn(name),
      textColumn(segment.codes[d]!, dictionary.values),
    ]),
    ...stateColumns(source, sketches && minClients === 0),
  ];
  const table = tableFromColumns(columns);
  const own = ownPlaceColumns(places);
  const facts = JSON.stringify({
    ...settings,
    own: undefined,
    fromMs: undefined,
    toMs: undefined,
    measures: [...settings.measures],
    firstTimeMs: source.firstTimeMs,
    lastTimeMs: source.lastTimeMs,
    outside: source.outside,
    ...(own.length > 0 ? { placeColumns: Object.fromEntries(own) } : {}),
    ...(segment.schema.isWeighted && { isWeighted: true }),
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

/** The columns of the measures' states; with details those that sketches are made of, too. */
function stateColumns(parts: CubeParts, details: boolean): [string, Column<unknown>][] {
  const { segment, settings } = parts;
  return statesOf(allMeasures(settings), segment.schema.isWeighted)
    .flatMap((measure) => measure.toArrow(segment, parts))
    .filter(({ isDetail = false }) => details || !isDetail)
    .map((state) => [state.name, stateColumn(state)]);
}

const TYPES: Readonly<Record<ArrowColumn["type"], () => DataType>> = {
  ...{ uint16, uint32, uint64, float64, binary, address: () => fixedSizeBinary(16) },
};

function stateColumn({ type, values, start }: ArrowColumn): Column<unknown> {
  const dataType = TYPES[type]();
  if (start === undefined) return numbers(dataType, values);
  if (type !== "binary") return lists(dataType, start, values);
  return column(dataType, start.length - 1, { offsets: Int32Array.from(start), values });
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
