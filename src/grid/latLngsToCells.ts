import { checkArgument, checkOptions } from "../core/options/checkOptions.js";
import type { Shapes } from "../core/options/shape.js";
import { choice, having, number } from "../core/options/shapes.js";
import { checkLength, checkResolution, checkRoom, gridError } from "./errors.js";
import { cellsByH3 } from "./kernel/cellsByH3.js";
import { cellsInto } from "./kernel/cellsInto.js";
import { KernelTables } from "./kernel/kernelTables.js";
import { LOW_WORD } from "./wordOrder.js";

/** What this process has asked for: a few points are answered by h3-js, many by the kernel. */
const kernel = new KernelTables();

export interface CellOptions {
  /**
   * What a row without a point on Earth (a latitude outside ±90, a coordinate that is not finite) becomes:
   * `"throw"` (the default) throws `bad-coordinates`, `"null"` gives the cell 0.
   */
  readonly invalid?: "throw" | "null";
}

/** What each option takes. */
export const CELL_OPTIONS: Shapes<CellOptions> = { invalid: choice("throw", "null") };

const DEGREES = {
  ...having("a list of degrees", "length"),
  fix: (value: unknown) => (number.accepts(value) ? `a list of degrees: write [${value}]` : undefined),
};

/**
 * The H3 cell of every point: bit for bit what `h3-js` answers.
 *
 * @param lats - degrees, in [-90, 90]
 * @param lons - degrees; they wrap, so 190 is -170
 * @param resolution - 0 (cells of 4 million km²) to 15 (1 m²)
 *
 * Throws `bad-resolution`, `length-mismatch` and, unless told otherwise, `bad-coordinates`.
 *
 * @example
 * ```ts
 * latLngsToCells([52.52], [13.405], 4)[0]!.toString(16); // "841f1d5ffffffff"
 * ```
 */
export function latLngsToCells(
  lats: ArrayLike<number>,
  lons: ArrayLike<number>,
  resolution: number,
  options: CellOptions = {},
): BigUint64Array {
  checkArgument("latLngsToCells", "the first argument", lats, DEGREES);
  checkArgument("latLngsToCells", "the second argument", lons, DEGREES);
  checkOptions("latLngsToCells", options, CELL_OPTIONS);
  const n = lats.length;
  const low = new Uint32Array(n);
  const high = new Uint32Array(n);
  const missing = latLngsToCellHalves(lats, lons, resolution, low, high);
  if (missing > 0 && options.invalid !== "null") {
    const row = high.indexOf(0);
    throw gridError("bad-coordinates", { row, lat: lats[row]!, lon: lons[row]! });
  }
  const cells = new BigUint64Array(n);
  const words = new Uint32Array(cells.buffer);
  for (let i = 0; i < n; i++) {
    words[2 * i + LOW_WORD] = low[i]!;
    words[2 * i + 1 - LOW_WORD] = high[i]!;
  }
  return cells;
}

/**
 * {@link latLngsToCells} without an allocation: the cells go into two columns of halves.
 *
 * Rows without a point on Earth get the null cell (0, 0); returns how many those were.
 *
 * @param low - lower 32 bits of each cell; length at least `lats.length`, else `short-column` is thrown
 * @param high - upper 32 bits of each cell; length at least `lats.length`
 */
export function latLngsToCellHalves(
  lats: ArrayLike<number>,
  lons: ArrayLike<number>,
  resolution: number,
  low: Uint32Array,
  high: Uint32Array,
): number {
  checkResolution(resolution);
  checkLength("lons", lons.length, lats.length);
  checkRoom("low", low.length, lats.length);
  checkRoom("high", high.length, lats.length);
  const tables = kernel.forPoints(lats.length);
  const [y, x] = [doubles(lats), doubles(lons)];
  return tables === undefined ? cellsByH3(y, x, resolution, low, high) : cellsInto(tables, y, x, resolution, low, high);
}

function doubles(column: ArrayLike<number>): Float64Array {
  return column instanceof Float64Array ? column : Float64Array.from(column);
}
