import { type Column, type ColumnType, fromBytePlanes, toBytePlanes } from "./byteplanes.js";
import {
  CELL_COLUMNS,
  type CellColumns,
  type LevelRows,
  type ReportLevel,
  type ReportModel,
  type ReportSlice,
} from "./reportModel.js";

/** The model in two parts: what is text, as JSON, and what are columns, as bytes to be compressed. */
export interface PackedModel {
  readonly json: string;
  readonly bytes: Uint8Array;
}

/** What the JSON part holds in place of the columns: how long they are. */
interface Shell extends Omit<ReportModel, "levels" | "timeline" | "slices"> {
  readonly frames: number;
  readonly slices: readonly SliceShell[];
  readonly levels: readonly LevelShell[];
}
interface SliceShell extends Omit<ReportSlice, "timeline" | "levels"> {
  /** How many rows each level has. */
  readonly rows: readonly number[];
}
interface LevelShell {
  readonly resolution: number;
  readonly cells: number;
  readonly vertices: number;
  readonly rows: number;
  readonly label: readonly string[];
}

/** Takes a model apart; {@link unpackModel} puts it together again. */
export function packModel(model: ReportModel): PackedModel {
  const { levels, timeline, slices, ...rest } = model;
  const shell: Shell = {
    ...rest,
    frames: timeline.count.length,
    levels: levels.map((level) => ({
      resolution: level.resolution,
      cells: level.lat.length,
      vertices: level.outline.length / 2,
      rows: level.rowCell.length,
      label: level.label,
    })),
    slices: slices.map(({ timeline: _, levels: sums, ...slice }) => ({
      ...slice,
      rows: sums.map((level) => level.rowCell.length),
    })),
  };
  const columns: Column[] = [timeline.count, timeline.errors];
  for (const level of levels) columns.push(...levelColumns(level));
  for (const slice of slices)
    columns.push(slice.timeline.count, slice.timeline.errors, ...slice.levels.flatMap(rowColumns));
  return { json: JSON.stringify(shell), bytes: toBytePlanes(columns) };
}

/** The model of {@link packModel}'s two parts. */
export function unpackModel(packed: PackedModel): ReportModel {
  const { frames, levels: shells, slices: sliceShells, ...rest } = JSON.parse(packed.json) as Shell;
  const shapes: [ColumnType, number][] = [
    ["u32", frames],
    ["u32", frames],
    ...shells.flatMap((shell) => levelShapes(shell, frames)),
    ...sliceShells.flatMap(({ rows }): [ColumnType, number][] => [
      ["u32", frames],
      ["u32", frames],
      ...rows.flatMap((length, i) => rowShapes({ cells: shells[i]!.cells, rows: length }, frames)),
    ]),
  ];
  const columns = fromBytePlanes(packed.bytes, shapes)[Symbol.iterator]();
  const next = <T extends Column>(): T => columns.next().value as T;
  const readTimeline = () => ({ count: next<Uint32Array>(), errors: next<Uint32Array>() });
  const timeline = readTimeline();
  const levels = shells.map((shell) => readLevel(shell, next));
  const slices = sliceShells.map(({ rows, ...slice }) => ({
    ...slice,
    timeline: readTimeline(),
    levels: rows.map(() => readRows(next)),
  }));
  return { ...rest, timeline, levels, slices };
}

type Next = <T extends Column>() => T;

function levelColumns(level: ReportLevel): Column[] {
  return [level.lat, level.lon, level.vertexCount, level.outline, level.otherPlaces, ...rowColumns(level)];
}

function rowColumns(level: LevelRows): Column[] {
  const measures = (columns: CellColumns): Column[] => CELL_COLUMNS.map((name) => columns[name]);
  return [...measures(level.total), ...measures(level.rows), level.rowStart, differences(level.rowCell)];
}

function levelShapes(shell: LevelShell, frames: number): [ColumnType, number][] {
  return [
    ["f32", shell.cells],
    ["f32", shell.cells],
    ["u8", shell.cells],
    ["f32", 2 * shell.vertices],
    ["u32", shell.cells],
    ...rowShapes(shell, frames),
  ];
}

function rowShapes({ cells, rows }: Pick<LevelShell, "cells" | "rows">, frames: number): [ColumnType, number][] {
  const measures = (length: number): [ColumnType, number][] =>
    CELL_COLUMNS.map((name) => [name === "p50" || name === "p95" ? "u16" : "u32", length]);
  return [...measures(cells), ...measures(rows), ["u32", frames + 1], ["u32", rows]];
}

function readLevel(shell: LevelShell, next: Next): ReportLevel {
  return {
    resolution: shell.resolution,
    label: shell.label,
    lat: next<Float32Array>(),
    lon: next<Float32Array>(),
    vertexCount: next<Uint8Array>(),
    outline: next<Float32Array>(),
    otherPlaces: next<Uint32Array>(),
    ...readRows(next),
  };
}

function readRows(next: Next): LevelRows {
  const measures = (): CellColumns => ({
    count: next<Uint32Array>(),
    errors: next<Uint32Array>(),
    clients: next<Uint32Array>(),
    p50: next<Uint16Array>(),
    p95: next<Uint16Array>(),
  });
  return {
    total: measures(),
    rows: measures(),
    rowStart: next<Uint32Array>(),
    rowCell: sums(next<Uint32Array>()),
  };
}

/** Each value less the one before, modulo 2^32: cells rise within a frame, so the differences are small. */
function differences(values: Uint32Array): Uint32Array {
  return values.map((value, i) => value - (i === 0 ? 0 : values[i - 1]!));
}

function sums(differences: Uint32Array): Uint32Array {
  for (let i = 1; i < differences.length; i++) differences[i] = differences[i]! + differences[i - 1]!;
  return differences;
}
