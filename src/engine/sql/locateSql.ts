import { LEADS_ON } from "../locations/ipv4Runs.js";
import { LOCATION_DATABASE } from "../locations/locationDdl.js";
import { literal } from "./quote.js";

/** Place and network of a row, as expressions over its client. */
export interface LocateSql {
  /** Columns that the others are made of, by name. */
  readonly steps: readonly (readonly [name: string, sql: string])[];
  readonly place: string;
  readonly network: string;
}

/**
 * Looks the column `client` (IPv6, `::` where there is none) up in the dictionaries: IPv4 by up to three reads of one
 * array, IPv6 in a tree; addresses that carry an IPv4 address (6to4, Teredo, NAT64, IPv4-compatible) by that.
 */
export function locateSql(database = LOCATION_DATABASE): LocateSql {
  const inV4 = (dictionary: string): string => arraySql(literal(`${database}.${dictionary}`));
  const v6 = literal(`${database}.ipv6`);
  const inV6 = (column: string): string => `dictGet(${v6}, '${column}', client)`;
  return {
    steps: [
      ["bits", "toUInt128(client)"],
      ["is_v4", "bitShiftRight(bits, 32) = 65535"],
      ["inner_v4", INNER_SQL],
      ["has_v4", `is_v4 OR inner_v4 != ${NONE}`],
      ["v4", "toUInt32(if(is_v4, toUInt64(toUInt32(bits)), inner_v4))"],
    ],
    place: `multiIf(has_v4, ${inV4("ipv4")}, client = toIPv6('::'), toUInt32(0), ${inV6("place")})`,
    network: `multiIf(has_v4, ${inV4("ipv4_network")}, client = toIPv6('::'), toUInt32(0), ${inV6("network")})`,
  };
}

/** Beyond every IPv4 address: there is none. */
const NONE = 4294967296;

/** The IPv4 address inside an IPv6 address; see `embeddedIpv4`. */
const INNER_SQL = `multiIf(
  is_v4, ${NONE},
  bitShiftRight(bits, 112) = 8194, toUInt64(toUInt32(bitShiftRight(bits, 80))),
  bitShiftRight(bits, 96) = 536936448, toUInt64(bitNot(toUInt32(bits))),
  bitAnd(bitShiftRight(bits, 32), toUInt128('18446744073709551615')) = 0
    AND (bitShiftRight(bits, 96) = 6619035 OR (bitShiftRight(bits, 96) = 0 AND bits > 1)), toUInt64(toUInt32(bits)),
  ${NONE})`;

/** The value of an IPv4 address in the array that `ipv4Runs` makes: a /24, then 16 /28s, then 16 addresses. */
function arraySql(dictionary: string): string {
  const at = (key: string): string => `dictGet(${dictionary}, 'value', toUInt64(${key}))`;
  const block = (value: string, shift: number): string =>
    `16777216 + bitAnd(${value}, ${LEADS_ON - 1}) * 16 + bitAnd(bitShiftRight(v4, ${shift}), 15)`;
  const first = at("bitShiftRight(v4, 8)");
  const second = at(block(first, 4));
  const third = at(block(second, 0));
  const leads = (value: string): string => `${value} >= ${LEADS_ON}`;
  return `if(${leads(first)}, if(${leads(second)}, ${third}, ${second}), ${first})`;
}
