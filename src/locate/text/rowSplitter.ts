/** How the lines of a text database are taken apart. */
export type Delimiter = "," | "\t" | ";" | "json";

/** The delimiter of a file by one of its first lines: what the line has most of, outside of quotes. */
export function delimiterOf(line: string): Delimiter {
  if (/^\s*\[?\s*\{/.test(line)) return "json";
  const bare = line.replace(/"(?:[^"]|"")*"/g, "");
  const count = (mark: string): number => bare.split(mark).length - 1;
  if (count("\t") > 0 && count("\t") >= count(",")) return "\t";
  return count(";") > count(",") ? ";" : ",";
}

/** The fields of a line of CSV (RFC 4180), or of one of tabs, which has no quotes. */
export function splitRow(line: string, delimiter: "," | "\t" | ";"): string[] {
  if (delimiter === "\t" || !line.includes('"')) return line.split(delimiter);
  const fields: string[] = [];
  for (let at = 0; at <= line.length; ) {
    const [field, end] = line[at] === '"' ? quoted(line, at) : ["", at];
    const next = line.indexOf(delimiter, end);
    const stop = next < 0 ? line.length : next;
    fields.push(field + line.slice(end, stop));
    at = stop + 1;
  }
  return fields;
}

/** Whether a line of CSV ends within quotes: the next one goes on with the field. */
export function isOpen(line: string, delimiter: Delimiter): boolean {
  if (delimiter === "\t" || delimiter === "json" || !line.includes('"')) return false;
  return line.split('"').length % 2 === 0;
}

/** A quoted field that begins at `start`, without its quotes, and where it ends. */
function quoted(line: string, start: number): [string, number] {
  let end = start + 1;
  for (; end < line.length; end++) {
    if (line[end] !== '"') continue;
    if (line[end + 1] !== '"') break;
    end++;
  }
  return [line.slice(start + 1, end).replaceAll('""', '"'), Math.min(end + 1, line.length)];
}

/**
 * The fields of an object of JSON by their names, those of objects within it by their own names too; undefined for what
 * is none. Lines may be the members of an array.
 */
export function jsonFields(line: string): Map<string, string> | undefined {
  const text = line
    .trim()
    .replace(/^[[,]\s*/, "")
    .replace(/[\],]+$/, "");
  if (text === "") return new Map();
  try {
    const fields = new Map<string, string>();
    const object: unknown = JSON.parse(text);
    if (typeof object !== "object" || object === null || Array.isArray(object)) return undefined;
    flatten(object, fields, 0);
    return fields;
  } catch {
    return undefined;
  }
}

/** Objects nest no deeper than this in any known database. */
const MAX_DEPTH = 3;

function flatten(object: object, fields: Map<string, string>, depth: number): void {
  for (const [name, value] of Object.entries(object)) {
    if (typeof value === "object" && value !== null) {
      if (depth < MAX_DEPTH) flatten(value, fields, depth + 1);
    } else if (value !== null && !fields.has(name)) fields.set(name, String(value));
  }
}
