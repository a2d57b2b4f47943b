import { type Prefix, parseNetwork } from "../../locate/address/parseNetwork.js";
import { ROLE } from "../../read/fields/role.js";
import type { TableColumn } from "./tableColumns.js";
import { firstTextSql } from "./valueSql.js";

/** Longer texts are no address, and none of a proxy's list that could be told apart. */
const MAX_ODD_BYTES = 2048;

/** Parts of an odd text: peer, X-Forwarded-For, Forwarded. */
export const ODD_SEPARATOR = "\u0001";

/** How a row's client is told. */
export interface AddressSql {
  /** The client as IPv6, null where there is none that the server can read. */
  readonly client: string;
  /** What the server cannot read and the library may: the peer and its headers, {@link ODD_SEPARATOR} between them. */
  readonly odd: string;
}

/**
 * The client of a row. What is plainly an address the server reads; what it reads otherwise than the library does, or not
 * at all (ports, zones, brackets, lists of proxies with rubbish in them), comes back as text and is read by the library.
 */
export function addressSql(columns: readonly TableColumn[], trusted: readonly string[] | undefined): AddressSql {
  const of = (role: number): TableColumn[] => columns.filter(({ means }) => means.role === role);
  const peers = [...of(ROLE.address), ...of(ROLE.endpoint)];
  const [forwardedFor, forwarded] = [of(ROLE.forwardedFor), of(ROLE.forwarded)];
  const isProxied = forwardedFor.length + forwarded.length > 0 && (peers.length === 0 || trusted !== undefined);
  const peer = firstTextSql(peers);
  if (!isProxied) return { client: plainSql(peer), odd: oddSql(peer, of(ROLE.endpoint).length > 0) };
  const lists = [firstTextSql(forwardedFor), firstTextSql(forwarded)];
  return proxiedSql(peers.length === 0 ? "''" : peer, lists[0]!, lists[1]!, (trusted ?? []).map(parseNetwork));
}

/** A text as IPv6 where both read it alike: servers take leading zeros in a dotted tail. */
function plainSql(text: string): string {
  return `if(position(${text}, ':') > 0 AND position(${text}, '.') > 0, NULL, toIPv6OrNull(${text}))`;
}

function oddSql(text: string, always: boolean): string {
  const isOdd = always ? `${text} != ''` : `${plainSql(text)} IS NULL AND match(${text}, '^\\\\[?[0-9A-Fa-f:.]{2,}')`;
  return `if(${isOdd} AND length(${text}) <= ${MAX_ODD_BYTES}, ${text}, '')`;
}

/**
 * The last address of peer and list that no trusted proxy has. Where every entry on the way is a plain address the server
 * walks the list itself.
 */
function proxiedSql(peer: string, list: string, forwarded: string, trusted: readonly Prefix[]): AddressSql {
  const hops = `arrayPushBack(arrayMap(hop -> trimBoth(hop), splitByChar(',', ${list})), ${peer})`;
  const way = `arrayReverse(arrayFilter(hop -> hop NOT IN ('', '-'), ${hops}))`;
  const client = plainSql("hop");
  const isTrusted = trusted.map((prefix) => withinSql(client, prefix)).join(" OR ") || "0";
  // The first hop, from the server outwards, that is no plain address of a trusted proxy; the last if all are.
  const stop = `arrayFirstIndex(hop -> NOT ifNull(${isTrusted}, 0), way)`;
  const chosen = `arrayElement(way, if(${stop} = 0, length(way), ${stop}))`;
  const found = `arrayFirst(x -> 1, arrayMap(way -> ${chosen}, [${way}]))`;
  const isPlain = `(${list} = '' OR ${forwarded} = '') AND ${forwarded} = '' AND ${plainSql(found)} IS NOT NULL`;
  const odd = `concat(${peer}, '\\x01', ${list}, '\\x01', ${forwarded})`;
  const isLong = `length(${odd}) > ${MAX_ODD_BYTES}`;
  return {
    client: `if(${isPlain}, ${plainSql(found)}, NULL)`,
    odd: `if(NOT ifNull(${isPlain}, 0) AND (${peer} != '' OR ${list} != '') AND NOT ${isLong}, ${odd}, '')`,
  };
}

/** Whether an address lies in a network. */
export function withinSql(client: string, { family, first, last }: Prefix): string {
  const base = family === 4 ? 0xffffn << 32n : 0n;
  return `(toUInt128(${client}) BETWEEN toUInt128('${base + first}') AND toUInt128('${base + last}'))`;
}
