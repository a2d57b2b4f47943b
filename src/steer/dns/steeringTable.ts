import { country } from "../../grid/countries.js";
import { parseAddress } from "../../locate/address/parseAddress.js";
import { parseNetwork } from "../../locate/address/parseNetwork.js";
import { dnsError } from "./errors.js";

/** A server as DNS tells clients of it. */
export interface DnsServer {
  readonly name: string;
  /** IPv4 and IPv6 addresses. */
  readonly addresses: readonly string[];
  /** The AWS region that it runs in or near, for latency records of Route 53. */
  readonly awsRegion?: string;
}

/** Who should be served by whom: servers by name, the best first, the next ones for when that is down. */
export interface SteeringTable {
  /** The name that clients ask for. */
  readonly hostname: string;
  /** How long answers may be kept. */
  readonly ttlSeconds: number;
  readonly servers: readonly DnsServer[];
  /** For everybody who is in none of the lists. */
  readonly fallback: readonly string[];
  readonly countries: readonly { readonly country: string; readonly servers: readonly string[] }[];
  /** Parts of countries that are better off elsewhere than the rest: ISO 3166-2 without the country ("CA" of US-CA). */
  readonly subdivisions: readonly {
    readonly country: string;
    readonly subdivision: string;
    readonly servers: readonly string[];
  }[];
  /** Networks in CIDR notation that are led by themselves, whatever country they are in. */
  readonly networks: readonly { readonly cidr: string; readonly servers: readonly string[] }[];
}

/** Labels of DNS, identifiers of gdnsd, nginx and Lua's tables: what is safe in all of them without quotes. */
const SAFE_NAME = /^[A-Za-z0-9](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9])?$/;
const HOSTNAME =
  /^(?=.{1,253}$)(?:[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/;
const AWS_REGION = /^[a-z]{2}(?:-[a-z]+){1,3}-\d{1,2}$/;

/**
 * Checks that a table can be written as configuration without anything in it meaning more than it should: nothing is
 * quoted, because nothing that needs quotes gets through. Throws `bad-dns-name`, `bad-dns-address` and `bad-steering`.
 */
export function checkSteering(table: SteeringTable): SteeringTable {
  checkName("hostname", table.hostname, HOSTNAME);
  const names = new Set<string>();
  for (const { name, addresses, awsRegion } of table.servers) {
    checkName("server", name, SAFE_NAME);
    if (names.has(name.toLowerCase())) throw dnsError("bad-steering", { reason: `two servers are called "${name}"` });
    names.add(name.toLowerCase());
    for (const address of addresses)
      if (familyOf(address) === 0) throw dnsError("bad-dns-address", { server: name, address });
    if (awsRegion !== undefined) checkName("AWS region", awsRegion, AWS_REGION);
  }
  if (!(Number.isInteger(table.ttlSeconds) && table.ttlSeconds >= 0 && table.ttlSeconds <= 2 ** 31 - 1))
    throw dnsError("bad-steering", { reason: `a TTL of ${table.ttlSeconds} is no whole number of seconds` });
  checkOrder("everybody else", table.fallback, table);
  for (const one of table.countries) {
    if (country(one.country) === undefined || one.country !== one.country.toUpperCase())
      throw dnsError("bad-dns-name", { what: "country", name: one.country });
    checkOrder(one.country, one.servers, table);
  }
  for (const { country: code, subdivision, servers } of table.subdivisions) {
    if (country(code) === undefined) throw dnsError("bad-dns-name", { what: "country", name: code });
    checkName("subdivision", subdivision, /^[A-Z0-9]{1,3}$/);
    checkOrder(`${code}-${subdivision}`, servers, table);
  }
  for (const { cidr, servers } of table.networks) {
    parseNetwork(cidr); // throws bad-network
    checkOrder(cidr, servers, table);
  }
  return table;
}

/** The addresses of a family (4 or 6) of a server. Throws `no-dns-address` if it has none of either. */
export function addressesOf(table: SteeringTable, name: string, family: 4 | 6): string[] {
  const { addresses } = table.servers.find((server) => server.name === name)!;
  if (addresses.length === 0) throw dnsError("no-dns-address", { server: name });
  return addresses.filter((address) => familyOf(address) === family);
}

/** 4, 6, or 0 where it is no plain address. */
export function familyOf(address: string): 0 | 4 | 6 {
  if (!/^[0-9a-fA-F:.]+$/.test(address) || /\.\d+:/.test(address)) return 0;
  const family = parseAddress(address, new Uint32Array(4));
  return family === 4 && address.includes(":") ? 6 : family;
}

function checkName(what: string, name: string, pattern: RegExp): void {
  if (!pattern.test(name)) throw dnsError("bad-dns-name", { what, name });
}

function checkOrder(of: string, servers: readonly string[], table: SteeringTable): void {
  if (servers.length === 0) throw dnsError("bad-steering", { reason: `${of} has no server` });
  for (const name of servers)
    if (!table.servers.some((server) => server.name === name))
      throw dnsError("bad-steering", { reason: `${of} is led to ${JSON.stringify(name)}, which is no server` });
}
