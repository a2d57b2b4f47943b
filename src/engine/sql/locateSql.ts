import { LEADS_ON } from "../locations/ipv4Runs.js";
import { LOCATION_DATABASE } from "../locations/locationDdl.js";
import type { Stage } from "./addressSql.js";
import { literal } from "./quote.js";

/**
 * Looks the column `client` (IPv6, `::` where there is none) up in the dictionaries: IPv4 by up to three reads of one
 * array, IPv6 in a tree; addresses that carry an IPv4 address (6to4, Teredo, NAT64, IPv4-compatible) by that.
 *
 * @returns stages of columns, the last of which has `place_id` and `network_id`; `is_v4` and `v4` are among them
 */
export function locateStages(database = LOCATION_DATABASE): readonly Stage[] {
  const array = (name: string): string => literal(`${database}.${name}`);
  const tree = literal(`${database}.ipv6`);
  const at = (name: string, key: string): string => `dictGet(${array(name)}, 'value', toUInt64(${key}))`;
  const both = (step: (dictionary: string, before: string) => string, n: number): Stage =>
    ["place", "network"].map((kind) => [
      `${kind}_${n}`,
      step(kind === "place" ? "ipv4" : "ipv4_network", `${kind}_${n - 1}`),
    ]);
  const deeper = (shift: number) => (dictionary: string, before: string) =>
    `if(${before} >= ${LEADS_ON}, ${at(dictionary, blockSql(before, shift))}, ${before})`;
  const found = (kind: string): string =>
    `multiIf(has_v4, ${kind}_3, client = toIPv6('::'), toUInt32(0), dictGet(${tree}, '${kind}', client))`;
  return [
    [["bits", "toUInt128(client)"]],
    [["is_v4", "bitShiftRight(bits, 32) = 65535"]],
    [["inner_v4", INNER_SQL]],
    [
      ["has_v4", `is_v4 OR inner_v4 != ${NONE}`],
      ["v4", "toUInt32(if(is_v4, toUInt64(toUInt32(bits)), inner_v4))"],
    ],
    both((dictionary) => at(dictionary, "bitShiftRight(v4, 8)"), 1),
    both(deeper(4), 2),
    both(deeper(0), 3),
    [
      ["place_id", found("place")],
      ["network_id", found("network")],
    ],
  ];
}

/** The key of an IPv4 address in the block that a value leads on to. */
function blockSql(value: string, shift: number): string {
  return `16777216 + bitAnd(${value}, ${LEADS_ON - 1}) * 16 + bitAnd(bitShiftRight(v4, ${shift}), 15)`;
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
