import { type AddressColumn, IPV4, IPV6, ipv4Text, ipv6Text } from "../../core/addressColumn.js";
import { grown } from "../../core/grown.js";
import { hashAddressHigh, hashAddressLow, hashIpv4High, hashIpv4Low } from "../../core/hash.js";
import { BLOCK_ROWS } from "./timeBlocks.js";

/** The code of a row without an address. */
export const NO_CLIENT = 0;
/** Codes from here on are rows of the table of long addresses; 240.0.0.0/4, which they displace, has rows there too. */
export const FIRST_LONG = 0xf0000000;

/**
 * Client addresses as 32-bit codes: an IPv4 address is its own code, so that the common case needs no dictionary, and an
 * IPv6 address is a row of a table. 0.0.0.0 and 240.0.0.0/4, which hold no hosts, are kept in the table as well.
 */
export class ClientCodes {
  #words = new Uint32Array(4 * 16);
  /** Row + 1, by hash. No `HashIndex`: every event with an IPv6 address comes by. */
  #slots = new Uint32Array(32);
  #length = 0;

  /** Codes whose table has the given addresses, four words each, in their order. */
  static from(words: Uint32Array): ClientCodes {
    const codes = new ClientCodes();
    for (let at = 0; at < words.length; at += 4)
      codes.longCode(words[at]!, words[at + 1]!, words[at + 2]!, words[at + 3]!);
    return codes;
  }

  /** How many addresses the table holds. */
  get longCount(): number {
    return this.#length;
  }

  get memoryBytes(): number {
    return this.#words.byteLength + this.#slots.byteLength;
  }

  /** The code of each row's address: the column's own values where they are all plain IPv4. */
  codesOf(column: AddressColumn): Uint32Array {
    if (areOwnCodes(column)) return column.value;
    const codes = new Uint32Array(column.length);
    this.codesInto(column, codes);
    return codes;
  }

  /** Writes the code of each row's address. */
  codesInto(column: AddressColumn, codes: Uint32Array): void {
    const { family, value, words } = column;
    for (let i = 0; i < column.length; i++) {
      const v = value[i]!;
      if (family[i] === IPV4) codes[i] = v < FIRST_LONG && v !== 0 ? v : this.longCode(0, 0, 0xffff, v);
      else if (family[i] === IPV6)
        codes[i] = this.codeOf(words[4 * v]!, words[4 * v + 1]!, words[4 * v + 2]!, words[4 * v + 3]!);
      else codes[i] = NO_CLIENT;
    }
  }

  /** The code of an address of four words; an IPv4 address in its mapped form has the code that it has by itself. */
  codeOf(w0: number, w1: number, w2: number, w3: number): number {
    const short = w0 === 0 && w1 === 0 && w2 === 0xffff && w3 !== 0 && w3 < FIRST_LONG;
    return short ? w3 : this.longCode(w0, w1, w2, w3);
  }

  /** The four words of an address. */
  words(code: number): Uint32Array {
    return code < FIRST_LONG ? Uint32Array.of(0, 0, 0xffff, code) : this.longWords(code - FIRST_LONG);
  }

  /** The code of an address that has a row in the table; a new row if need be. */
  longCode(w0: number, w1: number, w2: number, w3: number): number {
    const mask = this.#slots.length - 1;
    let slot = hashAddressLow(w0, w1, w2, w3) & mask;
    for (let row = this.#slots[slot]!; row !== 0; row = this.#slots[slot]!) {
      if (this.#holds(row - 1, w0, w1, w2, w3)) return FIRST_LONG + row - 1;
      slot = (slot + 1) & mask;
    }
    const row = this.#length++;
    if (4 * row === this.#words.length) this.#words = grown(this.#words, 8 * row);
    this.#words.set([w0, w1, w2, w3], 4 * row);
    this.#slots[slot] = row + 1;
    if (2 * this.#length > this.#slots.length) this.#rehash();
    return FIRST_LONG + row;
  }

  /** The code that another table's code has here. */
  codeFrom(other: ClientCodes, code: number): number {
    if (code < FIRST_LONG) return code;
    const at = 4 * (code - FIRST_LONG);
    return this.longCode(other.#words[at]!, other.#words[at + 1]!, other.#words[at + 2]!, other.#words[at + 3]!);
  }

  /** Whether a code stands for an address. */
  has(code: number): boolean {
    return code < FIRST_LONG ? code !== NO_CLIENT : code - FIRST_LONG < this.#length;
  }

  /** The four words of every row of the table from `first` on, one row behind the other. */
  longTable(first = 0): Uint32Array {
    return this.#words.slice(4 * first, 4 * this.#length);
  }

  /** The four words of a row of the table, as a view. */
  longWords(row: number): Uint32Array {
    return this.#words.subarray(4 * row, 4 * row + 4);
  }

  /** Lower half of the address's hash; both halves are those of `hashAddressesInto`. */
  hashLow(code: number): number {
    if (code < FIRST_LONG) return hashIpv4Low(code);
    const [w0, w1, w2, w3] = this.longWords(code - FIRST_LONG);
    return hashAddressLow(w0!, w1!, w2!, w3!);
  }

  hashHigh(code: number): number {
    if (code < FIRST_LONG) return hashIpv4High(code);
    const [w0, w1, w2, w3] = this.longWords(code - FIRST_LONG);
    return hashAddressHigh(w0!, w1!, w2!, w3!);
  }

  /** The address as people write it. */
  text(code: number): string {
    if (code === NO_CLIENT) return "";
    if (code < FIRST_LONG) return ipv4Text(code);
    const [w0, w1, w2, w3] = this.longWords(code - FIRST_LONG);
    return w0 === 0 && w1 === 0 && w2 === 0xffff ? ipv4Text(w3!) : ipv6Text(w0!, w1!, w2!, w3!);
  }

  #holds(row: number, w0: number, w1: number, w2: number, w3: number): boolean {
    const words = this.#words;
    const at = 4 * row;
    return words[at] === w0 && words[at + 1] === w1 && words[at + 2] === w2 && words[at + 3] === w3;
  }

  #rehash(): void {
    this.#slots = new Uint32Array(2 * this.#slots.length);
    const mask = this.#slots.length - 1;
    for (let row = 0; row < this.#length; row++) {
      const at = 4 * row;
      const w = this.#words;
      let slot = hashAddressLow(w[at]!, w[at + 1]!, w[at + 2]!, w[at + 3]!) & mask;
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
      this.#slots[slot] = row + 1;
    }
  }
}

/** Whether every address is IPv4 and its own code. */
function areOwnCodes({ family, value, length }: AddressColumn): boolean {
  for (let from = 0; from < length; from += BLOCK_ROWS)
    if (areOthers(family, value, from, Math.min(length, from + BLOCK_ROWS))) return false;
  return true;
}

/** Whether any of some addresses is not. Without branches, and in integers: their upper halves tell all but 0.0.0.0. */
function areOthers(family: Uint8Array, value: Uint32Array, from: number, to: number): boolean {
  let others = 0;
  for (let i = from; i < to; i++) {
    const word = value[i]! | 0;
    const isLong = (word & (word << 1) & (word << 2) & (word << 3)) >>> 31;
    others |= (family[i]! ^ IPV4) | isLong | (~(word | (0 - word)) >>> 31);
  }
  return others !== 0;
}
