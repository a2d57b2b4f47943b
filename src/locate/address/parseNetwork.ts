import { locateError } from "../errors.js";
import { parseAddress } from "./parseAddress.js";

/** A network in CIDR notation, taken apart. */
export interface Prefix {
  readonly family: 4 | 6;
  /** First and last address as integers of 32 or 128 bits. */
  readonly first: bigint;
  readonly last: bigint;
}

/**
 * Parses `192.0.2.0/24`, `2001:db8::/32` or a single address. `::ffff:192.0.2.0/120` is the IPv4 network it maps.
 * Throws `bad-network`, also where bits are set after the prefix.
 */
export function parseNetwork(text: string): Prefix {
  const slash = text.indexOf("/");
  const words = new Uint32Array(4);
  const address = slash < 0 ? text : text.slice(0, slash);
  const family = /[[\]%]|\.\d+:/.test(address) ? 0 : parseAddress(address, words);
  if (family === 0) throw locateError("bad-network", { value: text, reason: "it does not begin with an IP address" });
  const mapped = family === 4 && address.includes(":");
  const width = family === 4 ? 32 : 128;
  const written = slash < 0 ? String(mapped ? 128 : width) : text.slice(slash + 1);
  const bits = /^(?:0|[1-9]\d{0,2})$/.test(written) ? Number(written) - (mapped ? 96 : 0) : -1;
  if (bits < 0 || bits > width) {
    throw locateError("bad-network", { value: text, reason: `its prefix length must be 0 to ${mapped ? 128 : width}` });
  }
  const first = family === 4 ? BigInt(words[3]!) : words.reduce((sum, word) => (sum << 32n) | BigInt(word), 0n);
  const size = 1n << BigInt(width - bits);
  if (first % size !== 0n) throw locateError("bad-network", { value: text, reason: "bits are set after its prefix" });
  return { family, first, last: first + size - 1n };
}
