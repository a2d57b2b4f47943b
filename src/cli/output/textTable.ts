import type { PivotTable } from "../../pivot/pivotTable.js";
import { printable } from "./printable.js";

/** A table as lines of text: names to the left, numbers to the right, "-" where there is nothing to measure. */
export function textTable(table: PivotTable): string {
  const names = table.columnNames();
  const rows = Array.from({ length: table.numRows() }, (_, row) => names.map((name) => table.get(name, row)));
  const cells = [names, ...rows.map((row) => row.map(cellText))];
  const widths = names.map((_, column) => cells.reduce((width, row) => Math.max(width, row[column]!.length), 0));
  const toRight = names.map((_, column) => rows.some((row) => typeof row[column] === "number"));
  return cells
    .map((row) =>
      row
        .map((cell, column) => (toRight[column] ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!)))
        .join("  ")
        .trimEnd(),
    )
    .map((line) => `${line}\n`)
    .join("");
}

function cellText(value: unknown): string {
  if (value === null || value === undefined) return "-";
  if (typeof value !== "number") return printable(String(value)) || '""';
  if (Number.isInteger(value)) return String(value);
  return Math.abs(value) < 1 ? value.toPrecision(3) : value.toFixed(Math.abs(value) < 100 ? 2 : 1);
}
