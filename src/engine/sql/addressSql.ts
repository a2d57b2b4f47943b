import { type Prefix, parseNetwork } from "../../locate/address/parseNetwork.js";
import { ROLE } from "../../read/fields/role.js";
import type { TableColumn } from "./tableColumns.js";
import { firstTextSql } from "./valueSql.js";

/** Longer texts are no address, and none of a proxy's list that could be told apart. */
const MAX_ODD_BYTES = 2048;

/** Parts of an odd text: peer, X-Forwarded-For, Forwarded. */
export const ODD_SEPARATOR = "\u0001";

/** Columns by name, as expressions over those before them. */
export type Stage = readonly (readonly [name: string, sql: string])[];

/** How a row's client is told. */
export interface AddressSql {
  /** Columns made of the table's own, as texts. */
  readonly texts: Stage;
  /**
   * What follows of them, stage by stage, each over the columns of those before. The last has `address`, IPv6 or null where
   * there is none that the server can read, and `odd`: what the server cannot read and the library may, the peer and its
   * headers with {@link ODD_SEPARATOR} between them.
   */
  readonly stages: readonly Stage[];
}

/**
 * The client of a row. What is plainly an address the server reads; what it reads otherwise than the library does, or not
 * at all (ports, zones, brackets, lists of proxies with rubbish in them), comes back as text and is read by the library.
 */
export function addressSql(columns: readonly TableColumn[], trusted: readonly string[] | undefined): AddressSql {
  const of = (role: number): TableColumn[] => columns.filter(({ means }) => means.role === role);
  const peers = [...of(ROLE.address), ...of(ROLE.endpoint)];
  const [forwardedFor, forwarded] = [of(ROLE.forwardedFor), of(ROLE.forwarded)];
  const isProxied = forwardedFor.length + forwarded.length > 0;
  const peer = ["peer", firstTextSql(peers)] as const;
  if (!isProxied) return { texts: [peer], stages: peerStages(of(ROLE.endpoint).length > 0) };
  const lists = [["list", firstTextSql(forwardedFor)] as const, ["forwarded", firstTextSql(forwarded)] as const];
  const isAsked = peers.length > 0 && (trusted ?? []).length === 0;
  const stages = isAsked ? unknownPeerStages : proxiedStages((trusted ?? []).map(parseNetwork));
  return { texts: [peer, ...lists], stages };
}

function peerStages(isEndpoint: boolean): readonly Stage[] {
  const isOdd = isEndpoint
    ? "peer != ''"
    : "plain IS NULL AND position(peer, '\\x01') = 0 AND match(peer, '^\\\\[?[0-9A-Fa-f:.]{2,}')";
  return [
    [["plain", plainSql("peer")]],
    [
      ["address", isEndpoint ? "CAST(NULL AS Nullable(IPv6))" : "plain"],
      ["odd", `if(${isOdd} AND length(peer) <= ${MAX_ODD_BYTES}, peer, '')`],
    ],
  ];
}

/** A text as IPv6 where both read it alike: servers take leading zeros in a dotted tail. */
function plainSql(text: string): string {
  return `if(position(${text}, ':') > 0 AND position(${text}, '.') > 0, NULL, toIPv6OrNull(${text}))`;
}

/** The separator itself makes no address: it may as well be another character that makes none. */
const part = (column: string): string => `replaceAll(${column}, '\\x01', '\\x02')`;
const ODD = `concat(${["peer", "list", "forwarded"].map(part).join(", '\\x01', ")})`;
const ODD_SQL = `if(address IS NULL AND (peer != '' OR list != '') AND length(${ODD}) <= ${MAX_ODD_BYTES}, ${ODD}, '')`;

/** Where no proxy is trusted, headers count only where the peer is no address. */
const unknownPeerStages: readonly Stage[] = [[["address", plainSql("peer")]], [["odd", ODD_SQL]]];

/**
 * The last address of list and peer that no trusted proxy has, from the server outwards. Where every entry on the way is a
 * plain address the server walks the list itself.
 */
function proxiedStages(trusted: readonly Prefix[]): readonly Stage[] {
  const isTrusted = trusted.map((prefix) => withinSql("hop", prefix)).join(" OR ") || "0";
  return [
    [["entries", "arrayPushBack(arrayMap(hop -> trimBoth(hop), splitByChar(',', list)), peer)"]],
    [["way", "arrayReverse(arrayFilter(hop -> hop NOT IN ('', '-'), entries))"]],
    [["hops", `arrayMap(hop -> ${plainSql("hop")}, way)`]],
    [["stop", `arrayFirstIndex(hop -> NOT ifNull(${isTrusted}, 0), hops)`]],
    [["found", "arrayElement(hops, greatest(1, if(stop = 0, length(hops), stop)))"]],
    [["address", "if(forwarded = '' AND length(way) > 0, found, NULL)"]],
    [["odd", ODD_SQL]],
  ];
}

/** Whether an address lies in a network. */
export function withinSql(client: string, { family, first, last }: Prefix): string {
  const base = family === 4 ? 0xffffn << 32n : 0n;
  return `(toUInt128(${client}) BETWEEN toUInt128('${base + first}') AND toUInt128('${base + last}'))`;
}
