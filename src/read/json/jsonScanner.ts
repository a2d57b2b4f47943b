import { IPV4 } from "../../core/addressColumn.js";
import type { EventColumns } from "../columns/eventColumns.js";
import { ipv4End, plainIpv4 } from "../fields/plainIpv4.js";
import { ROLE } from "../fields/role.js";
import { epochMs } from "../fields/timeBytes.js";
import type { LineDecoder, LineSink } from "../lineDecoder.js";
import { MAX_LINE_BYTES } from "../source/lineBlocks.js";
import { type JsonRow, MAX_DEPTH } from "./jsonRow.js";
import { JsonSlots, MAX_SLOTS, UNRESOLVED } from "./jsonSlots.js";
import { readJsonLine } from "./readJsonLine.js";
import { skipString, skipValue } from "./skipJson.js";

const QUOTE = 34;
const COMMA = 44;
const DASH = 45;
const SLASH = 47;
const QUESTION = 63;
const FRAGMENT = 35;
const DOT = 46;
const COLON = 58;
const BACKSLASH = 92;
const OPEN = 123;
const CLOSE = 125;
const NEWLINE = 10;
const SPACE = 32;
const OPEN_LIST = 91;
const CLOSE_LIST = 93;

const MAX_TARGETS = 1024;
const MAX_NUMBER_BYTES = 24;
/** Longer keys are read by `JSON.parse`. */
const MAX_KEY_BYTES = 1024;
/** Attempts are counted in 32 bits; one block of lines has fewer than remain. */
const MAX_ATTEMPTS = 2 ** 30;

/** What a value reader answers when the line is to be read by `JSON.parse`. */
const GIVE_UP = -1;

/**
 * Reads NDJSON straight from its bytes to columns.
 *
 * It guesses each key from the one before and reads only what is plain; a line with anything else in it (an escape in a
 * field that is read, a list, a bad value) is cleared and read by `JSON.parse` instead, so that the answer is the same.
 */
export class JsonScanner implements LineDecoder {
  readonly #columns: EventColumns;
  readonly #row: JsonRow;
  readonly #sink: LineSink;
  readonly #slots = new JsonSlots();
  /** The line that last had the slot's key. */
  readonly #seen = new Int32Array(MAX_SLOTS);
  /** The line that last had a value of the target, and the value's rank. */
  readonly #stamp = new Int32Array(MAX_TARGETS);
  readonly #rank = new Float64Array(MAX_TARGETS);
  #bytes: Uint8Array = new Uint8Array(0);
  #view: DataView = new DataView(new ArrayBuffer(0));
  #attempt = 0;
  /** Rows whose user is noted as a range of the bytes and not hashed yet. */
  #noted = new Uint32Array(0);
  #notedCount = 0;
  /** Whether rows have fields that only the row's writer makes sense of. */
  #written = false;
  #text = new Uint8Array(1024);

  constructor(columns: EventColumns, row: JsonRow, sink: LineSink) {
    this.#columns = columns;
    this.#row = row;
    this.#sink = sink;
  }

