import { EventColumns } from "../columns/eventColumns.js";
import { mapFields } from "../fields/fieldMap.js";
import { knownColumn } from "../fields/knownFields.js";
import { isLocatingRole, ROLE } from "../fields/role.js";
import { parseJson } from "../json/parseJson.js";
import { recordsOf } from "../json/readJsonLine.js";
import type { LineSink } from "../lineDecoder.js";
import { FORMATS, type Format, formatOf } from "./formats.js";
import { jsonFormatOf } from "./jsonFormatOf.js";
import { type DecodeOptions, makeDecoder } from "./makeDecoder.js";

const SAMPLE_LINES = 100;

/** An object, or a list that begins with one. Lines of Envoy begin with a bracket too. */
const JSON_START = /^(?:\{|\[\s*(?:\{|\[|$))/;

/**
 * The format that fits the first lines of a log best; undefined if none fits any.
 *
 * JSON is told by the names of its fields, W3C by its header, lines by which format reads most of them, CSV by a header
 * that names a time and an address.
 *
 * @param head - the first bytes of the log, its lines complete
 */
export function detectFormat(head: Uint8Array, options: DecodeOptions): Format | undefined {
  const text = new TextDecoder().decode(head);
  const lines = text
    .split("\n", SAMPLE_LINES)
    .map((line) => line.trim())
    .filter((line) => line !== "");
  const first = lines[0];
  if (first === undefined) return undefined;
  const json = lines.filter((line) => JSON_START.test(line));
  if (2 * json.length > lines.length || JSON_START.test(first)) return jsonFormat(json);
  const w3c = w3cFormat(lines);
  if (w3c !== undefined) return w3c;
  // Excel has a line before the header that tells the separator.
  const header = /^"?sep=.?"?$/.test(first) ? (lines[1] ?? "") : first;
  return lineFormat(lines, options) ?? delimitedFormat(header.replace(/^#\s*/, ""), options);
}

function jsonFormat(lines: readonly string[]): Format {
  const records = lines.flatMap((line) => recordsOf(parseJson(line))).slice(0, SAMPLE_LINES);
  const broken = lines.filter((line) => parseJson(line) === undefined).length;
  // Commas behind objects, or a list's bracket alone, are between lines of one document.
  if (broken === lines.length || (broken > 0 && lines.some(isPartOfList))) return formatOf("json-document");
  const counts = new Map<Format, number>();
  for (const record of records) {
    const format = jsonFormatOf(record);
    counts.set(format, (counts.get(format) ?? 0) + 1);
  }
  const [best, count] = [...counts].reduce((a, b) => (b[1] > a[1] ? b : a));
  return 2 * count > records.length ? best : formatOf("ndjson");
}

/** Whether a line is the bracket that opens a list, or an object with the comma behind it. */
function isPartOfList(line: string): boolean {
  return /^\[\s*$/.test(line) || (line.endsWith(",") && parseJson(line.slice(0, -1)) !== undefined);
}

function w3cFormat(lines: readonly string[]): Format | undefined {
  const directives = lines.filter((line) => line.startsWith("#")).join("\n");
  if (/^#fields\t.*\bid\.orig_h\b/m.test(directives)) return formatOf("zeek");
  if (!/^#Fields:/im.test(directives)) return undefined;
  if (/x-edge-/.test(directives)) return formatOf("cloudfront");
  return formatOf(
    /microsoft|\bIIS\b|sc-win32-status|sc-substatus|cs-username|s-sitename/i.test(directives) ? "iis" : "w3c",
  );
}

/** The format of lines that reads most of them; the first of equals. */
function lineFormat(lines: readonly string[], options: DecodeOptions): Format | undefined {
  const bytes = new TextEncoder().encode(`${lines.join("\n")}\n${" ".repeat(64)}`);
  let best: Format | undefined;
  let most = 0;
  for (const format of FORMATS) {
    if (format.kind !== "text" && format.kind !== "combined" && format.kind !== "pairs") continue;
    const count = rowsRead(format, bytes, bytes.length - 64, options);
    if (count > most) [best, most] = [format, count];
  }
  return best;
}

/** How many events a format reads from bytes[0, end), behind which 64 bytes may be read. */
export function rowsRead(format: Format, bytes: Uint8Array, end: number, options: DecodeOptions): number {
  const columns = new EventColumns({ capacity: 2 * SAMPLE_LINES, maxValues: 1000, routes: false });
  const sink: LineSink = { line: 0, skipped: 0, reject: () => {} };
  // What is only tried meets no names.
  makeDecoder(format, columns, { ...options, met: undefined }, sink).scan(bytes, 0, end, true);
  return columns.length;
}

function delimitedFormat(header: string, options: DecodeOptions): Format | undefined {
  const meanings = mapFields(knownColumn, options.map);
  return FORMATS.find((format) => {
    if (format.kind !== "delimited") return false;
    const names = header.split(format.separator).map((name) =>
      name
        .trim()
        .replace(/^"(.*)"$/, "$1")
        .trim(),
    );
    if (format.signature !== undefined) return format.signature.every((name) => names.includes(name));
    const roles = new Set<number>(names.map((name) => meanings(name).role));
    const isPlaced = roles.has(ROLE.address) || roles.has(ROLE.forwardedFor) || [...roles].some(isLocatingRole);
    return (roles.has(ROLE.time) || roles.has(ROLE.date)) && isPlaced;
  });
}
