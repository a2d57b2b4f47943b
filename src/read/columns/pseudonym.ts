import { type AddressColumn, IPV6 } from "../../core/addressColumn.js";

/**
 * The prefix of clients that have no address but a name: `100::/64`, from which nobody sends (RFC 6666). The hash of the
 * name is the rest, so whatever counts clients by their address counts these.
 */
const PREFIX = 0x01000000;

/** The words of the address that stands for a client's name, by its hash. */
export function pseudonym(low: number, high: number): [number, number, number, number] {
  return [PREFIX, 0, high >>> 0, low >>> 0];
}

/** Whether the address of a row stands for a client's name. */
export function isPseudonym({ family, value, words }: AddressColumn, row: number): boolean {
  return family[row] === IPV6 && words[4 * value[row]!] === PREFIX && words[4 * value[row]! + 1] === 0;
}

/** Takes away what is known of the network of addresses that are none. */
export function clearNetworks(client: AddressColumn, network: Uint32Array): void {
  for (let row = 0; row < client.length; row++) if (isPseudonym(client, row)) network[row] = 0;
}
