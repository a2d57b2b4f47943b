import { dnsError } from "./errors.js";
import { addressesOf, checkSteering, type SteeringTable } from "./steeringTable.js";

export interface NginxOptions {
  /** The variable that has the client's country; default `$geoip_country_code`, of ngx_http_geoip_module. */
  readonly countryVariable?: string;
  /** The port that servers listen on. Default 443. */
  readonly port?: number;
}

/**
 * nginx's `geo` and `map` for the http block: `$geopivot_upstream` is the upstream to pass a request to, whose first
 * server is the best for the client and whose others are its backups.
 *
 * Throws what `checkSteering` throws, and `no-dns-address`.
 */
export function nginxConfig(input: SteeringTable, options: NginxOptions = {}): string {
  const table = checkSteering(input);
  const { countryVariable = "$geoip_country_code", port = 443 } = options;
  if (!/^\$[A-Za-z_][A-Za-z0-9_]*$/.test(countryVariable))
    throw dnsError("bad-dns-name", { what: "variable", name: countryVariable });
  const orders = new Map<string, readonly string[]>();
  const upstream = (servers: readonly string[]): string => {
    const name = `geopivot_${servers.join("_").replace(/-/g, "_")}_${servers.length}`.slice(0, 120);
    let free = name;
    for (let n = 2; orders.has(free) && orders.get(free)!.join() !== servers.join(); n++) free = `${name}_${n}`;
    orders.set(free, servers);
    return free;
  };
  const countries = table.countries.map(({ country, servers }) => `  ${country} ${upstream(servers)};`);
  const networks = table.networks.map(({ cidr, servers }) => `  ${cidr} ${upstream(servers)};`);
  const fallback = upstream(table.fallback);
  const maps = [
    `map ${countryVariable} $geopivot_country {`,
    `  default ${fallback};`,
    ...countries,
    "}",
    "geo $geopivot_network {",
    '  default "";',
    ...networks,
    "}",
    "map $geopivot_network $geopivot_upstream {",
    '  "" $geopivot_country;',
    "  default $geopivot_network;",
    "}",
  ];
  const upstreams = [...orders].flatMap(([name, servers]) => [
    `upstream ${name} {`,
    ...members(table, servers, port),
    "}",
  ]);
  return `${[...upstreams, ...maps].join("\n")}\n`;
}

function members(table: SteeringTable, servers: readonly string[], port: number): string[] {
  return servers.flatMap((name, rank) => {
    const addresses = [...addressesOf(table, name, 4), ...addressesOf(table, name, 6).map((one) => `[${one}]`)];
    return addresses.map((address) => `  server ${address}:${port}${rank > 0 ? " backup" : ""};`);
  });
}
