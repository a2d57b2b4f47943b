import { type Column, type Table, tableFromIPC } from "@uwdata/flechette";
import { makeColumns } from "../../core/columns/columns.js";
import type { ColumnType } from "../../core/columns/field.js";
import type { Column as CoreColumn } from "../../core/grown.js";
import { cellHalves } from "../../grid/cellText.js";
import { checkArrow } from "../../read/source/checkArrow.js";
import { checkOffsets } from "../../read/source/checkOffsets.js";
import { type CubeSettings, cubeSettings } from "../cubeOptions.js";
import { type CubeParts, emptyParts } from "../cubeParts.js";
import { cubeError } from "../errors.js";
import { checkedPlaceColumns } from "../keys/cubePlaceColumns.js";
import type { CubePlaces } from "../keys/cubePlaces.js";
import type { AnyMeasure, ArrowRows } from "../measures/measure.js";
import { allMeasures, schemaOf, statesOf } from "../measures/measures.js";
import { completeState } from "../measures/state/stateSchema.js";
import { checkSegment } from "../segments/checkSegment.js";
import type { Segment, SegmentStates } from "../segments/segment.js";
import { ARROW_METADATA, dimensionColumn, placeColumn } from "./cubeToArrow.js";
import { type LoadOptions, savedMeasures } from "./loadCube.js";

/**
 * The cube that `cubeToArrow` wrote, with `sketches`. Rows may have been filtered or reordered in between, not changed.
 *
 * Throws `bad-cube-file`.
 */
export function cubeFromArrow(bytes: Uint8Array, options: Pick<LoadOptions, "measures"> = {}): CubeParts {
  try {
    checkArrow(bytes);
    const table = tableFromIPC(bytes, { useBigInt: true });
    checkOffsets(table);
    return read(table, options.measures ?? []);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "bad-cube-file") throw error;
    throw cubeError("bad-cube-file", { reason: "it is no Arrow table of a cube" }, error);
  }
}

interface Facts extends Omit<CubeSettings, "measures" | "own"> {
  readonly measures: readonly string[];
  readonly firstTimeMs: number | null;
  readonly lastTimeMs: number | null;
  readonly outside: number;
  readonly placeColumns?: unknown;
  readonly isWeighted?: boolean;
}

function read(table: Table, own: readonly AnyMeasure[]): CubeParts {
  const metadata = table.schema.metadata?.get(ARROW_METADATA);
  if (!metadata) throw cubeError("bad-cube-file", { reason: `the schema's metadata lacks ${ARROW_METADATA}` });
  const facts = JSON.parse(metadata) as Facts;
  const settings = cubeSettings({
    ...{ bucketSeconds: facts.bucketMs / 1000, resolution: facts.resolution, dimensions: facts.dimensions },
    ...{ errors: facts.errorStatuses, measures: savedMeasures(facts.measures, own) },
    ...{ maxValues: facts.maxValues, overflow: facts.overflow, maxBytes: facts.maxBytes },
  });
  const parts = emptyParts(settings);
  for (const [name, field] of Object.entries(checkedPlaceColumns(facts.placeColumns)))
    parts.places.declare(name, field);
  const order = rowOrder(table, parts);
  const segment = segmentOf(table, parts, order, facts.isWeighted === true);
  const values = parts.dimensions.map((d) => d.dictionary.size);
  const measures = allMeasures(settings);
  checkSegment(segment, { places: parts.places.length, values, clients: parts.clients, measures });
  return {
    ...parts,
    segment,
    firstTimeMs: facts.firstTimeMs ?? Number.POSITIVE_INFINITY,
    lastTimeMs: facts.lastTimeMs ?? Number.NEGATIVE_INFINITY,
    outside: facts.outside,
  };
}

/** Rows of the table in the order of the cube's keys, with those keys. */
interface OrderedRows {
  readonly rows: Uint32Array;
  readonly firstBucket: number;
  readonly bucket: Uint32Array;
  readonly place: Uint32Array;
  readonly codes: readonly Uint32Array[];
}

