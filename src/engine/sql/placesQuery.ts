import { identifier } from "./quote.js";

/** Ids so many are asked for at a time: a query's text has its limit. */
export const IDS_A_QUERY = 10_000;

/** The records of places by their ids, which are integers. */
export function placesQuery(database: string, ids: readonly number[]): string {
  return recordsQuery(`${identifier(database)}.places`, ids);
}

/** The records of networks by their ids. */
export function networksQuery(database: string, ids: readonly number[]): string {
  return recordsQuery(`${identifier(database)}.networks`, ids);
}

function recordsQuery(table: string, ids: readonly number[]): string {
  return `SELECT * FROM ${table} WHERE id IN (${ids.map(Math.trunc).join(", ")})`;
}
