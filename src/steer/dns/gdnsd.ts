import { type Continent, continentOf } from "../../grid/countries.js";
import { dnsError } from "./errors.js";
import { addressesOf, checkSteering, type SteeringTable } from "./steeringTable.js";

export interface GdnsdOptions {
  /** Path of a GeoIP2 country or city database, as gdnsd sees it. Default "GeoLite2-City.mmdb". */
  readonly database?: string;
}

/** Countries that databases put on another continent than the table of countries does, so they stand under both. */
const TWO_CONTINENTS: Readonly<Record<string, readonly Continent[]>> = Object.fromEntries(
  ["AM", "AZ", "CY", "GE", "KZ", "RU", "TR"].map((code) => [code, ["AS", "EU"] as const]),
);

/**
 * gdnsd's configuration for its plugin geoip: a map by continent, country and subdivision, networks before it, and a
 * resource with each server's addresses. The map has every server in its order, so that gdnsd goes on to the next
 * where one is down. Format: gdnsd-plugin-geoip(8).
 *
 * Throws what `checkSteering` throws, and `no-dns-address`.
 */
export function gdnsdConfig(input: SteeringTable, { database = "GeoLite2-City.mmdb" }: GdnsdOptions = {}): string {
  const table = checkSteering(input);
  const list = (names: readonly string[]): string => `[ ${names.join(", ")} ]`;
  const all = table.servers.map(({ name }) => name);
  const nets = table.networks.map(({ cidr, servers }) => `          ${cidr} => ${list(servers)}`);
  const lines = [
    "plugins => {",
    "  geoip => {",
    "    maps => {",
    "      geopivot => {",
    `        geoip2_db => ${quoted(database)}`,
    `        datacenters => ${list([...new Set([...table.fallback, ...all])])}`,
    ...(nets.length > 0 ? ["        nets => {", ...nets, "        }"] : []),
    "        map => {",
    `          default => ${list(table.fallback)}`,
    ...continents(table, list),
    "        }",
    "      }",
    "    }",
    "    resources => {",
    "      geopivot => {",
    "        map => geopivot",
    "        dcmap => {",
    ...table.servers.map(({ name }) => `          ${name} => ${addressList(table, name)}`),
    "        }",
    "      }",
    "    }",
    "  }",
    "}",
  ];
  return `${lines.join("\n")}\n`;
}

function continents(table: SteeringTable, list: (names: readonly string[]) => string): string[] {
  const byContinent = new Map<Continent, string[]>();
  for (const code of new Set([...table.countries, ...table.subdivisions].map(({ country }) => country))) {
    const own = table.countries.find(({ country }) => country === code)?.servers ?? table.fallback;
    const parts = table.subdivisions.filter(({ country }) => country === code);
    const entry =
      parts.length === 0
        ? `            ${code} => ${list(own)}`
        : `            ${code} => { default => ${list(own)}, ${parts.map((p) => `${p.subdivision} => ${list(p.servers)}`).join(", ")} }`;
    for (const continent of TWO_CONTINENTS[code] ?? [continentOf(code)!])
      byContinent.set(continent, [...(byContinent.get(continent) ?? []), entry]);
  }
  return [...byContinent]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([continent, entries]) => [`          ${continent} => {`, ...entries, "          }"]);
}

/** `{ addrs_v4 => …, addrs_v6 => … }` where both are there; labels a1, a2 … keep addresses apart. */
function addressList(table: SteeringTable, name: string): string {
  const of = (family: 4 | 6): string =>
    addressesOf(table, name, family)
      .map((address, i) => `a${i + 1} => ${address}`)
      .join(", ");
  const [v4, v6] = [of(4), of(6)];
  const parts = [v4 && `addrs_v4 => { ${v4} }`, v6 && `addrs_v6 => { ${v6} }`].filter((part) => part !== "");
  return `{ ${parts.join(", ")} }`;
}

/** A path between quotes; what would have to be escaped there is refused. */
function quoted(path: string): string {
  if (!/^[ !#-[\]-~]+$/.test(path)) throw dnsError("bad-dns-name", { what: "path of a database", name: path });
  return `"${path}"`;
}
