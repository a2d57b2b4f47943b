import { errorKind } from "../../core/errors.js";

/** What a caller can hand wrongly to the spatial statistics. */
export const spatialError = errorKind<{
  "lengths-differ": { column: string; expected: number; actual: number };
  "bad-value": { column: string; row: number; value: number; expected: string };
  "bad-spatial-option": { option: string; value: string; expected: string };
}>({
  "lengths-differ": (d) => `${d.column} has ${d.actual} rows, expected ${d.expected}`,
  "bad-value": (d) => `${d.column} of row ${d.row} is ${d.value}, expected ${d.expected}`,
  "bad-spatial-option": (d) => `option ${d.option} is ${d.value}, expected ${d.expected}`,
});
