import { createHash } from "node:crypto";
import type { ClickHouseClient } from "@clickhouse/client";
import { PRECISIONS } from "../../core/places.js";
import type { Locator } from "../../locate/locator.js";
import { type CompiledTable, networkOfPair, placeOfPair } from "../../locate/tables/compiledTable.js";
import { ClickhouseSession, type QueryLimits } from "../clickhouse/clickhouseClient.js";
import { identifier } from "../sql/quote.js";
import { ipv4Runs } from "./ipv4Runs.js";
import { ipv6Prefixes } from "./ipv6Prefixes.js";
import {
  dictionariesDdl,
  LOCATION_DATABASE,
  LOCATION_DICTIONARIES,
  type LocationNames,
  sharedTablesDdl,
  versionTable,
  versionTablesDdl,
} from "./locationDdl.js";
import { StableIds } from "./stableIds.js";
import { TsvRows, tsvList, tsvText } from "./tsvRows.js";

export interface InstallOptions extends LocationNames, QueryLimits {}

/** What was made, or was there. */
export interface InstalledLocations {
  readonly database: string;
  /** Tells what the dictionaries hold: equal for equal databases. */
  readonly version: string;
  /** Whether they were there already. */
  readonly wasThere: boolean;
}

/**
 * Makes the dictionaries by which a cluster locates addresses as a locator does, or replaces those of an older database.
 *
 * Rows are loaded beside what is used; then each dictionary is exchanged for its new form at once, so that no query is
 * without one. Places and networks keep their ids for good, so what a view counted before means the same afterwards.
 * Tables of older versions are dropped.
 *
 * @throws `engine-denied`, `engine-unreachable` and the other errors of engines
 *
 * @example
 * ```ts
 * await installLocations(createClient({ url }), await openLocator());
 * ```
 */
export async function installLocations(
  client: ClickHouseClient,
  locator: Locator,
  options: InstallOptions = {},
): Promise<InstalledLocations> {
  const { database = LOCATION_DATABASE } = options;
  const session = new ClickhouseSession(client, options);
  const table = locator.shareTable();
  const version = versionOf(locator, table);
  for (const sql of sharedTablesDdl(options)) await session.command(sql);
  const older = await versions(session, database);
  if (older.at(-1) === version) return { database, version, wasThere: true };
  const ids = await stableIds(session, database, locator);
  for (const sql of versionTablesDdl(options, version)) await session.command(sql);
  const sizes = await loadVersion(session, options, version, table, ids);
  for (const sql of dictionariesDdl(options, { version, ...sizes }, "_next")) await session.command(sql);
  await exchange(session, database);
  const counts = `${sizes.size}, ${sizes.networkSize}`;
  const db = identifier(database);
  await session.command(`INSERT INTO ${db}.location_versions SELECT {version:String}, ${counts}, now64(3)`, {
    version,
  });
  await dropOlder(
    session,
    options,
    older.filter((one) => one !== version),
  );
  return { database, version, wasThere: false };
}

/** The versions that were installed, the last one last. */
async function versions(session: ClickhouseSession, database: string): Promise<string[]> {
  const sql = `SELECT version FROM ${identifier(database)}.location_versions ORDER BY installed`;
  return (await session.rows<{ version: string }>({ sql, params: {} })).map(({ version }) => version);
}

/** A hash of all that a locator answers. */
function versionOf({ places, networks }: Locator, table: CompiledTable): string {
  const hash = createHash("sha256");
  const bytes = ({ buffer, byteOffset, byteLength }: ArrayBufferView): void => {
    hash.update(new Uint8Array(buffer, byteOffset, byteLength));
  };
  const { table4, table6, pairPlace, pairNetwork } = table;
  for (const column of [table4.direct, table4.lows, table4.ids, table6.root, table6.nodes, table6.entries])
    bytes(column);
  bytes(pairPlace);
  bytes(pairNetwork);
  for (const rows of [places, networks])
    for (const name of rows.fields.keys()) bytes(rows.column(name).subarray(0, rows.length));
  for (const dictionary of [places.countries, places.regions, places.cities, networks.organizations, networks.names])
    hash.update(JSON.stringify([dictionary.size, dictionary.values.slice(0, 1000)]));
  return hash.digest("hex").slice(0, 16);
}

