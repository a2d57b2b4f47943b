import { locateError } from "../errors.js";
import { describeColumn, isAddress, isBlank, isNetwork } from "./cellKinds.js";
import { namedColumns, type TextColumn } from "./columnNames.js";
import { forEachRow } from "./forEachRow.js";
import { layoutsOf } from "./layoutsOf.js";
import { type Delimiter, delimiterOf, jsonFields, splitRow } from "./rowSplitter.js";

/** How the rows of a text database are to be read. */
export interface TextLayout {
  readonly delimiter: Delimiter;
  readonly columns: readonly TextColumn[];
  /** Names of the columns, for JSON. */
  readonly names: readonly string[];
  /** Columns that say something of the addresses. */
  readonly recordColumns: readonly number[];
  /** The line that names the columns; 0 if none does. */
  readonly headerLine: number;
}

/** Rows to look at: enough that each column has said something. */
const SAMPLE_ROWS = 256;
/** Rows to look for them among: tables begin with thousands of networks of no place. */
const MAX_ROWS = 200_000;

/** Finds the layout of a text database by the names of its columns, else by what is in them. Throws `unsupported-database`. */
export async function layoutOfFile(path: string, signal?: AbortSignal): Promise<TextLayout> {
  const sample = await sampleOf(path, signal);
  const [head] = sample.rows;
  if (head === undefined) throw unsupported(path, "it is empty");
  if (sample.delimiter === "json") return jsonLayout(path, head.text, sample.rows);
  const { delimiter } = sample;
  const first = splitRow(head.text, delimiter).map((cell) => cell.trim());
  const named = namedColumns(first);
  if (named !== undefined) return withRecord(path, { delimiter, columns: named, names: first, headerLine: head.line });
  const rows = sample.rows.map(({ text }) => splitRow(text, delimiter));
  const layouts = layoutsOf(rows);
  if (layouts.length === 1) return withRecord(path, { delimiter, columns: layouts[0]!, names: first, headerLine: 0 });
  if (layouts.length > 1) throw unsupported(path, `${seen(rows)}: ${ALIKE}`);
  const isPlace = (cell: string): boolean => isAddress(cell) || isNetwork(cell);
  if (isPlace(first[0] ?? "")) {
    const wrong = rows.findIndex((row) => !isPlace(row[0]!.trim()));
    if (wrong >= 0) throw noAddress(path, sample.rows[wrong]!.line, rows[wrong]![0]!);
    throw unsupported(path, `${seen(rows)}: no known layout; ${REMEDY}`);
  }
  if (isPlace(first[1] ?? "")) throw noAddress(path, head.line, first[0]!);
  throw unsupported(path, `line ${head.line} has ${first.length} columns, ${shown(first)}: no known layout; ${REMEDY}`);
}

/** The cells of a row by the layout's columns; undefined for a line that is no object of JSON. */
export function rowOf(text: string, { delimiter, names }: TextLayout): readonly string[] | undefined {
  if (delimiter !== "json") return splitRow(text, delimiter);
  const fields = jsonFields(text);
  return fields && names.map((name) => fields.get(name) ?? "");
}

const REMEDY = "name its columns in a first line (start_ip,end_ip,country_code,region,city,latitude,longitude,asn …)";
const ALIKE = `which fits several layouts; ${REMEDY}`;

interface Sample {
  readonly delimiter: Delimiter;
  readonly rows: readonly { readonly text: string; readonly line: number }[];
}

/** The first row, and as many after it as say something beside the range. */
async function sampleOf(path: string, signal: AbortSignal | undefined): Promise<Sample> {
  const rows: { text: string; line: number }[] = [];
  const blank: { text: string; line: number }[] = [];
  let delimiter: Delimiter | undefined;
  let count = 0;
  const take = (text: string, line: number): boolean => {
    if (!isText(text)) throw unsupported(path, `line ${line} is no text`);
    delimiter ??= delimiterOf(text);
    if (count === 0 || saysSomething(text, delimiter)) rows.push({ text, line });
    else if (blank.length < SAMPLE_ROWS) blank.push({ text, line });
    return ++count < MAX_ROWS && rows.length <= SAMPLE_ROWS;
  };
  await forEachRow(path, undefined, take, signal);
  // A first row that says nothing is no sample of a table, but may hold the names.
  const [first, ...others] = rows;
  const isBlankFirst = first !== undefined && delimiter !== undefined && others.length > 0;
  if (isBlankFirst && !saysSomething(first.text, delimiter!) && isRange(first.text, delimiter!))
    return { delimiter: delimiter!, rows: others };
  return { delimiter: delimiter ?? ",", rows: rows.length > 1 ? rows : [...rows, ...blank] };
}

function saysSomething(text: string, delimiter: Delimiter): boolean {
  if (delimiter === "json") return true;
  return splitRow(text, delimiter).some((cell) => {
    const bare = cell.trim();
    return !isBlank(bare) && !isAddress(bare) && !isNetwork(bare) && !/^-?0(?:\.0+)?$/.test(bare);
  });
}

function isRange(text: string, delimiter: Delimiter): boolean {
  if (delimiter === "json") return false;
  const first = splitRow(text, delimiter)[0]!.trim();
  return isAddress(first) || isNetwork(first);
}

const isText = (line: string): boolean => !line.includes("\0");

function jsonLayout(path: string, head: string, rows: Sample["rows"]): TextLayout {
  const names = new Set<string>();
  for (const { text } of rows) for (const name of jsonFields(text)?.keys() ?? []) names.add(name);
  const all = [...names];
  const columns = namedColumns(all);
  if (columns === undefined) {
    if (jsonFields(head) === undefined) throw unsupported(path, "its first line is no JSON object");
    throw unsupported(path, `its objects have the fields ${shown(all)}, none of which is a network or a range`);
  }
  return withRecord(path, { delimiter: "json", columns, names: all, headerLine: 0 });
}

/** The layout, which must say something of the addresses. */
function withRecord(path: string, layout: Omit<TextLayout, "recordColumns">): TextLayout {
  const { columns, names } = layout;
  const recordColumns = [...columns.keys()].filter((i) => !NO_RECORD.has(columns[i]!));
  const says = recordColumns.some((i) => columns[i] !== "accuracyKm" && columns[i] !== "timeZone");
  if (!says) throw unsupported(path, `its columns ${shown(names)} tell of no place and no network; ${REMEDY}`);
  return { ...layout, recordColumns };
}

const NO_RECORD: ReadonlySet<TextColumn> = new Set<TextColumn>(["first", "last", "network", "other", "countryName"]);

function seen(rows: readonly (readonly string[])[]): string {
  const width = Math.max(...rows.map((row) => row.length));
  const kinds = Array.from({ length: Math.min(width, MAX_SHOWN) }, (_, i) =>
    describeColumn(rows.map((row) => row[i]?.trim() ?? "")),
  );
  return `its ${width} columns hold ${kinds.join(", ")}${width > MAX_SHOWN ? " …" : ""}`;
}

const MAX_SHOWN = 30;

function shown(names: readonly string[]): string {
  const some = names.slice(0, MAX_SHOWN).map((name) => JSON.stringify(name.slice(0, 40)));
  return `${some.join(", ")}${names.length > MAX_SHOWN ? " …" : ""}`;
}

function noAddress(path: string, line: number, cell: string): Error {
  const reason = `line ${line}: ${JSON.stringify(cell.slice(0, 100))} is not an IP address`;
  return locateError("corrupt-database", { path, reason });
}

const unsupported = (path: string, reason: string): Error => locateError("unsupported-database", { path, reason });
