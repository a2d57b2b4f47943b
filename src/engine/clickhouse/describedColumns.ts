import { isGeopivotError } from "../../core/errors.js";
import { engineError } from "../errors.js";
import type { DescribedColumn } from "../sql/tableColumns.js";
import { type TableName, tableSql, tableText } from "../sql/tableName.js";
import type { ClickhouseSession } from "./clickhouseClient.js";

/** The columns of a table. Throws `no-such-table`. */
export async function describedColumns(session: ClickhouseSession, table: TableName): Promise<DescribedColumn[]> {
  try {
    return await session.rows<DescribedColumn>({ sql: `DESCRIBE TABLE ${tableSql(table)}`, params: {} });
  } catch (error) {
    if (!isGeopivotError(error, "engine-refused")) throw error;
    const { reason } = error.details as { reason: string };
    throw engineError("no-such-table", { table: tableText(table), reason }, error);
  }
}
