import { bisectLeft } from "d3-array";
import { CELL_COLUMNS, type CellColumns, type ReportLevel, type ReportModel } from "../page/reportModel.js";
import type { Measure } from "./measures.js";
import { type FrameRange, isSameRange } from "./state/timeRange.js";

/** The cells to draw: which, how strong, and how sure. Rows are parallel. */
export interface CellValues {
  readonly cell: Uint32Array;
  readonly value: Float64Array;
  /** Requests that each value rests on. */
  readonly weight: Float64Array;
}

const DAY_MS = 86_400_000;
const FEWEST_DAYS = 3;
/** What is usual is not asked of periods of fewer frames than this. */
const FEWEST_FRAMES = 8;
/** A scale is made from no more values than this, evenly spread over the rows. */
const LARGEST_SAMPLE = 100_000;
/** What is usual is not asked of cells with fewer requests than this. */
const FEWEST_USUAL = 3;

/** How many times of a day are told apart where it is asked what is usual: 1 for short logs, 0 where they are too short. */
export function usualPhases({ frameMs, timeline }: ReportModel): number {
  const frames = timeline.count.length;
  if (DAY_MS % frameMs === 0 && frames >= (FEWEST_DAYS * DAY_MS) / frameMs) return DAY_MS / frameMs;
  return frames >= FEWEST_FRAMES ? 1 : 0;
}

/** Cells and their measures, rows parallel, cells ascending. */
interface CellRows {
  readonly cell: Uint32Array;
  readonly columns: CellColumns;
}

/** Reads cells' values out of the model, over a stretch of time or the whole period. */
export class Frames {
  readonly #model: ReportModel;
  readonly #typical = new Map<ReportLevel, Float32Array>();
  #summed: { level: ReportLevel; range: FrameRange; rows: CellRows } | null = null;

  constructor(model: ReportModel) {
    this.#model = model;
  }

  /** The values of a stretch of time, or of the whole period. */
  at(level: ReportLevel, measure: Measure, range: FrameRange | null): CellValues {
    if (measure.spread === "ratio") return range === null ? NOTHING : this.#ratios(level, range);
    const { cell, columns } = this.#rows(level, range);
    const value = new Float64Array(cell.length);
    for (let row = 0; row < cell.length; row++)
      value[row] = columns.count[row]! > 0 ? measure.value(columns, row, Number.NaN) : Number.NaN;
    return { cell, value, weight: Float64Array.from(columns.count) };
  }

  /**
   * The values that a scale must span: those of every stretch of that many frames, or of the whole period (null). NaN
   * stands for "not sure", though where traffic is thin the busiest tenth of the cells counts as sure enough.
   */
  domain(level: ReportLevel, measure: Measure, width: number | null): Float64Array {
    if (measure.spread === "ratio") return new Float64Array(0);
    const columns = width === null ? level.total : level.rows;
    const factor = measure.id === "requests" ? (width ?? 1) : 1;
    const step = Math.max(1, Math.ceil(columns.count.length / LARGEST_SAMPLE));
    const rows = Uint32Array.from({ length: Math.floor(columns.count.length / step) }, (_, i) => i * step);
    const counts = rows.map((row) => columns.count[row]!).sort();
    const enough = Math.max(1, Math.min(measure.surest, counts[Math.floor(0.9 * counts.length)] ?? 0));
    return Float64Array.from(rows, (row) =>
      columns.count[row]! >= enough ? factor * measure.value(columns, row, Number.NaN) : Number.NaN,
    );
  }

