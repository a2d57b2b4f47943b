import Papa from "papaparse";

/** Neither a guess at the delimiter nor at the end of lines: the line is one, and its fields lie between commas. */
const ONE_LINE = { delimiter: ",", newline: "\n" } as const;

/** The fields of one line of CSV (RFC 4180): quoted fields may hold commas and doubled quotes, but no line breaks. */
export function csvFields(line: string): string[] {
  if (!line.includes('"')) return line.split(",");
  return Papa.parse<string[]>(line, ONE_LINE).data[0] ?? [""];
}