  scan(bytes: Uint8Array, start: number, end: number): number {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (this.#attempt > MAX_ATTEMPTS) this.#forgetAttempts();
    const columns = this.#columns;
    if (this.#noted.length < columns.capacity) this.#noted = new Uint32Array(columns.capacity);
    let at = start;
    while (at < end && columns.length < columns.capacity) {
      const noted = this.#notedCount;
      const next = this.#line(at);
      if (next > 0) {
        this.#sink.line++;
        at = next;
      } else {
        this.#notedCount = noted;
        at = this.#plainly(at, end);
      }
    }
    columns.hashUsers(this.#view, this.#noted, this.#notedCount);
    this.#notedCount = 0;
    return at;
  }

  /** Reads the line by `JSON.parse`. */
  #plainly(start: number, end: number): number {
    this.#columns.clearRow();
    const newline = this.#bytes.indexOf(NEWLINE, start);
    const stop = newline < 0 || newline >= end ? end : newline;
    this.#sink.line++;
    readJsonLine(this.#bytes, start, stop, this.#row, this.#sink);
    return stop + 1;
  }

  /** Starts to count attempts anew, before the count is too large for the columns that hold it. */
  #forgetAttempts(): void {
    this.#attempt = 0;
    this.#seen.fill(0);
    this.#stamp.fill(0);
  }

  /**
   * Reads the line at `start` into the row; returns where the next begins.
   *
   * One long loop, because calls and reloads would cost as much as the work: each key is compared with the one guessed,
   * and the plain form of its value is read in place. Any other form is left to {@link #value}.
   */
  #line(start: number): number {
    const bytes = this.#bytes;
    const view = this.#view;
    const slots = this.#slots;
    const seen = this.#seen;
    const columns = this.#columns;
    const row = columns.length;
    const { next, writtenSize, firstWord, lastWord, contested, role } = slots;
    let { words } = slots;
    const attempt = ++this.#attempt;
    if (this.#written) this.#row.writer.begin();
    if (bytes[start] !== OPEN) return GIVE_UP;
    let parent = 0;
    let last = 0;
    let at = start + 1;
    for (;;) {
      while (bytes[at] === SPACE) at++;
      let slot = next[last]!;
      const tail = at + writtenSize[slot]! - 4;
      let word = firstWord[slot]!;
      let key = at;
      while (key < tail && view.getInt32(key, true) === words[word]) {
        key += 4;
        word++;
      }
      if (slot === 0 || key < tail || view.getInt32(tail, true) !== lastWord[slot] || slots.parent[slot] !== parent) {
        slot = this.#findSlot(parent, at);
        if (slot < 0) return GIVE_UP;
        next[last] = slot;
        words = slots.words;
      }
      if (seen[slot] === attempt) return GIVE_UP;
      seen[slot] = attempt;
      at += writtenSize[slot]!;
      last = slot;

      let c = bytes[at]!;
      let end = at;
      if (contested[slot] === 1) {
        if (c !== OPEN) end = this.#contested(slot, at);
      } else if (c === QUOTE) {
        switch (role[slot]) {
          case ROLE.address: {
            const address = plainIpv4(bytes, at + 1);
            end = ipv4End(address, at + 1);
            if (address < 0 || bytes[end] !== QUOTE) end = this.#value(slot, at);
            else {
              columns.family[row] = IPV4;
              columns.address[row] = address;
              end++;
            }
            break;
          }
          case ROLE.user: {
            end++;
            c = bytes[end]!;
            while (c !== QUOTE && c >= SPACE && c < 128 && c !== BACKSLASH) c = bytes[++end]!;
            if (c !== QUOTE || end - at < 3) end = this.#value(slot, at);
            else {
              columns.userStart[row] = at + 1;
              columns.userEnd[row] = end++;
              this.#noted[this.#notedCount++] = row;
            }
            break;
          }
          case ROLE.path:
          case ROLE.dimension: {
            end++;
            c = bytes[end]!;
            while (c !== QUOTE && c >= SPACE && c < 128 && c !== BACKSLASH && c !== QUESTION && c !== FRAGMENT)
              c = bytes[++end]!;
            // A path that does not begin with a slash may be a URL.
            if (c !== QUOTE || end - at < 3 || (role[slot] === ROLE.path && bytes[at + 1] !== SLASH))
              end = this.#value(slot, at);
            else columns.setValue(slots.dimension[slot]!, bytes, view, at + 1, end++);
            break;
          }
          default:
            end = this.#value(slot, at);
        }
      } else if (c >= 48 && c <= 57) {
        // A number: up to nine digits, further digits, a fraction. Fifteen digits in all are exact in a double.
        let whole = c - 48;
        let digit = bytes[++end]! - 48;
        if (whole === 0 && digit >= 0 && digit <= 9) return GIVE_UP;
        const nine = at + 9;
        while (digit >= 0 && digit <= 9 && end < nine) {
          whole = (whole * 10 + digit) | 0;
          digit = bytes[++end]! - 48;
        }
        let value: number = whole;
        while (digit >= 0 && digit <= 9) {
          value = value * 10 + digit;
          digit = bytes[++end]! - 48;
        }
        if (digit === DOT - 48) {
          const point = end;
          let fraction = 0;
          let power = 1;
          digit = bytes[++end]! - 48;
          while (digit >= 0 && digit <= 9) {
            fraction = fraction * 10 + digit;
            power *= 10;
            digit = bytes[++end]! - 48;
          }
          if (end === point + 1) return GIVE_UP;
          value = (value * power + fraction) / power;
        }
        c = digit + 48;
        const kind = end - at <= 15 && (c === COMMA || c === CLOSE || c === SPACE) ? role[slot]! : ROLE.ignored;
        if (kind === ROLE.time) columns.timeMs[row] = epochMs(value);
        else if (kind === ROLE.status && whole === value && whole >= 100 && whole <= 999) columns.status[row] = whole;
        else if (kind === ROLE.latency) columns.latencyMs[row] = value * slots.scale[slot]!;
        else if (kind === ROLE.bytes) columns.bytes[row] = value;
        else end = this.#value(slot, at);
      } else if (c !== OPEN) end = this.#value(slot, at);
      if (end < 0) return GIVE_UP;

      if (end === at) {
        if (slots.depth[slot]! >= MAX_DEPTH || bytes[at + 1] === CLOSE) return GIVE_UP;
        parent = slot;
        at++;
        continue;
      }
      at = end;
      c = bytes[at++]!;
      while (c === SPACE) c = bytes[at++]!;
      if (c === COMMA) continue;
      while (c === CLOSE && parent !== 0) {
        last = parent;
        parent = slots.parent[parent]!;
        c = bytes[at++]!;
        while (c === SPACE) c = bytes[at++]!;
      }
      if (c === COMMA) continue;
      return c === CLOSE ? this.#endOfLine(start, at) : GIVE_UP;
    }
  }

  #endOfLine(start: number, from: number): number {
    const bytes = this.#bytes;
    const columns = this.#columns;
    let at = from;
    while (bytes[at] === 32 || bytes[at] === 13) at++;
    if (bytes[at] !== NEWLINE || at - start > MAX_LINE_BYTES) return GIVE_UP;
    if (this.#written) return this.#row.writer.end() === undefined ? at + 1 : GIVE_UP;
    const row = columns.length;
    if (columns.family[row] === 0 || Number.isNaN(columns.timeMs[row]!)) return GIVE_UP;
    columns.length = row + 1;
    return at + 1;
  }

  /** The slot of the key at `at`, learned if it is new; remembers how the key is written. */
  #findSlot(parent: number, at: number): number {
    const bytes = this.#bytes;
    const slots = this.#slots;
    if (bytes[at] !== QUOTE) return GIVE_UP;
    let end = at + 1;
    while (bytes[end]! >= SPACE && bytes[end] !== QUOTE && bytes[end] !== BACKSLASH) end++;
    if (bytes[end++] !== QUOTE) return GIVE_UP;
    const known = slots.find(parent, bytes, at, end);
    const slot = known >= 0 ? known : slots.add(parent, bytes, at, end);
    while (bytes[end] === SPACE) end++;
    if (bytes[end++] !== COLON || slot < 0) return GIVE_UP;
    while (bytes[end] === SPACE) end++;
    if (end - at < 4 || end - at > MAX_KEY_BYTES) return GIVE_UP;
    slots.remember(slot, bytes, at, end);
    return slots.writtenSize[slot] === end - at ? slot : GIVE_UP;
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
    if (!this.#written && isWritten(slots.role[slot]!)) {
      this.#written = true;
      this.#row.writer.begin();
    }
    return this.#value(slot, at);
  }

  /** A list stands for its first element if that is a string, a number or a word. */
  #list(slot: number, start: number): number {
    const bytes = this.#bytes;
    let at = start + 1;
    while (bytes[at] === SPACE) at++;
    const c = bytes[at];
    if (c === OPEN_LIST || c === CLOSE_LIST || c === OPEN || this.#slots.contested[slot] === 1)
      return c === CLOSE_LIST ? at + 1 : this.#slots.contested[slot] === 1 ? GIVE_UP : skipValue(bytes, start);
    at = this.#value(slot, at);
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

  /** A value that competes with others of the line: the lowest rank wins; equal ranks are settled by `JSON.parse`. */
  #contested(slot: number, at: number): number {
    const slots = this.#slots;
    const target = slots.target[slot]!;
    const rank = slots.rank[slot]!;
    if (this.#isAbsent(at)) return skipValue(this.#bytes, at);
    if (isWritten(slots.role[slot]!) || this.#bytes[at] === OPEN_LIST) return GIVE_UP;
    if (this.#stamp[target] === this.#attempt) {
      if (this.#rank[target] === rank) return GIVE_UP;
      if (this.#rank[target]! < rank) return skipValue(this.#bytes, at);
    }
    this.#stamp[target] = this.#attempt;
    this.#rank[target] = rank;
    return this.#value(slot, at);
  }

  /** Whether the value is null, empty or a dash. */
  #isAbsent(at: number): boolean {
    const bytes = this.#bytes;
    if (bytes[at] === 110) return true;
    if (bytes[at] !== QUOTE) return false;
    return bytes[at + 1] === QUOTE || (bytes[at + 1] === DASH && bytes[at + 2] === QUOTE);
  }

  /** Reads a value of any form; returns where it ends. */
  #value(slot: number, at: number): number {
    const slots = this.#slots;
    const c = this.#bytes[at]!;
    if (slots.role[slot] === ROLE.ignored || c === 110) return skipValue(this.#bytes, at);
    if (c === OPEN_LIST) return this.#list(slot, at);
    if (slots.role[slot] === UNRESOLVED) return this.#first(slot, at);
    return c === QUOTE ? this.#string(slot, at) : this.#bare(slot, at);
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

/** Whether values of a role are left to the row's writer. */
function isWritten(role: number): boolean {
  return role >= ROLE.request && role !== ROLE.latencyOrNone;
}

const decoder = new TextDecoder();
const encoder = new TextEncoder();
