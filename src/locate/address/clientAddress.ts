import { ipv4Text, ipv6Text } from "../../core/addressColumn.js";
import { checkOptions } from "../../core/options/checkOptions.js";
import type { Shapes } from "../../core/options/shape.js";
import { either, list, number, text as TEXT } from "../../core/options/shapes.js";
import { locateError } from "../errors.js";
import { parseAddress } from "./parseAddress.js";
import { type Prefix, parseNetwork } from "./parseNetwork.js";

/** What a server knows of where a request came from. */
export interface ClientAddressInput {
  /** The address of the connection's other end, with or without a port. */
  readonly peer: string;
  /** `X-Forwarded-For`: its text, or the texts of several such headers in the order received. */
  readonly forwardedFor?: string | readonly string[] | undefined;
  /** `Forwarded` (RFC 7239), likewise. Counts before `forwardedFor` where both are given. */
  readonly forwarded?: string | readonly string[] | undefined;
  /**
   * The proxies to believe: networks and addresses, or how many hops. Default: none, so that the peer is the client.
   */
  readonly trusted?: readonly string[] | number | undefined;
}

const HEADERS = either(TEXT, list(TEXT, "headers"));

/** What each field takes. */
export const CLIENT_ADDRESS_INPUT: Shapes<ClientAddressInput> = {
  peer: TEXT,
  forwardedFor: HEADERS,
  forwarded: HEADERS,
  trusted: either(list(TEXT, "addresses and networks"), number),
};

/**
 * The address of the real client, as RFC 5952 writes it, without a port: the last one, walked from the server outwards,
 * that no trusted proxy has. What a client writes into the headers itself lies beyond that and is never believed.
 *
 * An entry that is no address (`unknown`, `_hidden`, rubbish) ends the walk at the proxy that reported it; empty entries
 * are passed over, and an obfuscated port is dropped.
 * Returns null where the peer itself is no address. Throws `bad-network` and `bad-option` for `trusted`.
 *
 * @example
 * ```ts
 * const headers = { forwardedFor: "203.0.113.9, 10.0.0.3" };
 * clientAddress({ peer: "10.0.0.7:443", ...headers, trusted: ["10.0.0.0/8"] }); // "203.0.113.9"
 * ```
 */
export function clientAddress(input: ClientAddressInput): string | null {
  checkOptions("clientAddress", input, CLIENT_ADDRESS_INPUT, ["peer"]);
  const { peer, forwarded, forwardedFor, trusted = [] } = input;
  const isTrusted = typeof trusted === "number" ? hops(trusted) : within(networksOf(trusted));
  let client = parsed(peer);
  if (client === null) return null;
  const reported = forwarded === undefined ? listed(forwardedFor) : forwardedNodes(forwarded);
  for (let i = reported.length - 1; i >= 0 && isTrusted(client); i--) {
    const next = parsed(reported[i]!);
    if (next === null) break;
    client = next;
  }
  return text(client);
}

interface Address {
  readonly family: 4 | 6;
  readonly value: bigint;
}

function parsed(entry: string): Address | null {
  const words = new Uint32Array(4);
  const address = unescaped(entry);
  const family = parseAddress(address, words) || parseAddress(withoutPort(address), words);
  if (family === 0) return null;
  if (family === 4) return { family, value: BigInt(words[3]!) };
  return { family, value: words.reduce((sum, word) => (sum << 32n) | BigInt(word), 0n) };
}

/** An entry without the blanks around it, which IIS writes as `+` and CloudFront as `%20`, and without quotes. */
function unescaped(entry: string): string {
  return entry.replace(/^(?:[\s+"]|%(?:25)?20)+|(?:[\s+"]|%(?:25)?20)+$/gi, "");
}

/** Without a ninth group, or an obfuscated port (RFC 7239, section 6.3). */
function withoutPort(address: string): string {
  return /^(?:[0-9a-f]*:){8}\d{1,5}$/i.test(address) || /:_[\w.-]*$/.test(address)
    ? address.slice(0, address.lastIndexOf(":"))
    : address;
}

function text({ family, value }: Address): string {
  const word = (shift: bigint): number => Number((value >> shift) & 0xffffffffn);
  return family === 4 ? ipv4Text(word(0n)) : ipv6Text(word(96n), word(64n), word(32n), word(0n));
}

/** Trusts so many addresses, the peer first. */
function hops(count: number): (address: Address) => boolean {
  if (!Number.isInteger(count) || count < 0) {
    throw locateError("bad-option", {
      option: "trusted",
      reason: `must be networks or a number of hops, not ${count}`,
    });
  }
  let left = count;
  return () => left-- > 0;
}

/** A server asks with the same list for every request. */
const parsedLists = new WeakMap<readonly string[], readonly Prefix[]>();

function networksOf(trusted: readonly string[]): readonly Prefix[] {
  let networks = parsedLists.get(trusted);
  if (networks === undefined) parsedLists.set(trusted, (networks = trusted.map(parseNetwork)));
  return networks;
}

function within(networks: readonly Prefix[]): (address: Address) => boolean {
  return ({ family, value }) =>
    networks.some((network) => network.family === family && network.first <= value && value <= network.last);
}

/** The entries of comma-separated lists; empty ones are none (RFC 9110, section 5.6.1). */
function listed(headers: string | readonly string[] | undefined): string[] {
  return [headers ?? []]
    .flat()
    .flatMap((header) => header.split(","))
    .filter((entry) => unescaped(entry) !== "" && entry.trim() !== "-");
}

/** The `for` of each element of `Forwarded` headers; an element without one is an entry that is no address. */
function forwardedNodes(headers: string | readonly string[]): string[] {
  return [headers].flat().flatMap((header) => elements(header).map(forOf));
}

/** Splits at commas outside of quotes. */
function elements(header: string): string[] {
  const found: string[] = [];
  let start = 0;
  let quoted = false;
  for (let i = 0; i < header.length; i++) {
    if (quoted && header[i] === "\\") i++;
    else if (header[i] === '"') quoted = !quoted;
    else if (header[i] === "," && !quoted) {
      found.push(header.slice(start, i));
      start = i + 1;
    }
  }
  // A quote that never closes could hide entries: nothing before it is believed.
  if (quoted) return [""];
  found.push(header.slice(start));
  return found.length === 1 && found[0]!.trim() === "" ? [] : found;
}

/** The value of an element's `for`, unquoted; empty where it has none or more than one. */
function forOf(element: string): string {
  const nodes = [...element.matchAll(/(?:^|;)\s*for=(?:"((?:[^"\\]|\\.)*)"|([^\s";,]*))\s*(?=;|$)/gi)];
  if (nodes.length !== 1) return "";
  const [, quoted, token] = nodes[0]!;
  return quoted === undefined ? token! : quoted.replace(/\\(.)/g, "$1");
}
