import { anyField, type FieldNames, mapFields } from "../../read/fields/fieldMap.js";
import { type FieldMapping, ROLE } from "../../read/fields/role.js";
import { engineError } from "../errors.js";

/** A column as the server describes it. */
export interface DescribedColumn {
  readonly name: string;
  readonly type: string;
}

/** A column with what it means. */
export interface TableColumn {
  readonly name: string;
  /** Its type without Nullable and LowCardinality. */
  readonly type: string;
  readonly isNullable: boolean;
  readonly isLowCardinality: boolean;
  readonly means: FieldMapping;
}

/**
 * What the columns of a table mean: as fields of a log do, by their names or as they are mapped. Columns that mean nothing
 * are left out.
 *
 * @throws `no-such-column` where a mapped column is not there, and `bad-map`
 */
export function tableColumns(
  table: string,
  described: readonly DescribedColumn[],
  map: FieldNames | undefined,
): readonly TableColumn[] {
  const meanings = mapFields(anyField, map);
  for (const column of Object.values(map ?? {}))
    if (!described.some(({ name }) => name === column)) throw engineError("no-such-column", { table, column });
  return described
    .map(({ name, type }) => ({ name, means: meanings(name), ...typeOf(type) }))
    .filter(({ means }) => means.role !== ROLE.ignored);
}

function typeOf(text: string): Pick<TableColumn, "type" | "isNullable" | "isLowCardinality"> {
  const isLowCardinality = text.startsWith("LowCardinality(");
  const plain = isLowCardinality ? inner(text) : text;
  const isNullable = plain.startsWith("Nullable(");
  return { type: isNullable ? inner(plain) : plain, isNullable, isLowCardinality };
}

const inner = (text: string): string => text.slice(text.indexOf("(") + 1, -1);

/** Whether a type holds integers. */
export const isInteger = (type: string): boolean => /^U?Int\d+$/.test(type);
/** Whether a type holds numbers. */
export const isNumber = (type: string): boolean => /^(?:U?Int\d+|Float\d+|BFloat16|Decimal)/.test(type);
