import { table } from "arquero";
import type { Label } from "./attributes/attribute.js";

/** The columns of an answer as an arquero table. */
export function answerTable(columns: readonly (readonly [name: string, values: readonly Label[]])[]): unknown {
  return table(columns.map(([name, values]) => [name, values]));
}
