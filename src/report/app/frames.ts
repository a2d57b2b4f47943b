import type { ReportLevel, ReportModel } from "../page/reportModel.js";
import type { Measure } from "./measures.js";

/** The cells to draw: which, how strong, and how sure. Rows are parallel. */
export interface CellValues {
  readonly cell: Uint32Array;
  readonly value: Float64Array;
  /** Requests that each value rests on. */
  readonly weight: Float64Array;
}

const DAY_MS = 86_400_000;
const FEWEST_DAYS = 3;
/** A scale is made from no more values than this, evenly spread over the rows. */
const LARGEST_SAMPLE = 100_000;
/** What is usual is not asked of cells with fewer requests a frame than this. */
const FEWEST_USUAL = 3;

/** Whether the period has enough whole days to say what is usual at a time of day. */
export function knowsTypical(model: ReportModel): boolean {
  return DAY_MS % model.frameMs === 0 && model.timeline.count.length >= (FEWEST_DAYS * DAY_MS) / model.frameMs;
}

/** Reads cells' values out of the model, a frame or the whole period at a time. */
export class Frames {
  readonly #model: ReportModel;
  readonly #typical = new Map<ReportLevel, Float32Array>();

  constructor(model: ReportModel) {
    this.#model = model;
  }

  /** The values of one frame, or of the whole period. */
  at(level: ReportLevel, measure: Measure, frame: number | null): CellValues {
    if (measure.spread === "ratio") return frame === null ? NOTHING : this.#ratios(level, frame);
    const [columns, from, to] =
      frame === null
        ? ([level.total, 0, level.lat.length] as const)
        : ([level.rows, level.rowStart[frame]!, level.rowStart[frame + 1]!] as const);
    const cell = frame === null ? Uint32Array.from(level.lat.keys()) : level.rowCell.subarray(from, to);
    const value = new Float64Array(to - from);
    const weight = new Float64Array(to - from);
    for (let row = from; row < to; row++) {
      value[row - from] = measure.value(columns, row, Number.NaN);
      weight[row - from] = columns.count[row]!;
    }
    return { cell, value, weight };
  }

  /**
   * The values that a scale must span: those of every frame, or of the whole period. NaN stands for "not sure", though
   * where traffic is thin the busiest tenth of the cells counts as sure enough.
   */
  domain(level: ReportLevel, measure: Measure, whole: boolean): Float64Array {
    if (measure.spread === "ratio") return new Float64Array(0);
    const columns = whole ? level.total : level.rows;
    const step = Math.max(1, Math.ceil(columns.count.length / LARGEST_SAMPLE));
    const rows = Uint32Array.from({ length: Math.floor(columns.count.length / step) }, (_, i) => i * step);
    const counts = rows.map((row) => columns.count[row]!).sort();
    const enough = Math.min(measure.surest, counts[Math.floor(0.9 * counts.length)] ?? 0);
    return Float64Array.from(rows, (row) =>
      columns.count[row]! >= enough ? measure.value(columns, row, Number.NaN) : Number.NaN,
    );
  }

  /** Requests usual for a cell in a frame; NaN if there are too few days. */
  typical(level: ReportLevel, cell: number, frame: number): number {
    if (!knowsTypical(this.#model)) return Number.NaN;
    const phases = DAY_MS / this.#model.frameMs;
    return this.#typicals(level)[cell * phases + (frame % phases)]!;
  }

  /** The row of a cell in a frame, or -1 if it had no traffic then. */
  rowOf(level: ReportLevel, cell: number, frame: number): number {
    let low = level.rowStart[frame]!;
    let high = level.rowStart[frame + 1]!;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (level.rowCell[middle]! < cell) low = middle + 1;
      else high = middle;
    }
    return low < level.rowStart[frame + 1]! && level.rowCell[low] === cell ? low : -1;
  }

  #ratios(level: ReportLevel, frame: number): CellValues {
    if (!knowsTypical(this.#model) || !wholeFrame(this.#model, frame)) return NOTHING;
    const counts = new Float64Array(level.lat.length);
    for (let row = level.rowStart[frame]!; row < level.rowStart[frame + 1]!; row++) {
      counts[level.rowCell[row]!] = level.rows.count[row]!;
    }
    const judged = [...counts.keys()].filter(
      (cell) => Math.max(counts[cell]!, this.typical(level, cell, frame)) >= FEWEST_USUAL,
    );
    const usual = (cell: number): number => Math.max(this.typical(level, cell, frame), 0.5);
    return {
      cell: Uint32Array.from(judged),
      value: Float64Array.from(judged, (cell) => counts[cell]! / usual(cell)),
      weight: Float64Array.from(judged, (cell) => Math.max(counts[cell]!, usual(cell))),
    };
  }

  /** Median over the days of each cell's requests, by time of day. */
  #typicals(level: ReportLevel): Float32Array {
    const known = this.#typical.get(level);
    if (known) return known;
    const phases = DAY_MS / this.#model.frameMs;
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
