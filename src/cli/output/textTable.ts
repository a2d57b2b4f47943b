import type { PivotTable } from "../../pivot/pivotTable.js";
import { printable } from "./printable.js";
import { cutText, fitWidths, padTextEnd, padTextStart, terminalWidth, textWidth } from "./textWidth.js";

/**
 * A table as lines of text: names to the left, numbers to the right, "-" where there is nothing to measure. On a terminal
 * texts are cut so that lines fit, as far as they can.
 */
export function textTable(table: PivotTable, width = terminalWidth()): string {
  const names = table.columnNames();
  const rows = Array.from({ length: table.numRows() }, (_, row) => names.map((name) => table.get(name, row)));
  const cells = [names, ...rows.map((row) => row.map(cellText))];
  const widest = names.map((_, column) => cells.reduce((most, row) => Math.max(most, textWidth(row[column]!)), 0));
  const toRight = names.map((_, column) => rows.some((row) => typeof row[column] === "number"));
  const widths = fitWidths(
    widest,
    toRight.map((right) => !right),
    2,
    width,
  );
  return cells
    .map((row) =>
      row
        .map((cell, column) =>
          toRight[column]
            ? padTextStart(cell, widths[column]!)
            : padTextEnd(cutText(cell, widths[column]!), widths[column]!),
        )
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