/** The cluster's ids by the locator's; new ones for places and networks that it has not met. */
async function stableIds(session: ClickhouseSession, database: string, { places, networks }: Locator) {
  const db = identifier(database);
  const place = new StableIds(session, `${db}.places`);
  const network = new StableIds(session, `${db}.networks`);
  const placeIds = await place.assign(places.length, (id) => {
    const { country, region, regionCode, city, timeZone, lat, lon, accuracyKm, precision } = places.located(id);
    const texts = [country, region, regionCode, city, timeZone].map(tsvText);
    const numbers = [lat, lon].map(tsvNumber);
    return [...texts, ...numbers, tsvFloat32(accuracyKm), String(PRECISIONS.indexOf(precision))];
  });
  const networkIds = await network.assign(networks.length, (id) => {
    const { asn, organization, name, reserved, tags } = networks.at(id)!;
    return [String(asn), tsvText(organization), tsvText(name), tsvText(reserved), tsvList(tags)];
  });
  return { placeIds, networkIds };
}

/** The shortest text that is the same 32-bit float. */
function tsvFloat32(value: number): string {
  for (let digits = 1; digits < 9; digits++) {
    const text = Number(value.toPrecision(digits));
    if (Math.fround(text) === value) return String(text);
  }
  return tsvNumber(value);
}

const tsvNumber = (value: number): string => (Number.isNaN(value) ? "nan" : String(value));

async function loadVersion(
  session: ClickhouseSession,
  options: InstallOptions,
  version: string,
  table: CompiledTable,
  { placeIds, networkIds }: { readonly placeIds: Uint32Array; readonly networkIds: Uint32Array },
): Promise<{ readonly size: number; readonly networkSize: number }> {
  const place = (pair: number): number => placeIds[placeOfPair(table, pair)]!;
  const network = (pair: number): number => networkIds[networkOfPair(table, pair)]!;
  const sizes = [
    await loadRuns(session, versionTable(options, "ipv4", version), table, place),
    await loadRuns(session, versionTable(options, "ipv4_network", version), table, network),
  ];
  const target = versionTable(options, "ipv6", version);
  const rows: [string, number][] = [];
  ipv6Prefixes(table.table6, (prefix, id) => rows.push([prefix, id]));
  const text = new TsvRows((rowsText) => session.insert(target, rowsText));
  for (const [prefix, id] of rows) {
    if (place(id) === 0 && network(id) === 0) continue;
    text.add(prefix, place(id), network(id));
    if (text.isFull) await text.flush();
  }
  await text.flush();
  return { size: sizes[0]!, networkSize: sizes[1]! };
}

async function loadRuns(
  session: ClickhouseSession,
  target: string,
  { table4 }: CompiledTable,
  valueAt: (pair: number) => number,
): Promise<number> {
  const runs: number[] = [];
  const size = ipv4Runs(table4, valueAt, (first, last, value) => runs.push(first, last, value));
  const text = new TsvRows((rowsText) => session.insert(target, rowsText));
  for (let at = 0; at < runs.length; at += 3) {
    text.add(runs[at]!, runs[at + 1]!, runs[at + 2]!);
    if (text.isFull) await text.flush();
  }
  await text.flush();
  return size;
}

/** Puts each new dictionary, loaded, in the place of the one that is used. */
async function exchange(session: ClickhouseSession, database: string): Promise<void> {
  const db = identifier(database);
  const known = await session.rows<{ name: string }>({
    sql: "SELECT name FROM system.dictionaries WHERE database = {database:String}",
    params: { database },
  });
  const names = new Set(known.map(({ name }) => name));
  for (const name of LOCATION_DICTIONARIES) await session.command(`SYSTEM RELOAD DICTIONARY ${db}.${name}_next`);
  for (const name of LOCATION_DICTIONARIES) {
    if (names.has(name)) {
      await session.command(`EXCHANGE DICTIONARIES ${db}.${name} AND ${db}.${name}_next`);
      await session.command(`DROP DICTIONARY ${db}.${name}_next`);
    } else await session.command(`RENAME DICTIONARY ${db}.${name}_next TO ${db}.${name}`);
  }
}

async function dropOlder(session: ClickhouseSession, options: InstallOptions, older: readonly string[]): Promise<void> {
  for (const version of new Set(older))
    for (const name of LOCATION_DICTIONARIES)
      await session.command(`DROP TABLE IF EXISTS ${versionTable(options, name, version)}`);
}
