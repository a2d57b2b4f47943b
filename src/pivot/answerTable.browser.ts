import { tableFromArrays, tableToIPC } from "@uwdata/flechette";
import type { Label } from "./attributes/attribute.js";
import type { PivotTable } from "./pivotTable.js";

/**
 * The columns of an answer as a table with what `PivotTable` promises and no more: arquero, which parses JavaScript for its
 * verbs, is half as large as all the rest that a page takes.
 */
export function answerTable(columns: readonly (readonly [name: string, values: readonly Label[]])[]): PivotTable {
  const names = columns.map(([name]) => name);
  const known = new Map(columns);
  const length = columns[0]?.[1].length ?? 0;
  const objects = (limit = Number.POSITIVE_INFINITY): Record<string, Label>[] =>
    Array.from({ length: Math.min(length, limit) }, (_, row) =>
      Object.fromEntries(columns.map(([name, values]) => [name, values[row]!])),
    );
  return {
    numRows: () => length,
    numCols: () => columns.length,
    columnNames: () => [...names],
    get: (column, row = 0) => known.get(column)![row],
    array: (column) => [...known.get(column)!],
    objects: ({ limit } = {}) => objects(limit),
    print: ({ limit = 10 } = {}) => console.table(objects(limit)),
    toCSV: ({ delimiter = "," } = {}) => {
      const written = (value: unknown): string => {
        const text = value === null || value === undefined ? "" : String(value);
        return [delimiter, '"', "\n", "\r"].some((special) => text.includes(special))
          ? `"${text.replaceAll('"', '""')}"`
          : text;
      };
      const rows = objects().map((row) => names.map((name) => row[name]));
      return [names, ...rows].map((row) => `${row.map(written).join(delimiter)}\n`).join("");
    },
    toJSON: ({ type } = {}) => {
      if (type === "columns") return JSON.stringify(Object.fromEntries(columns));
      const rows = objects().map((row) => JSON.stringify(row));
      return type === "ndjson" ? rows.join("\n") : `[${rows.join(",")}]`;
    },
    toArrowIPC: ({ format = "stream" } = {}) =>
      tableToIPC(tableFromArrays(Object.fromEntries(columns.map(([name, values]) => [name, [...values]]))), {
        format,
      })!,
  };
}
