/**
 * A table of an answer. It is an arquero table: whoever has arquero may use all of its verbs on it
 * (`pivot<ColumnTable>(…)`); this is what everyone can rely on.
 */
export interface PivotTable {
  numRows(): number;
  numCols(): number;
  columnNames(): string[];
  /** The value of a column, by row; null where there was nothing to measure. */
  get(column: string, row?: number): unknown;
  /** Rows as objects. */
  objects(options?: { readonly limit?: number }): object[];
  /** A column as an array. */
  array(column: string): ArrayLike<unknown>;
  /** Prints the table to the console. */
  print(options?: { readonly limit?: number }): unknown;
  toCSV(options?: { readonly delimiter?: string }): string;
  toJSON(options?: { readonly type?: "columns" | "rows" | "ndjson" | null }): string;
  /** Arrow IPC, as pandas, Polars and DuckDB open it. */
  toArrowIPC(options?: { readonly format?: "stream" | "file" }): Uint8Array;
}