  /** Requests usual for a cell in a stretch of time; NaN if the log is too short to say. */
  typical(level: ReportLevel, cell: number, [from, to]: FrameRange): number {
    const phases = usualPhases(this.#model);
    if (phases === 0) return Number.NaN;
    const typicals = this.#typicals(level, phases);
    let sum = 0;
    for (let frame = from; frame < to; frame++) sum += typicals[cell * phases + (frame % phases)]!;
    return sum;
  }

  /** The measures of a cell over a stretch of time, and their row; null if it had no traffic then. */
  rowOf(level: ReportLevel, cell: number, range: FrameRange | null): { columns: CellColumns; row: number } | null {
    const rows = this.#rows(level, range);
    const row = bisectLeft(rows.cell, cell);
    return rows.cell[row] === cell && rows.columns.count[row]! > 0 ? { columns: rows.columns, row } : null;
  }

  #rows(level: ReportLevel, range: FrameRange | null): CellRows {
    if (range === null) return { cell: Uint32Array.from(level.lat.keys()), columns: level.total };
    if (this.#summed?.level === level && isSameRange(this.#summed.range, range)) return this.#summed.rows;
    const [from, to] = range.map((frame) => level.rowStart[frame]!) as [number, number];
    const rows =
      range[1] - range[0] === 1
        ? { cell: level.rowCell.subarray(from, to), columns: mapColumns((name) => level.rows[name].subarray(from, to)) }
        : summedRows(level, from, to);
    this.#summed = { level, range, rows };
    return rows;
  }

  #ratios(level: ReportLevel, range: FrameRange): CellValues {
    const frames = wholeFrames(this.#model, range);
    if (usualPhases(this.#model) === 0 || frames.length === 0) return NOTHING;
    const counts = new Float64Array(level.lat.length);
    const usual = new Float64Array(level.lat.length);
    for (const frame of frames) {
      for (let row = level.rowStart[frame]!; row < level.rowStart[frame + 1]!; row++)
        counts[level.rowCell[row]!]! += level.rows.count[row]!;
      for (let cell = 0; cell < usual.length; cell++) usual[cell]! += this.typical(level, cell, [frame, frame + 1]);
    }
    const judged = [...counts.keys()].filter((cell) => Math.max(counts[cell]!, usual[cell]!) >= FEWEST_USUAL);
    const least = (cell: number): number => Math.max(usual[cell]!, 0.5);
    return {
      cell: Uint32Array.from(judged),
      value: Float64Array.from(judged, (cell) => counts[cell]! / least(cell)),
      weight: Float64Array.from(judged, (cell) => Math.max(counts[cell]!, least(cell))),
    };
  }

  /** Median over the days (or, of short logs, over all frames) of each cell's requests, by time of day. */
  #typicals(level: ReportLevel, phases: number): Float32Array {
    const known = this.#typical.get(level);
    if (known) return known;
    const frames = this.#model.timeline.count.length;
    const dense = new Uint32Array(level.lat.length * frames);
    for (let frame = 0; frame < frames; frame++) {
      for (let row = level.rowStart[frame]!; row < level.rowStart[frame + 1]!; row++) {
        dense[level.rowCell[row]! * frames + frame] = level.rows.count[row]!;
      }
    }
    const typical = new Float32Array(level.lat.length * phases);
    for (let cell = 0; cell < level.lat.length; cell++) {
      for (let phase = 0; phase < phases; phase++) {
        const days: number[] = [];
        for (let frame = phase; frame < frames; frame += phases) {
          if (wholeFrame(this.#model, frame)) days.push(dense[cell * frames + frame]!);
        }
        typical[cell * phases + phase] = median(days);
      }
    }
    this.#typical.set(level, typical);
    return typical;
  }
}

/**
 * Rows of several frames put together: requests and errors add up; of clients, who may come again, the most of a frame
 * counts; of latency quantiles, which do not add up, the mean of their logarithms by requests.
 */
function summedRows(level: ReportLevel, from: number, to: number): CellRows {
  const length = level.lat.length;
  const sums = { count: new Float64Array(length), errors: new Float64Array(length), clients: new Float64Array(length) };
  const logs = { p50: new Float64Array(length), p95: new Float64Array(length) };
  const timed = new Float64Array(length);
  for (let row = from; row < to; row++) {
    const cell = level.rowCell[row]!;
    const count = level.rows.count[row]!;
    sums.count[cell]! += count;
    sums.errors[cell]! += level.rows.errors[row]!;
    sums.clients[cell] = Math.max(sums.clients[cell]!, level.rows.clients[row]!);
    if (level.rows.p95[row] === 0) continue;
    timed[cell]! += count;
    logs.p50[cell]! += count * level.rows.p50[row]!;
    logs.p95[cell]! += count * level.rows.p95[row]!;
  }
  const cell = Uint32Array.from(sums.count.keys()).filter((one) => sums.count[one]! > 0);
  const code = (name: "p50" | "p95"): Uint16Array =>
    Uint16Array.from(cell, (one) => (timed[one]! > 0 ? Math.round(logs[name][one]! / timed[one]!) : 0));
  const columns = mapColumns((name) =>
    name === "p50" || name === "p95" ? code(name) : Uint32Array.from(cell, (one) => sums[name][one]!),
  );
  return { cell, columns };
}

function mapColumns(column: (name: keyof CellColumns) => CellColumns[keyof CellColumns]): CellColumns {
  return Object.fromEntries(CELL_COLUMNS.map((name) => [name, column(name)])) as unknown as CellColumns;
}

/** The frames of a range that the log covers from start to end. */
function wholeFrames(model: ReportModel, [from, to]: FrameRange): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i).filter((frame) => wholeFrame(model, frame));
}

/** Whether the log covers a frame from its start to its end; one that it does not looks quieter than it was. */
export function wholeFrame({ input, originMs, frameMs }: ReportModel, frame: number): boolean {
  const start = originMs + frame * frameMs;
  const slack = frameMs / 20;
  return Date.parse(input.from ?? "") <= start + slack && Date.parse(input.to ?? "") >= start + frameMs - slack;
}

const NOTHING: CellValues = { cell: new Uint32Array(0), value: new Float64Array(0), weight: new Float64Array(0) };

function median(values: number[]): number {
  if (values.length === 0) return 0;
  values.sort((a, b) => a - b);
  const middle = values.length >>> 1;
  return values.length % 2 ? values[middle]! : (values[middle - 1]! + values[middle]!) / 2;
}
