import { identifier, literal } from "../sql/quote.js";

/** Where the tables and dictionaries are that locate addresses. */
export interface LocationNames {
  /** Default `geopivot`. */
  readonly database?: string;
}

/** The default of {@link LocationNames.database}. */
export const LOCATION_DATABASE = "geopivot";

/** The dictionaries by which queries locate addresses. */
export const LOCATION_DICTIONARIES = ["ipv4", "ipv4_network", "ipv6"] as const;

/** Tables that grow and keep their ids for good: what was counted under an id long ago still means the same. */
export function sharedTablesDdl({ database = LOCATION_DATABASE }: LocationNames): string[] {
  const db = identifier(database);
  return [
    `CREATE DATABASE IF NOT EXISTS ${db}`,
    `CREATE TABLE IF NOT EXISTS ${db}.places (
  id UInt32, country LowCardinality(String), region String, region_code String, city String, time_zone LowCardinality(String),
  lat Float64, lon Float64, accuracy_km Float32, precision UInt8
) ENGINE = MergeTree ORDER BY id`,
    `CREATE TABLE IF NOT EXISTS ${db}.networks (
  id UInt32, asn UInt32, organization String, name String, reserved LowCardinality(String), tags Array(String)
) ENGINE = MergeTree ORDER BY id`,
    `CREATE TABLE IF NOT EXISTS ${db}.location_versions (
  version String, size UInt64, network_size UInt64, installed DateTime64(3, 'UTC')
) ENGINE = MergeTree ORDER BY installed`,
  ];
}

/** Tables of one version: what lies at which address. */
export function versionTablesDdl(names: LocationNames, version: string): string[] {
  const table = (name: string): string => versionTable(names, name, version);
  const runs = "(first UInt32, last UInt32, value UInt32) ENGINE = MergeTree ORDER BY first";
  return [
    ...["ipv4", "ipv4_network", "ipv6"].map((name) => `DROP TABLE IF EXISTS ${table(name)}`),
    `CREATE TABLE ${table("ipv4")} ${runs}`,
    `CREATE TABLE ${table("ipv4_network")} ${runs}`,
    `CREATE TABLE ${table("ipv6")} (prefix String, place UInt32, network UInt32) ENGINE = MergeTree ORDER BY prefix`,
  ];
}

/** How large the arrays of a version are. */
export interface VersionSizes {
  readonly version: string;
  /** Keys of `ipv4` and of `ipv4_network`. */
  readonly size: number;
  readonly networkSize: number;
}

/** Dictionaries of one version, under names that end as asked. */
export function dictionariesDdl(names: LocationNames, sizes: VersionSizes, suffix = ""): string[] {
  const { database = LOCATION_DATABASE } = names;
  const { version, size, networkSize } = sizes;
  const db = identifier(database);
  const source = (columns: string, name: string): string =>
    `SOURCE(CLICKHOUSE(QUERY ${literal(`SELECT ${columns} FROM ${versionTable(names, name, version)}`)})) LIFETIME(0)`;
  const flat = (
    name: string,
    keys: number,
  ): string => `CREATE OR REPLACE DICTIONARY ${db}.${identifier(name + suffix)} (
  key UInt64, value UInt32 DEFAULT 0
) PRIMARY KEY key
${source("arrayJoin(range(first, last + 1)) AS key, value", name)}
LAYOUT(FLAT(INITIAL_ARRAY_SIZE ${Math.max(1, keys)} MAX_ARRAY_SIZE ${Math.max(1, keys)}))`;
  return [
    flat("ipv4", size),
    flat("ipv4_network", networkSize),
    `CREATE OR REPLACE DICTIONARY ${db}.${identifier(`ipv6${suffix}`)} (
  prefix String, place UInt32 DEFAULT 0, network UInt32 DEFAULT 0
) PRIMARY KEY prefix
${source("prefix, place, network", "ipv6")}
LAYOUT(IP_TRIE())`,
  ];
}

/** A version's table of a name, as SQL. */
export function versionTable({ database = LOCATION_DATABASE }: LocationNames, name: string, version: string): string {
  return `${identifier(database)}.${identifier(`${name}_${version}`)}`;
}
