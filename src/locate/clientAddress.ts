import { parseAddress } from "./parseAddress.js";
import { type Prefix, parseNetwork } from "./parseNetwork.js";

/** What a server knows of where a request came from. */
export interface RequestOrigin {
  /** Address of the connection. */
  readonly peer: string;
  /** Value of `X-Forwarded-For`: addresses from the client's to the last proxy's, separated by commas. */
  readonly forwardedFor?: string | undefined;
  /** Value of `Forwarded` (RFC 7239); believed before `forwardedFor`. */
  readonly forwarded?: string | undefined;
  /** Addresses and CIDR ranges of the proxies that are believed. Default none. */
  readonly trusted?: readonly string[] | undefined;
}

/**
 * The client's address: going back from the peer, the first that is no trusted proxy's, for whatever comes before it may
 * be made up. A trusted proxy that names nobody that is an address is itself the client. Throws `bad-network`.
 */
export function clientAddress(origin: RequestOrigin): string {
  const trusted = prefixesOf(origin.trusted ?? []);
  const hops =
    origin.forwarded === undefined ? (origin.forwardedFor ?? "").split(",") : forwardedHops(origin.forwarded);
  let client = origin.peer;
  for (let i = hops.length - 1; i >= 0 && isTrusted(client, trusted); i--) {
    const hop = hops[i]!.trim();
    if (parseAddress(hop, words) === 0) break;
    client = hop;
  }
  return client;
}

/** The `for` of each element, quotes taken off. */
function forwardedHops(header: string): string[] {
  return [...header.matchAll(/(?:^|[;,\s])for\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;,"]+))/gi)].map(
    ([, quoted, token]) => quoted ?? token!,
  );
}

function isTrusted(address: string, trusted: readonly Prefix[]): boolean {
  const family = trusted.length > 0 ? parseAddress(address, words) : 0;
  if (family === 0) return false;
  const value = family === 4 ? BigInt(words[3]!) : words.reduce((sum, word) => (sum << 32n) | BigInt(word), 0n);
  return trusted.some((prefix) => prefix.family === family && prefix.first <= value && value <= prefix.last);
}

function prefixesOf(networks: readonly string[]): readonly Prefix[] {
  const known = parsed.get(networks);
  if (known !== undefined) return known;
  const prefixes = networks.map(parseNetwork);
  parsed.set(networks, prefixes);
  return prefixes;
}

// A log asks with the same list for every line.
const parsed = new WeakMap<readonly string[], readonly Prefix[]>();
const words = new Uint32Array(4);
