import { isLocatingRole, ROLE } from "../fields/role.js";
import type { JsonRow } from "./jsonRow.js";
import { type JsonSlots, UNRESOLVED } from "./jsonSlots.js";
import { skipString, skipValue } from "./skipJson.js";

const QUOTE = 34;
const COMMA = 44;
const DASH = 45;
const BACKSLASH = 92;
const OPEN = 123;
const SPACE = 32;
const OPEN_LIST = 91;
const CLOSE_LIST = 93;

const MAX_TARGETS = 1024;
const MAX_NUMBER_BYTES = 24;

/** What readers answer when the line is to be read by `JSON.parse`. */
export const GIVE_UP = -1;

/** Reads values of every form but the plainest, and chooses among those that compete for one field. */
export class JsonValues {
  /** Whether rows have fields that only the row's writer makes sense of. */
  isWritten = false;
  /** Number of the line being read. */
  attempt = 0;
  readonly #row: JsonRow;
  readonly #slots: JsonSlots;
  /** The line that last had a value of the target, and the value's rank. */
  readonly #stamp = new Int32Array(MAX_TARGETS);
  readonly #rank = new Float64Array(MAX_TARGETS);
  #bytes: Uint8Array = new Uint8Array(0);
  #text = new Uint8Array(1024);

  constructor(row: JsonRow, slots: JsonSlots) {
    this.#row = row;
    this.#slots = slots;
  }

  begin(bytes: Uint8Array): void {
    this.#bytes = bytes;
  }

  /** Starts to count attempts anew, before the count is too large for the columns that hold it. */
  forgetAttempts(): void {
    this.attempt = 0;
    this.#stamp.fill(0);
  }

