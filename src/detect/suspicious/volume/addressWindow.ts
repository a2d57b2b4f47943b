import { type AddressColumn, IPV4, IPV6, ipv4Text, ipv6Text } from "../../../core/addressColumn.js";
import { grown } from "../../../core/grown.js";

/** Words of an address's row: one cache line. */
export const WINDOW_WORDS = 16;
const LOW = 0;
const HIGH = 1;
export const W_SPOT = 2;
export const W_NETWORK = 3;
export const W_COUNT = 4;
/** Requests that name a user. */
export const W_NAMED = 5;
/** 4xx but 404. */
export const W_REFUSED = 6;
/** 5xx. */
export const W_ERRORS = 7;
/** 32 bits set by the users' hashes: how many different users, up to a hundred. */
export const W_USER_BITS = 8;
/** The path that has the majority, if one has (Boyer and Moore's vote). */
export const W_PATH = 9;
export const W_PATH_VOTES = 10;
/** 32 bits set by the paths. */
export const W_PATH_BITS = 11;
/** Milliseconds since the window began. */
export const W_LAST = 12;
/** Sum of squared gaps in seconds, as a 32-bit float. */
export const W_GAPS = 13;
/** Sum of response kilobytes, as a 32-bit float. */
export const W_KILOBYTES = 14;
const SLOT = 15;

/**
 * What each address did in one window of time: every measure of places and networks is a sum over these rows.
 *
 * Rows are appended in the order in which addresses appear; clearing costs what was used, not what there is room for.
 */
export class AddressWindow {
  readonly maxAddresses: number;
  rows = new Uint32Array(1_024 * WINDOW_WORDS);
  floats = new Float32Array(this.rows.buffer);
  /** Window number: milliseconds since 1970 over the window's length. */
  number = -1;
  #words = new Uint32Array(1_024 * 4);
  /** Row + 1, by hash. No `HashIndex`: every event comes by, and a window is cleared in the time of what it holds. */
  #index = new Uint32Array(4_096);
  #length = 0;
  /** Requests of addresses beyond `maxAddresses`. */
  overflow = 0;

  constructor(maxAddresses: number) {
    this.maxAddresses = maxAddresses;
  }

  get length(): number {
    return this.#length;
  }

  /** Where the row of an address begins, a new one if it has none; -1 if there is no room for another. */
  rowOf(low: number, high: number, column: AddressColumn, i: number, location: number, network: number): number {
    const mask = this.#index.length - 1;
    let slot = low & mask;
    for (;;) {
      const row = this.#index[slot]!;
      if (row === 0) break;
      const at = (row - 1) * WINDOW_WORDS;
      if (this.rows[at] === low && this.rows[at + HIGH] === high) return at;
      slot = (slot + 1) & mask;
    }
    return this.#append(low, high, column, i, location, network);
  }

  /** Text of the address of the row that begins at `at`. */
  text(at: number): string {
    const w = this.#words;
    const k = (at / WINDOW_WORDS) * 4;
    if (w[k] === 0 && w[k + 1] === 0 && w[k + 2] === 0xffff) return ipv4Text(w[k + 3]!);
    return ipv6Text(w[k]!, w[k + 1]!, w[k + 2]!, w[k + 3]!);
  }

  /** {@link addressKey} of the row that begins at `at`. */
  key(at: number): number {
    const w = this.#words;
    const k = (at / WINDOW_WORDS) * 4;
    if (w[k] === 0 && w[k + 1] === 0 && w[k + 2] === 0xffff) return w[k + 3]!;
    return w[k]! * 1_048_576 + (w[k + 1]! >>> 12);
  }

  clear(number: number): void {
    if (this.#length * 8 > this.#index.length) this.#index.fill(0);
    else for (let row = 0; row < this.#length; row++) this.#index[this.rows[row * WINDOW_WORDS + SLOT]!] = 0;
    this.rows.fill(0, 0, this.#length * WINDOW_WORDS);
    this.#length = 0;
    this.overflow = 0;
    this.number = number;
  }

  #append(low: number, high: number, column: AddressColumn, i: number, location: number, network: number): number {
    if (this.#length >= this.maxAddresses) {
      this.overflow++;
      return -1;
    }
    if ((this.#length + 1) * WINDOW_WORDS > this.rows.length) this.#grow();
    const row = this.#length++;
    const at = row * WINDOW_WORDS;
    this.rows[at + LOW] = low;
    this.rows[at + HIGH] = high;
    this.rows[at + W_SPOT] = location;
    this.rows[at + W_NETWORK] = network;
    this.#enter(row, low);
    this.#keepWords(row, column, i);
    return at;
  }

  #keepWords(row: number, column: AddressColumn, i: number): void {
    const value = column.value[i]!;
    if (column.family[i] === IPV4) {
      this.#words[row * 4] = this.#words[row * 4 + 1] = 0;
      this.#words[row * 4 + 2] = 0xffff;
      this.#words[row * 4 + 3] = value;
    } else if (column.family[i] === IPV6) this.#words.set(column.words.subarray(4 * value, 4 * value + 4), row * 4);
  }

  #enter(row: number, low: number): void {
    const mask = this.#index.length - 1;
    let slot = low & mask;
    while (this.#index[slot] !== 0) slot = (slot + 1) & mask;
    this.#index[slot] = row + 1;
    this.rows[row * WINDOW_WORDS + SLOT] = slot;
  }

  #grow(): void {
    this.rows = grown(this.rows, 2 * this.rows.length);
    this.floats = new Float32Array(this.rows.buffer);
    this.#words = grown(this.#words, 2 * this.#words.length);
    this.#index = new Uint32Array(2 * this.#index.length);
    for (let row = 0; row < this.#length; row++) this.#enter(row, this.rows[row * WINDOW_WORDS]!);
  }
}

/** How many different values set the bits of a 32-bit word (linear counting; 32 set bits stand for 111). */
export function distinctOf(bits: number): number {
  let set = bits - ((bits >>> 1) & 0x55555555);
  set = (set & 0x33333333) + ((set >>> 2) & 0x33333333);
  set = Math.imul((set + (set >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
  return set === 32 ? 111 : -32 * Math.log(1 - set / 32);
}
