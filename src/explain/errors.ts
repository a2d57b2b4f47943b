import { errorKind } from "../core/errors.js";

/** What a table of leaves can be wrong about. */
export const explainError = errorKind<{
  "length-mismatch": { column: string; expected: number; actual: number };
  "bad-leaf-value": { column: string; row: number; value: string };
  "no-attributes": Record<never, never>;
  "bad-explain-option": { option: string; value: string; expected: string };
}>({
  "length-mismatch": (d) => `column "${d.column}" has ${d.actual} rows, expected ${d.expected}`,
  "bad-leaf-value": (d) => `row ${d.row} of "${d.column}" is ${d.value}, expected a finite number`,
  "no-attributes": () => "there are no attributes to look for a cause in",
  "bad-explain-option": (d) => `option ${d.option} is ${d.value}, expected ${d.expected}`,
});
