import type { PivotTable } from "../../pivot/pivotTable.js";

/** What spreadsheets take for the beginning of a formula. */
const FORMULA = /^[=+\-@\t\r]/;
/** Control characters but for those that RFC 4180 quotes. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROLS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g;

/**
 * A table as CSV (RFC 4180) that is safe to open: a text that a spreadsheet would compute has an apostrophe before it (as
 * OWASP recommends), and control characters become U+FFFD. Values may come from requests of anybody.
 */
export function csvText(table: PivotTable): string {
  const names = table.columnNames();
  const lines = [names.map(cellText).join(",")];
  for (let row = 0; row < table.numRows(); row++)
    lines.push(names.map((name) => cellText(table.get(name, row))).join(","));
  return `${lines.join("\n")}\n`;
}

function cellText(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "number" || typeof value === "boolean" || typeof value === "bigint") return String(value);
  const text = (value instanceof Date ? value.toISOString() : String(value)).replace(CONTROLS, "\ufffd");
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
