import { HASH_FACTOR, HASH_START } from "../columns/dimensionCodes.js";
import type { EventColumns } from "../columns/eventColumns.js";
import { ROLE } from "../fields/role.js";
import { epochMs, type LocalToUtc, timeBytes } from "../fields/timeBytes.js";
import type { LineDecoder, LineSink } from "../lineDecoder.js";
import { MAX_LINE_BYTES } from "../source/lineBlocks.js";
import { type JsonRow, MAX_DEPTH } from "./jsonRow.js";
import { JsonSlots } from "./jsonSlots.js";
import { readJsonLine } from "./readJsonLine.js";
import { skipString, skipValue } from "./skipJson.js";

const QUOTE = 34;
const COMMA = 44;
const DASH = 45;
const DOT = 46;
const COLON = 58;
const BACKSLASH = 92;
const OPEN = 123;
const CLOSE = 125;
const NEWLINE = 10;

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
  readonly #seen = new Float64Array(4096).fill(-1);
  /** The line that last had a value of the target, and the value's rank. */
  readonly #stamp = new Float64Array(1024).fill(-1);
  readonly #rank = new Float64Array(1024);
  readonly #localToUtc: LocalToUtc | undefined;
  #bytes: Uint8Array = new Uint8Array(0);
  #attempt = 0;
  /** Whether rows have fields that only the row's writer makes sense of. */
  #written = false;
  #text = new Uint8Array(1024);

  constructor(columns: EventColumns, row: JsonRow, sink: LineSink, localToUtc?: LocalToUtc) {
    this.#columns = columns;
    this.#localToUtc = localToUtc;
    this.#row = row;
    this.#sink = sink;
  }

  scan(bytes: Uint8Array, start: number, end: number): number {
    this.#bytes = bytes;
    const columns = this.#columns;
    let at = start;
    while (at < end && columns.length < columns.capacity) {
      const next = this.#line(at);
      if (next > 0) {
        this.#sink.line++;
        at = next;
      } else at = this.#plainly(at, end);
    }
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

  /** Reads the line at `start` into the row; returns where the next begins. */
  #line(start: number): number {
    const bytes = this.#bytes;
    const slots = this.#slots;
    const attempt = ++this.#attempt;
    if (this.#written) this.#row.writer.begin();
    let parent = 0;
    let last = 0;
    let at = start + 1;
    if (bytes[start] !== OPEN) return GIVE_UP;
    for (;;) {
      while (bytes[at] === 32) at++;
      let slot = slots.next[last]!;
      if (slots.parent[slot] !== parent || !slots.matches(slot, bytes, at)) {
        slot = this.#findSlot(parent, at);
        if (slot < 0) return GIVE_UP;
        slots.next[last] = slot;
      }
      if (this.#seen[slot] === attempt) return GIVE_UP;
      this.#seen[slot] = attempt;
      at += slots.size[slot]!;
      while (bytes[at] === 32) at++;
      if (bytes[at++] !== COLON) return GIVE_UP;
      while (bytes[at] === 32) at++;
      last = slot;
      if (bytes[at] === OPEN) {
        if (slots.depth[slot]! >= MAX_DEPTH || bytes[at + 1] === CLOSE) return GIVE_UP;
        parent = slot;
        at++;
        continue;
      }
      at = slots.contested[slot] === 1 ? this.#contested(slot, at) : this.#value(slot, at);
      if (at < 0) return GIVE_UP;
      let c = bytes[at++]!;
      while (c === 32) c = bytes[at++]!;
      if (c === COMMA) continue;
      while (c === CLOSE && parent !== 0) {
        last = parent;
        parent = slots.parent[parent]!;
        c = bytes[at++]!;
        while (c === 32) c = bytes[at++]!;
      }
      if (c === COMMA) continue;
      if (c !== CLOSE) return GIVE_UP;
      return this.#endOfLine(start, at);
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

  #findSlot(parent: number, at: number): number {
    const bytes = this.#bytes;
    if (bytes[at] !== QUOTE) return GIVE_UP;
    let end = at + 1;
    while (bytes[end]! >= 32 && bytes[end] !== QUOTE && bytes[end] !== BACKSLASH) end++;
    if (bytes[end] !== QUOTE) return GIVE_UP;
    end++;
    const known = this.#slots.find(parent, bytes, at, end);
    if (known >= 0) return known;
    const slot = this.#slots.add(parent, bytes, at, end, (name) => this.#row.field(name));
    // The value it competes with may have been read as if it were the only one.
    if (slot < 0 || this.#slots.contested[slot] === 1) return GIVE_UP;
    if (this.#written || !isWritten(this.#slots.role[slot]!)) return slot;
    this.#written = true;
    this.#row.writer.begin();
    return slot;
  }

  /** A value that competes with others of the line: the lowest rank wins; equal ranks are settled by `JSON.parse`. */
  #contested(slot: number, at: number): number {
    const slots = this.#slots;
    const target = slots.target[slot]!;
    const rank = slots.rank[slot]!;
    if (this.#isAbsent(at)) return skipValue(this.#bytes, at);
    if (isWritten(slots.role[slot]!)) return GIVE_UP;
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

  /** Reads the value at `at` as the slot's role says; returns where it ends. */
  #value(slot: number, at: number): number {
    const bytes = this.#bytes;
    const slots = this.#slots;
    switch (slots.role[slot]) {
      case ROLE.ignored:
        return skipValue(bytes, at);
      case ROLE.time:
        return this.#time(at);
      case ROLE.address:
        return this.#address(at);
      case ROLE.status:
        return this.#status(at);
      case ROLE.latency:
        return this.#latency(at, slots.scale[slot]!);
      case ROLE.bytes:
        return this.#size(at);
      case ROLE.user:
        return this.#user(slot, at);
      case ROLE.dimension:
        return bytes[at] === QUOTE ? this.#dimension(slot, at) : this.#bare(at, slots.dimension[slot]!);
      case ROLE.path:
        return bytes[at] === QUOTE ? this.#path(slot, at) : this.#absentOrGiveUp(at);
      case ROLE.latencyOrNone:
        return this.#latencyOrNone(at, slots.scale[slot]!);
      default:
        return this.#assigned(slot, at);
    }
  }

  /** A value that the row's writer makes sense of. */
  #assigned(slot: number, start: number): number {
    const bytes = this.#bytes;
    if (bytes[start] !== QUOTE) return this.#absentOrGiveUp(start);
    let end = start + 1;
    while (bytes[end]! >= 32 && bytes[end] !== QUOTE && bytes[end] !== BACKSLASH) end++;
    if (bytes[end] !== QUOTE) return GIVE_UP;
    this.#row.writer.assign(this.#slots.fields[slot]!, bytes, start + 1, end);
    return end + 1;
  }

  /** A string with escapes or with characters beyond ASCII, which may be no UTF-8. */
  #decoded(slot: number, start: number): number {
    const end = skipString(this.#bytes, start);
    if (end < 0 || this.#slots.contested[slot] === 1) return GIVE_UP;
    const text = JSON.parse(decoder.decode(this.#bytes.subarray(start, end))) as string;
    if (text.length * 3 > this.#text.length) this.#text = new Uint8Array(text.length * 3);
    const { written } = encoder.encodeInto(text, this.#text);
    if (text !== "" && text !== "-") this.#row.writer.set(this.#slots.fields[slot]!, this.#text, 0, written);
    return end;
  }

  /** Where `null`, `""` or `"-"` ends; anything else is left to `JSON.parse`. */
  #absentOrGiveUp(at: number): number {
    const bytes = this.#bytes;
    if (bytes[at] === QUOTE) {
      if (bytes[at + 1] === QUOTE) return at + 2;
      return bytes[at + 1] === DASH && bytes[at + 2] === QUOTE ? at + 3 : GIVE_UP;
    }
    return bytes[at] === 110 ? skipValue(bytes, at) : GIVE_UP;
  }

  #time(start: number): number {
    const bytes = this.#bytes;
    const columns = this.#columns;
    if (bytes[start] === QUOTE) {
      let end = start + 1;
      while (bytes[end]! >= 32 && bytes[end]! < 128 && bytes[end] !== QUOTE && bytes[end] !== BACKSLASH) end++;
      const timeMs = bytes[end] === QUOTE ? timeBytes(bytes, start + 1, end, this.#localToUtc) : Number.NaN;
      if (Number.isNaN(timeMs)) return this.#absentOrGiveUp(start);
      columns.timeMs[columns.length] = timeMs;
      return end + 1;
    }
    let at = start;
    let high = 0;
    let digit = bytes[at]! - 48;
    if (!(digit > 0 && digit <= 9)) return this.#absentOrGiveUp(start);
    const split = start + 7;
    while (at < split && digit >= 0 && digit <= 9) {
      high = high * 10 + digit;
      digit = bytes[++at]! - 48;
    }
    let low = 0;
    let power = 1;
    while (digit >= 0 && digit <= 9) {
      low = low * 10 + digit;
      power *= 10;
      digit = bytes[++at]! - 48;
    }
    if (at - start > 15 || !isEnd(bytes[at]!)) return GIVE_UP;
    columns.timeMs[columns.length] = epochMs(high * power + low);
    return at;
  }

  #address(start: number): number {
    const bytes = this.#bytes;
    let at = start + 1;
    if (bytes[start] !== QUOTE) return this.#absentOrGiveUp(start);
    let address = 0;
    for (let octet = 0; octet < 4; octet++) {
      let value = bytes[at]! - 48;
      if (!(value >= 0 && value <= 9)) return octet === 0 ? this.#wideAddress(start) : GIVE_UP;
      let digit = bytes[++at]! - 48;
      if (digit >= 0 && digit <= 9) {
        if (value === 0) return GIVE_UP;
        value = value * 10 + digit;
        digit = bytes[++at]! - 48;
        if (digit >= 0 && digit <= 9) {
          value = value * 10 + digit;
          at++;
        }
      }
      if (value > 255) return this.#wideAddress(start);
      address = (address << 8) | value;
      if (octet < 3 && bytes[at++] !== DOT) return this.#wideAddress(start);
    }
    if (bytes[at] !== QUOTE) return this.#wideAddress(start);
    this.#columns.setIpv4(address >>> 0);
    return at + 1;
  }

  /** An address that is no plain dotted quad. */
  #wideAddress(start: number): number {
    const absent = this.#absentOrGiveUp(start);
    if (absent > 0) return absent;
    const bytes = this.#bytes;
    let end = start + 1;
    while (bytes[end]! > 32 && bytes[end]! < 128 && bytes[end] !== QUOTE && bytes[end] !== BACKSLASH) end++;
    return bytes[end] === QUOTE && this.#row.writer.address(bytes, start + 1, end) ? end + 1 : GIVE_UP;
  }

  #status(start: number): number {
    const bytes = this.#bytes;
    const quoted = bytes[start] === QUOTE ? 1 : 0;
    const a = bytes[start + quoted]! - 48;
    const b = bytes[start + quoted + 1]! - 48;
    const c = bytes[start + quoted + 2]! - 48;
    const at = start + quoted + 3;
    if (!(a > 0 && a <= 9 && b >= 0 && b <= 9 && c >= 0 && c <= 9)) return this.#absentOrGiveUp(start);
    if (quoted === 1 ? bytes[at] !== QUOTE : !isEnd(bytes[at]!)) return GIVE_UP;
    this.#columns.status[this.#columns.length] = a * 100 + b * 10 + c;
    return at + quoted;
  }

  #latency(start: number, scale: number): number {
    const bytes = this.#bytes;
    let at = start;
    let digit = bytes[at]! - 48;
    if (!(digit >= 0 && digit <= 9)) return this.#absentOrGiveUp(start);
    let value = digit;
    digit = bytes[++at]! - 48;
    if (value === 0 && digit >= 0 && digit <= 9) return GIVE_UP;
    while (digit >= 0 && digit <= 9) {
      value = value * 10 + digit;
      digit = bytes[++at]! - 48;
    }
    if (bytes[at] === DOT) {
      const first = ++at;
      digit = bytes[at]! - 48;
      let power = 1;
      while (digit >= 0 && digit <= 9) {
        value = value * 10 + digit;
        power *= 10;
        digit = bytes[++at]! - 48;
      }
      if (at === first) return GIVE_UP;
      value /= power;
    }
    // Fifteen digits divide exactly as a double: the quotient is the decimal's nearest double.
    if (at - start > 16 || !isEnd(bytes[at]!)) return GIVE_UP;
    this.#columns.latencyMs[this.#columns.length] = value * scale;
    return at;
  }

  #latencyOrNone(start: number, scale: number): number {
    const { latencyMs, length } = this.#columns;
    const end = this.#latency(start, scale);
    if (latencyMs[length] === 0) latencyMs[length] = Number.NaN;
    return end;
  }

  #size(start: number): number {
    const bytes = this.#bytes;
    let at = start;
    let digit = bytes[at]! - 48;
    if (!(digit >= 0 && digit <= 9)) return this.#absentOrGiveUp(start);
    let value = digit;
    digit = bytes[++at]! - 48;
    if (value === 0 && digit >= 0 && digit <= 9) return GIVE_UP;
    while (digit >= 0 && digit <= 9) {
      value = value * 10 + digit;
      digit = bytes[++at]! - 48;
    }
    if (at - start > 15 || !isEnd(bytes[at]!)) return GIVE_UP;
    this.#columns.bytes[this.#columns.length] = value;
    return at;
  }

  #user(slot: number, start: number): number {
    const bytes = this.#bytes;
    if (bytes[start] !== QUOTE) return this.#absentOrGiveUp(start);
    let end = start + 1;
    let c = bytes[end]!;
    while (c !== QUOTE && c >= 32 && c < 128 && c !== BACKSLASH) c = bytes[++end]!;
    if (c !== QUOTE) return this.#decoded(slot, start);
    const length = end - start - 1;
    if (length > 1 || (length === 1 && bytes[start + 1] !== DASH)) this.#columns.setUser(bytes, start + 1, end);
    return end + 1;
  }

  #dimension(slot: number, start: number): number {
    const bytes = this.#bytes;
    let end = start + 1;
    let hash = HASH_START;
    let c = bytes[end]!;
    while (c !== QUOTE && c >= 32 && c !== BACKSLASH) {
      hash = Math.imul(hash ^ c, HASH_FACTOR);
      c = bytes[++end]!;
    }
    if (c !== QUOTE) return this.#decoded(slot, start);
    const length = end - start - 1;
    if (length > 1 || (length === 1 && bytes[start + 1] !== DASH))
      this.#columns.setValue(this.#slots.dimension[slot]!, bytes, start + 1, end, hash);
    return end + 1;
  }

  #path(slot: number, start: number): number {
    const bytes = this.#bytes;
    if (bytes[start + 1] !== 47) return this.#decoded(slot, start);
    let end = start + 1;
    let hash = HASH_START;
    let c = bytes[end]!;
    while (c !== QUOTE && c >= 32 && c !== BACKSLASH && c !== 63 && c !== 35) {
      hash = Math.imul(hash ^ c, HASH_FACTOR);
      c = bytes[++end]!;
    }
    if (c !== QUOTE && c !== 63 && c !== 35) return this.#decoded(slot, start);
    this.#columns.setValue(this.#slots.dimension[slot]!, bytes, start + 1, end, hash);
    return c === QUOTE ? end + 1 : skipString(bytes, start);
  }

  /** A dimension's value without quotes: an integer as JavaScript would print it, true, false or null. */
  #bare(start: number, dimension: number): number {
    const bytes = this.#bytes;
    let end = start;
    if (bytes[start] === 116 || bytes[start] === 102 || bytes[start] === 110) {
      end = skipValue(bytes, start);
      if (end < 0 || bytes[start] === 110) return end;
    } else {
      while (bytes[end]! >= 48 && bytes[end]! <= 57) end++;
      if (end === start || end - start > 15 || (bytes[start] === 48 && end - start > 1) || !isEnd(bytes[end]!))
        return GIVE_UP;
    }
    let hash = HASH_START;
    for (let i = start; i < end; i++) hash = Math.imul(hash ^ bytes[i]!, HASH_FACTOR);
    this.#columns.setValue(dimension, bytes, start, end, hash);
    return end;
  }
}

/** Whether a byte ends a number in an object of one line. */
function isEnd(c: number): boolean {
  return c === COMMA || c === CLOSE || c === 32;
}

/** Whether values of a role are left to the row's writer. */
function isWritten(role: number): boolean {
  return role >= ROLE.request && role !== ROLE.latencyOrNone;
}

const decoder = new TextDecoder();
const encoder = new TextEncoder();
