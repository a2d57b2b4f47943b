import type { Column } from "../../../core/grown.js";
import type { RowOrder } from "../../segments/sortGroupBy.js";
import type { Columns, ColumnTypes } from "./stateSchema.js";

/** The columns of a state, each summed over the groups that become one. */
export function sumColumns<S extends object>(state: S, columns: ColumnTypes, groups: RowOrder): S {
  const sums = Object.keys(columns).map((name) => [name, sumColumn((state as unknown as Columns)[name]!, groups)]);
  return Object.fromEntries(sums) as S;
}

/** A column of the same kind, of which each row is the sum of rows order[starts[g], starts[g + 1]). */
export function sumColumn<T extends Column>(column: T, { order, starts, groups }: RowOrder): T {
  const total = new (column.constructor as new (length: number) => T)(groups);
  for (let g = 0; g < groups; g++) {
    let sum = 0;
    for (let k = starts[g]!; k < starts[g + 1]!; k++) sum += column[order[k]!]!;
    total[g] = sum;
  }
  return total;
}
