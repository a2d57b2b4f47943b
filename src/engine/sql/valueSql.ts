import { type FieldMapping, ROLE } from "../../read/fields/role.js";
import { engineError } from "../errors.js";
import { columnSql } from "./quote.js";
import { isInteger, isNumber, type TableColumn } from "./tableColumns.js";

/** Years after 9999 are no time of a request. */
const MAX_TIME_MS = 253_402_300_799_999;

/** A column's text, empty where a log would count it as absent: for null, nothing, and a dash. */
export function textSql(column: TableColumn): string {
  const { name, type, isNullable } = column;
  const id = columnSql(name);
  const text = type === "String" ? id : type.startsWith("FixedString") ? `toStringCutToZero(${id})` : `toString(${id})`;
  const known = isNullable ? `ifNull(${text}, '')` : text;
  return type === "String" || type.startsWith("FixedString") || type.startsWith("Enum")
    ? `if(${known} = '-', '', ${known})`
    : known;
}

/** The first text of several columns that is not empty. */
export function firstTextSql(columns: readonly TableColumn[]): string {
  const texts = ranked(columns).map(textSql);
  if (texts.length === 0) return "''";
  if (texts.length === 1) return texts[0]!;
  const cases = texts.slice(0, -1).flatMap((text) => [`${text} != ''`, text]);
  return `multiIf(${[...cases, texts.at(-1)].join(", ")})`;
}

/** The first of several columns that holds a number; null where none does. */
export function firstNumberSql(columns: readonly TableColumn[], of: (column: TableColumn) => string): string {
  const values = ranked(columns).map(of);
  return values.length === 0 ? "NULL" : values.length === 1 ? values[0]! : `coalesce(${values.join(", ")})`;
}

/** Epoch milliseconds of a column, null where it holds no time: as logs are read, the unit of a number told by its size. */
export function timeSql(column: TableColumn): string {
  const { name, type } = column;
  const id = columnSql(name);
  const digits = /^DateTime64\((\d+)/.exec(type)?.[1];
  if (digits !== undefined && Number(digits) <= 3) return `toFloat64(toUnixTimestamp64Milli(${id}))`;
  if (digits !== undefined) return `toUnixTimestamp64Nano(CAST(${id} AS DateTime64(9))) / 1e6`;
  if (type.startsWith("DateTime")) return `toFloat64(toUnixTimestamp(${id})) * 1000`;
  if (type.startsWith("Date")) return `toFloat64(toInt64(${id})) * 86400000`;
  if (isNumber(type)) return epochSql(`toFloat64(${id})`);
  const text = textSql(column);
  const iso = `toUnixTimestamp64Micro(parseDateTime64BestEffortOrNull(${text}, 6, 'UTC')) / 1000`;
  return `if(match(${text}, '^[0-9]+([.][0-9]+)?$'), ${epochSql(`toFloat64OrNull(${text})`)}, ${iso})`;
}

function epochSql(value: string): string {
  const ms = `multiIf(${value} < 1e11, ${value} * 1000, ${value} < 1e14, ${value}, ${value} < 1e17, ${value} / 1000, ${value} / 1e6)`;
  return `if(${value} >= 0 AND ${ms} <= ${MAX_TIME_MS}, ${ms}, NULL)`;
}

/** The status of a column, null where it holds none. */
export function statusSql({ name, type, ...column }: TableColumn): string {
  const id = columnSql(name);
  const number = isNumber(type) ? `toFloat64(${id})` : `toFloat64OrNull(${textSql({ name, type, ...column })})`;
  const value = isInteger(type) ? id : number;
  const isStatus = `${value} >= 100 AND ${value} <= 999${isInteger(type) ? "" : ` AND ${value} = floor(${value})`}`;
  return `if(${isStatus}, toUInt16(assumeNotNull(${value})), NULL)`;
}

/** The latency of a column in milliseconds, null where it holds none. */
export function latencySql(column: TableColumn): string {
  const { means, type, name } = column;
  if (means.role === ROLE.latencyWithUnit && isNumber(type)) return "NULL";
  const scaled = numberSql(column, means);
  const value = means.role === ROLE.latencyOrNone ? `if(${scaled} > 0, ${scaled}, NULL)` : scaled;
  if (![ROLE.latency, ROLE.latencyOrNone, ROLE.latencyWithUnit].includes(means.role as never))
    throw engineError("column-type", {
      column: name,
      type,
      expected: "a duration in one unit: latency_ms, latency_s …",
    });
  return value;
}

/** A number that is not negative, in the unit wanted. */
export function numberSql({ name, type, ...column }: TableColumn, { scale }: Pick<FieldMapping, "scale">): string {
  const id = columnSql(name);
  // A 32-bit float means the decimal that it is printed as: 0.1 s are 100 ms, not 100.00000149.
  const printed = type === "Float32" && scale !== 1 ? `toFloat64(toString(${id}))` : `toFloat64(${id})`;
  const number = isNumber(type) ? printed : `toFloat64OrNull(${textSql({ name, type, ...column })})`;
  const value = scale === 1 ? number : `${number} * ${scale}`;
  return `if(${value} >= 0 AND isFinite(${value}), ${value}, NULL)`;
}

/** Columns of one meaning, the most trusted first. */
function ranked(columns: readonly TableColumn[]): readonly TableColumn[] {
  return [...columns].sort((a, b) => a.means.rank - b.means.rank);
}