function rowOrder(table: Table, parts: CubeParts): OrderedRows {
  const n = table.numRows;
  const text = (name: string): string[] => Array.from(columnOf(table, name), (value) => String(value ?? ""));
  const number = (name: string): number[] => Array.from(columnOf(table, name), (value) => Number(value ?? Number.NaN));
  const buckets = number("time").map((timeMs) => Math.floor(timeMs / parts.settings.bucketMs));
  const firstBucket = buckets.reduce((least, bucket) => Math.min(least, bucket), Number.POSITIVE_INFINITY);
  const place = placeRows(table, parts.places, { text, number });
  const codes = parts.dimensions.map((dimension) =>
    Uint32Array.from(text(dimensionColumn(dimension.name)), (value) => dimension.code(value)),
  );
  const keys = [Uint32Array.from(buckets, (bucket) => bucket - firstBucket), place, ...codes];
  const rows = Uint32Array.from({ length: n }, (_, i) => i).sort((a, b) => {
    for (const key of keys) if (key[a] !== key[b]) return key[a]! - key[b]!;
    return 0;
  });
  const sorted = keys.map((key) => rows.map((row) => key[row]!));
  return { rows, firstBucket: n > 0 ? firstBucket : 0, bucket: sorted[0]!, place: sorted[1]!, codes: sorted.slice(2) };
}

interface Reading {
  readonly text: (column: string) => string[];
  readonly number: (column: string) => number[];
}

/** Finds or adds the place of each row by its names, cell and numbers. */
function placeRows(table: Table, places: CubePlaces, { text, number }: Reading): Uint32Array {
  const names: Record<string, string[]> = {};
  const numbers: Record<string, CoreColumn> = {};
  for (const [name, { dictionary, isOptional, type }] of places.fields) {
    const column = placeColumn(name);
    if (name === "cellLow" || name === "cellHigh" || (isOptional === true && !table.getChild(column))) continue;
    if (dictionary !== undefined) names[name] = text(column);
    else numbers[name] = filled(type, number(column));
  }
  const cells = text("cell").map((cell) => (cell === "" ? [0, 0] : cellHalves(cell)));
  const [cellLow, cellHigh] = [0, 1].map((half) => Uint32Array.from(cells, (halves) => halves[half]!));
  return places.rowsOfNames(names, { ...numbers, cellLow: cellLow!, cellHigh: cellHigh! });
}

function filled(type: ColumnType, values: readonly number[]): CoreColumn {
  const { column } = makeColumns({ column: { type, unknown: 0 } }, values.length);
  column.set(values);
  return column;
}

function segmentOf(table: Table, parts: CubeParts, order: OrderedRows, isWeighted: boolean): Segment {
  const { rows, ...keys } = order;
  const measures = allMeasures(parts.settings);
  const schema = schemaOf(measures, isWeighted);
  const arrow = arrowRows(table, rows, isWeighted);
  const states = statesOf(measures, isWeighted).map((measure) => measure.fromArrow(arrow, parts));
  return {
    ...completeState<SegmentStates>(schema, rows.length, Object.assign({}, ...states)),
    ...keys,
    schema,
    length: rows.length,
  };
}

/** What measures read of a table: its rows in the order of the cube's keys. */
function arrowRows(table: Table, rows: Uint32Array, isWeighted: boolean): ArrowRows {
  const at = (name: string): ((row: number) => unknown) => {
    const column = columnOf(table, name);
    return (row) => column.at(row);
  };
  return {
    length: rows.length,
    isWeighted,
    has: (name) => table.getChild(name) !== null && table.getChild(name) !== undefined,
    numbers: (name) => {
      const of = at(name);
      return Float64Array.from(rows, (row) => Number(of(row)));
    },
    lists: (name) => {
      const of = at(name);
      return Array.from(rows, (row) => [...((of(row) ?? []) as Iterable<unknown>)]);
    },
    bytes: (name) => {
      const of = at(name);
      return Array.from(rows, (row) => bytesOf(of(row)));
    },
  };
}

/** A copy of a value's bytes; null if it has none. */
function bytesOf(value: unknown): Uint8Array | null {
  return value instanceof Uint8Array && value.length > 0 ? value.slice() : null;
}

function columnOf(table: Table, name: string): Column<unknown> {
  const column = table.getChild(name) as Column<unknown> | null | undefined;
  if (!column) throw cubeError("bad-cube-file", { reason: `column ${name} is missing` });
  return column;
}
