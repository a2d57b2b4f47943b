import type { Column } from "../../core/grown.js";
import { checkOptions } from "../../core/options/checkOptions.js";
import type { Shapes } from "../../core/options/shape.js";
import { callback, having, recordOf, text } from "../../core/options/shapes.js";
import type { EncodedEvents } from "../keys/encodedEvents.js";
import type { RowOrder } from "../segments/sortGroupBy.js";
import type { Figure, Measure, MeasureContext } from "./measure.js";
import { loadColumn, saveColumn } from "./state/columnSections.js";
import { arrayOf, type Columns, type ColumnType, type ColumnTypes } from "./state/stateSchema.js";
import { sumColumns } from "./state/sumColumns.js";

/** What a request adds to a column, by row of the events. */
export type Amount = (events: EncodedEvents, context: MeasureContext) => (row: number) => number;

export interface SumOptions<S> extends Pick<Measure<S & object>, "name" | "sql"> {
  readonly columns: Readonly<Record<keyof S & string, ColumnType>>;
  readonly amounts: Readonly<Record<keyof S & string, Amount>>;
  readonly figures: Readonly<Record<string, Figure<S>>>;
}

/** What each option takes. */
export const SUM_OPTIONS: Shapes<SumOptions<object>> = {
  name: text,
  sql: recordOf(text, "an object of expressions by column"),
  columns: recordOf(text, "an object of types by column"),
  amounts: recordOf(callback, "an object of functions by column"),
  figures: recordOf(having("a figure: { empty, sum }", "empty"), "an object of figures by name"),
};

/**
 * A measure whose state is nothing but sums: each request adds an amount to each column, as often as it stands for a
 * request. It is saved and written to Arrow under the names of its columns.
 *
 * @example
 * const redirects = sumMeasure<{ redirects: Counts }>({
 *   name: "redirects",
 *   columns: { redirects: "count" },
 *   amounts: { redirects: ({ status }) => (row) => (status[row]! >= 300 && status[row]! < 400 ? 1 : 0) },
 *   figures: { redirects: { empty: 0, sum: (state) => state.redirects } },
 * });
 * const cube = Cube.from(events, { measures: ["latency", redirects] });
 */
export function sumMeasure<S extends object>(options: SumOptions<S>): Measure<S> {
  checkOptions("sumMeasure", options, SUM_OPTIONS, ["name", "columns", "amounts", "figures"]);
  const { name, amounts, figures, sql } = options;
  const columns: ColumnTypes = options.columns;
  const entries = Object.entries(columns);
  return {
    name,
    columns,
    ...(sql && { sql }),
    add: (events, rows, context) =>
      stateOf<S>(entries, (column, type) =>
        sumRows(events, rows, type, (amounts as Record<string, Amount>)[column]!, context),
      ),
    merge: (state, groups) => sumColumns(state, columns, groups),
    figures: Object.keys(figures),
    figure: (figure) => (Object.hasOwn(figures, figure) ? figures[figure]! : null),
    check: () => null,
    save: (state) => ({
      columns: stateOf(entries, (column, type) => saveColumn((state as Columns)[column]!, type)),
    }),
    load: (saved) => stateOf<S>(entries, (column, type) => loadColumn(saved, column, type)),
    toArrow: (state) =>
      entries.map(([column]) => {
        const values = (state as unknown as Record<string, Uint32Array | Float64Array>)[column]!;
        return { name: arrowName(column), type: values instanceof Float64Array ? "float64" : "uint32", values };
      }),
    fromArrow: (table) =>
      stateOf<S>(entries, (column, type) => {
        const values = table.numbers(arrowName(column));
        return type === "u32" || (type === "count" && !table.isWeighted) ? Uint32Array.from(values) : values;
      }),
  };
}

/** A state column by column. */
function stateOf<S>(entries: [string, ColumnType][], of: (name: string, type: ColumnType) => unknown): S {
  return Object.fromEntries(entries.map(([name, type]) => [name, of(name, type)])) as S;
}

function sumRows(
  events: EncodedEvents,
  { order, starts, groups }: RowOrder,
  type: ColumnType,
  amount: Amount,
  context: MeasureContext,
): Column {
  const { weights } = events;
  const of = amount(events, context);
  const sums = new (arrayOf(type, weights !== undefined))(groups);
  for (let g = 0; g < groups; g++) {
    let sum = 0;
    for (let k = starts[g]!; k < starts[g + 1]!; k++) {
      const row = order[k]!;
      sum += weights ? weights.exact[row]! * of(row) : of(row);
    }
    sums[g] = sum;
  }
  return sums;
}

/** `client_errors` for `clientErrors`. */
function arrowName(column: string): string {
  return column.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