  /** Reads a value of any form; returns where it ends. */
  read(slot: number, at: number): number {
    const slots = this.#slots;
    const c = this.#bytes[at]!;
    if (slots.role[slot] === ROLE.ignored || c === 110) return skipValue(this.#bytes, at);
    if (c === OPEN_LIST) return this.#list(slot, at);
    if (slots.role[slot] === UNRESOLVED) return this.#first(slot, at);
    return c === QUOTE ? this.#string(slot, at) : this.#bare(slot, at);
  }

  /** A value that competes with others of the line: the lowest rank wins; equal ranks are settled by `JSON.parse`. */
  contested(slot: number, at: number): number {
    const slots = this.#slots;
    const target = slots.target[slot]!;
    const rank = slots.rank[slot]!;
    if (this.#isAbsent(at)) return skipValue(this.#bytes, at);
    if (isWritten(slots.role[slot]!) || this.#bytes[at] === OPEN_LIST) return GIVE_UP;
    if (this.#stamp[target] === this.attempt) {
      if (this.#rank[target] === rank) return GIVE_UP;
      if (this.#rank[target]! < rank) return skipValue(this.#bytes, at);
    }
    this.#stamp[target] = this.attempt;
    this.#rank[target] = rank;
    return this.read(slot, at);
  }

  /** Reads the first value of a key. Which field that is only a line that is JSON to its end may say. */
  #first(slot: number, at: number): number {
    if (this.#isAbsent(at)) return skipValue(this.#bytes, at);
    const slots = this.#slots;
    const name = slots.dottedName(slot);
    if (!this.#row.knows(name)) return GIVE_UP;
    slots.resolve(slot, this.#row.field(name));
    // The value it competes with may have been read as if it were the only one.
    if (slots.contested[slot] === 1) return GIVE_UP;
    if (!this.isWritten && isWritten(slots.role[slot]!)) {
      this.isWritten = true;
      this.#row.writer.begin();
    }
    return this.read(slot, at);
  }

  /** A list stands for its first element if that is a string, a number or a word. */
  #list(slot: number, start: number): number {
    const bytes = this.#bytes;
    if (this.#slots.role[slot] === UNRESOLVED || isProxyRole(this.#slots.role[slot]!)) return GIVE_UP;
    let at = start + 1;
    while (bytes[at] === SPACE) at++;
    const c = bytes[at];
    if (c === OPEN_LIST || c === CLOSE_LIST || c === OPEN || this.#slots.contested[slot] === 1)
      return c === CLOSE_LIST ? at + 1 : this.#slots.contested[slot] === 1 ? GIVE_UP : skipValue(bytes, start);
    at = this.read(slot, at);
    for (;;) {
      while (bytes[at] === SPACE) at++;
      if (at < 0) return GIVE_UP;
      if (bytes[at] === CLOSE_LIST) return at + 1;
      if (bytes[at] !== COMMA) return GIVE_UP;
      do at++;
      while (bytes[at] === SPACE);
      at = skipValue(bytes, at);
    }
  }

  /** Whether the value is null, empty or a dash. */
  #isAbsent(at: number): boolean {
    const bytes = this.#bytes;
    if (bytes[at] === 110) return true;
    if (bytes[at] !== QUOTE) return false;
    return bytes[at + 1] === QUOTE || (bytes[at + 1] === DASH && bytes[at + 2] === QUOTE);
  }

  #string(slot: number, start: number): number {
    const bytes = this.#bytes;
    let end = start + 1;
    let c = bytes[end]!;
    while (c !== QUOTE && c >= SPACE && c < 128 && c !== BACKSLASH) c = bytes[++end]!;
    if (c !== QUOTE) return this.#decoded(slot, start);
    if (!this.#isAbsent(start)) this.#write(slot, bytes, start + 1, end);
    return end + 1;
  }

  /** A number, `true` or `false`, as JavaScript would print it. */
  #bare(slot: number, start: number): number {
    const bytes = this.#bytes;
    const end = skipValue(bytes, start);
    // Negative zero, large exponents and long fractions are printed otherwise than they are written.
    if (end < 0 || bytes[start] === DASH || end - start > MAX_NUMBER_BYTES) return GIVE_UP;
    const role = this.#slots.role[slot]!;
    const isNumber = bytes[start]! < 65;
    if (
      isNumber &&
      (role === ROLE.dimension || role === ROLE.user || isWritten(role)) &&
      !isShortInteger(bytes, start, end)
    )
      return GIVE_UP;
    this.#write(slot, bytes, start, end);
    return end;
  }

  #write(slot: number, bytes: Uint8Array, start: number, end: number): void {
    const { writer } = this.#row;
    const field = this.#slots.fields[slot]!;
    if (isWritten(field.role)) writer.assign(field, bytes, start, end);
    else writer.set(field, bytes, start, end);
  }

  /** A string with escapes or with characters beyond ASCII, which may be no UTF-8. */
  #decoded(slot: number, start: number): number {
    const end = skipString(this.#bytes, start);
    if (end < 0 || this.#slots.contested[slot] === 1) return GIVE_UP;
    const text = JSON.parse(decoder.decode(this.#bytes.subarray(start, end))) as string;
    if (text.length * 3 > this.#text.length) this.#text = new Uint8Array(text.length * 3);
    const { written } = encoder.encodeInto(text, this.#text);
    if (text !== "" && text !== "-") this.#write(slot, this.#text, 0, written);
    return end;
  }
}

/** Whether digits are an integer that JavaScript prints as it is written. */
function isShortInteger(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start > 15) return false;
  for (let i = start; i < end; i++) if (bytes[i]! < 48 || bytes[i]! > 57) return false;
  return true;
}

/** Whether all elements of a list count. */
function isProxyRole(role: number): boolean {
  return role === ROLE.forwardedFor || role === ROLE.forwarded;
}

/** Whether values of a role are left to the row's writer. */
function isWritten(role: number): boolean {
  return (role >= ROLE.request && role <= ROLE.latencyPart) || role === ROLE.endTime || isLocatingRole(role);
}

const decoder = new TextDecoder();
const encoder = new TextEncoder();
