import { checkArgument, checkOptions } from "../core/options/checkOptions.js";
import type { Cube } from "../cube/cube.js";
import { CUBE } from "../cube/cubeShape.js";
import { answerTable } from "./answerTable.js";
import { pivotColumns } from "./pivotColumns.js";
import { PIVOT_OPTIONS, type PivotOptions } from "./pivotOptions.js";
import type { PivotTable } from "./pivotTable.js";

/**
 * Asks a cube a question and answers with a table.
 *
 * Rows are sorted by their keys, numbers as numbers; counts of what does not occur are 0, and what has no value without
 * requests (a rate of errors, a quantile) is null.
 *
 * Throws `no-such-dimension`, `no-such-measure`, `measure-not-kept`, `bad-pivot-option`, `unknown-option`, `wrong-option`,
 * `wrong-argument`.
 *
 * @example
 * ```ts
 * pivot(cube, { by: ["country", "hour"], measures: ["count", "error_rate", "p95"] }).print();
 * ```
 */
export function pivot<T = PivotTable>(cube: Cube, options: PivotOptions = {}): T {
  checkArgument("pivot", "the first argument", cube, CUBE);
  checkOptions("pivot", options, PIVOT_OPTIONS);
  return answerTable(pivotColumns(cube, options)) as T;
}
