import { country } from "../../grid/countries.js";
import { addressesOf, checkSteering, type SteeringTable } from "./steeringTable.js";

/** Pools and a load balancer, as Cloudflare's API takes them (POST …/load_balancers/pools and …/load_balancers). */
export interface CloudflareConfig {
  readonly pools: readonly {
    readonly name: string;
    readonly origins: readonly { readonly name: string; readonly address: string; readonly enabled: true }[];
  }[];
  readonly load_balancer: {
    readonly name: string;
    readonly steering_policy: "geo";
    readonly proxied: true;
    readonly fallback_pool: string;
    readonly default_pools: readonly string[];
    readonly country_pools: Readonly<Record<string, readonly string[]>>;
    readonly region_pools: Readonly<Record<string, readonly string[]>>;
  };
}

/** Cloudflare's regions, by the UN's. The Americas' north is split by coast, which a country does not tell. */
const REGIONS: Readonly<Record<string, readonly string[]>> = {
  "Northern America": ["ENAM", "WNAM"],
  "Central America": ["NSAM"],
  Caribbean: ["NSAM"],
  "South America": ["SSAM"],
  "Western Europe": ["WEU"],
  "Northern Europe": ["WEU"],
  "Southern Europe": ["WEU"],
  "Eastern Europe": ["EEU"],
  "Western Asia": ["ME"],
  "Northern Africa": ["NAF"],
  "Southern Africa": ["SAF"],
  "Eastern Africa": ["SAF"],
  "Southern Asia": ["SAS"],
  "South-eastern Asia": ["SEAS"],
  "Eastern Asia": ["NEAS"],
  "Australia and New Zealand": ["OC"],
};

/**
 * Pools in the order in which Cloudflare tries them: by country, and for countries that the log does not have, by the
 * region that they lie in, which gets what most of its countries have.
 *
 * @param poolIds - ids of the pools by the servers' names, once Cloudflare has given them; default: the names
 *
 * Throws what `checkSteering` throws, and `no-dns-address`.
 */
export function cloudflareConfig(
  input: SteeringTable,
  poolIds: Readonly<Record<string, string>> = {},
): CloudflareConfig {
  const table = checkSteering(input);
  const ids = (servers: readonly string[]): string[] => servers.map((name) => poolIds[name] ?? name);
  return {
    pools: table.servers.map(({ name }) => ({
      name,
      origins: [...addressesOf(table, name, 4), ...addressesOf(table, name, 6)].map((address, i) => ({
        name: `${name}-${i + 1}`,
        address,
        enabled: true,
      })),
    })),
    load_balancer: {
      name: table.hostname,
      steering_policy: "geo",
      proxied: true,
      fallback_pool: ids(table.fallback)[table.fallback.length - 1]!,
      default_pools: ids(table.fallback),
      country_pools: Object.fromEntries(table.countries.map(({ country: code, servers }) => [code, ids(servers)])),
      region_pools: regionPools(table, ids),
    },
  };
}

function regionPools(table: SteeringTable, ids: (servers: readonly string[]) => string[]) {
  const votes = new Map<string, Map<string, number>>();
  for (const { country: code, servers } of table.countries)
    for (const region of REGIONS[country(code)!.unSubregion] ?? []) {
      const own = votes.get(region) ?? new Map<string, number>();
      own.set(servers.join(), (own.get(servers.join()) ?? 0) + 1);
      votes.set(region, own);
    }
  const most = (own: Map<string, number>): string[] => [...own].sort(([, a], [, b]) => b - a)[0]![0].split(",");
  return Object.fromEntries(
    [...votes].sort(([a], [b]) => (a < b ? -1 : 1)).map(([region, own]) => [region, ids(most(own))]),
  );
}
