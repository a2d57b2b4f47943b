import { anyField, type FieldNames, keepDimensions, mapFields } from "../../read/fields/fieldMap.js";
import { ROLE } from "../../read/fields/role.js";
import { engineError } from "../errors.js";

/** An identifier as DuckDB reads it back. */
export const duckdbIdentifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;
/** A text as a literal of DuckDB. */
export const duckdbLiteral = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** Where rows are: files (Parquet, CSV, NDJSON, globs of them) or a table. */
export interface DuckdbSource {
  readonly files?: string | readonly string[];
  readonly table?: string;
}

/** A source as SQL. Throws `bad-engine-option`. */
export function duckdbRelation({ files, table }: DuckdbSource): string {
  if (table !== undefined) return table.split(".").map(duckdbIdentifier).join(".");
  const paths = [files ?? []].flat();
  if (paths.length === 0)
    throw engineError("bad-engine-option", { option: "files", value: "none", expected: "files, or a table" });
  const list = `[${paths.map(duckdbLiteral).join(", ")}]`;
  if (/\.(?:csv|tsv|txt)(?:\.gz|\.zst)?$/i.test(paths[0]!)) return `read_csv(${list})`;
  if (/\.(?:json|jsonl|ndjson)(?:\.gz|\.zst)?$/i.test(paths[0]!)) return `read_json(${list})`;
  return `read_parquet(${list}, union_by_name = true)`;
}

/** Which columns to select, and how. */
export interface DuckdbColumns {
  readonly names: readonly string[];
  readonly expressions: readonly string[];
  /** The one column of times that a window can be asked for by, as SQL that gives epoch milliseconds. */
  readonly time: string | undefined;
}

/**
 * The columns that mean something, each in the form in which logs are read: times in epoch milliseconds, numbers as they
 * are, everything else as text.
 *
 * @param described - name and type of each column
 * @throws `no-such-column`, `no-time-column`
 */
export function duckdbColumns(
  source: string,
  described: readonly (readonly [name: string, type: string])[],
  map: FieldNames | undefined,
  dimensions: readonly string[] | undefined,
): DuckdbColumns {
  const meanings = keepDimensions(mapFields(anyField, map), dimensions);
  const known = new Set(described.map(([name]) => name));
  for (const column of Object.values(map ?? {}))
    if (!known.has(column)) throw engineError("no-such-column", { table: source, column });
  const kept = described.filter(([name]) => meanings(name).role !== ROLE.ignored);
  const times = kept.filter(([name]) => [ROLE.time, ROLE.date].includes(meanings(name).role as never));
  if (times.length === 0) throw engineError("no-time-column", { table: source, columns: [...known] });
  const [only] = times;
  const isTime = times.length === 1 && /^(?:TIMESTAMP|DATE)/.test(only![1]);
  return {
    names: kept.map(([name]) => name),
    expressions: kept.map(([name, type]) => valueSql(duckdbIdentifier(name), type)),
    time: isTime ? valueSql(duckdbIdentifier(only![0]), only![1]) : undefined,
  };
}

function valueSql(column: string, type: string): string {
  if (/^TIMESTAMP_NS/.test(type)) return `(epoch_ns(${column}) / 1000000.0)`;
  if (/^TIMESTAMP/.test(type)) return `(epoch_us(${column}) / 1000.0)`;
  if (type === "DATE") return `(epoch_us(${column}::TIMESTAMP) / 1000.0)`;
  if (/^U?(?:TINYINT|SMALLINT|INTEGER|BIGINT)$|^DOUBLE$|^BOOLEAN$|^VARCHAR$/.test(type)) return column;
  return /^DECIMAL/.test(type) ? `${column}::DOUBLE` : `${column}::VARCHAR`;
}
