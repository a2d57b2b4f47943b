import { errorKind } from "../core/errors.js";

/** What can go wrong between a caller, a table and the engine that holds it. */
export const engineError = errorKind<{
  "bad-engine-option": { option: string; value: string; expected: string };
  "no-such-column": { table: string; column: string };
  "no-such-table": { table: string; reason: string };
  "no-time-column": { table: string; columns: readonly string[] };
  "no-place-column": { table: string; columns: readonly string[] };
  "column-type": { column: string; type: string; expected: string };
  "no-locations": { database: string };
  "measure-without-sql": { measure: string };
  "engine-refused": { reason: string };
  "engine-unreachable": { reason: string };
  "engine-timeout": { reason: string };
  "engine-memory": { reason: string };
  "engine-cancelled": { reason: string };
  "engine-denied": { reason: string };
  "engine-answer": { reason: string };
  "not-installed": { library: string; command: string };
}>({
  "bad-engine-option": (d) => `option ${d.option} is ${d.value}, expected ${d.expected}`,
  "no-such-column": (d) => `table ${d.table} has no column ${JSON.stringify(d.column)}`,
  "no-such-table": (d) => `table ${d.table} cannot be read: ${d.reason}`,
  "no-time-column": (d) =>
    `table ${d.table} has no column that is known to hold the time: name it with columns: { ts: … }; it has ${list(d.columns)}`,
  "no-place-column": (d) =>
    `table ${d.table} has no column that is known to hold addresses or places: name one with columns: { ip: … }; it has ${list(d.columns)}`,
  "column-type": (d) => `column ${JSON.stringify(d.column)} is of type ${d.type}, expected ${d.expected}`,
  "no-locations": (d) =>
    `database ${d.database} holds no location dictionaries: make them with installLocations(client, locator), or give a locator`,
  "measure-without-sql": (d) => `measure ${d.measure} says no SQL by which an engine could compute it`,
  "engine-refused": (d) => `the engine refused the query: ${d.reason}`,
  "engine-unreachable": (d) => `the engine cannot be reached: ${d.reason}`,
  "engine-timeout": (d) => `the query took too long: ${d.reason}`,
  "engine-memory": (d) => `the query needs more memory than it may use: ${d.reason}`,
  "engine-cancelled": (d) => `the query was cancelled: ${d.reason}`,
  "engine-denied": (d) => `the user may not do that: ${d.reason}`,
  "engine-answer": (d) => `the engine's answer is not what was asked for: ${d.reason}`,
  "not-installed": (d) => `${d.library} is not installed: ${d.command}`,
});

const list = (names: readonly string[]): string => names.map((name) => JSON.stringify(name)).join(", ") || "none";
