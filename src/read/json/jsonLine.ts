import { IPV4 } from "../../core/addressColumn.js";
import { grown } from "../../core/grown.js";
import type { EventColumns } from "../columns/eventColumns.js";
import { ipv4End, plainIpv4 } from "../fields/plainIpv4.js";
import { ROLE } from "../fields/role.js";
import { epochMs } from "../fields/timeBytes.js";
import { MAX_LINE_BYTES } from "../source/lineBlocks.js";
import { type JsonRow, MAX_DEPTH } from "./jsonRow.js";
import { JsonSlots, MAX_SLOTS } from "./jsonSlots.js";
import { GIVE_UP, JsonValues } from "./jsonValues.js";

const QUOTE = 34;
const COMMA = 44;
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

/** Longer keys are read by `JSON.parse`. */
const MAX_KEY_BYTES = 1024;
/** Attempts are counted in 32 bits; one block of lines has fewer than remain. */
const MAX_ATTEMPTS = 2 ** 30;

/**
 * Reads lines of JSON to rows, each key guessed from the one before. What it reads it reads as `JSON.parse` would; what is
 * not plain enough (a list, a bad value, damage) it leaves alone.
 */
export class JsonLine {
  /** The keys that the lines have. */
  readonly slots = new JsonSlots();
  readonly #columns: EventColumns;
  readonly #row: JsonRow;
  readonly #values: JsonValues;
  /** The line that last had the slot's key. */
  readonly #seen = new Int32Array(MAX_SLOTS);
  #bytes: Uint8Array = new Uint8Array(0);
  #view: DataView = new DataView(new ArrayBuffer(0));
  /** Rows whose user is noted as a range of the bytes and not hashed yet. */
  #noted = new Uint32Array(1024);
  #notedCount = 0;

  constructor(columns: EventColumns, row: JsonRow) {
    this.#columns = columns;
    this.#row = row;
    this.#values = new JsonValues(row, this.slots);
  }

  /** Whether rows have fields that only the row's writer makes sense of. */
  get isWritten(): boolean {
    return this.#values.isWritten;
  }

  /** Starts to read lines of `bytes`; {@link end} ends it. */
  begin(bytes: Uint8Array): void {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#values.begin(bytes);
    if (this.#values.attempt > MAX_ATTEMPTS) {
      this.#seen.fill(0);
      this.#values.forgetAttempts();
    }
  }

  /** Hashes the users of the rows read since {@link begin}. */
  end(): void {
    this.#columns.hashUsers(this.#view, this.#noted, this.#notedCount);
    this.#notedCount = 0;
  }

  /** Reads the line at `start` to a row; returns where the next begins, or {@link GIVE_UP}. */
  read(start: number): number {
    const noted = this.#notedCount;
    const next = this.#read(start);
    if (next === GIVE_UP) this.#notedCount = noted;
    return next;
  }

  /**
   * Reads the line at `start` into the row; returns where the next begins.
   *
   * One long loop, because calls and reloads would cost as much as the work: each key is compared with the one guessed,
   * and the plain form of its value is read in place. Any other form is left to {@link JsonValues}.
   */
  #read(start: number): number {
    const bytes = this.#bytes;
    const view = this.#view;
    const slots = this.slots;
    const seen = this.#seen;
    const columns = this.#columns;
    const row = columns.length;
    const { next, writtenSize, firstWord, lastWord, contested, role } = slots;
    let { words } = slots;
    const values = this.#values;
    const attempt = ++values.attempt;
    if (values.isWritten) this.#row.writer.begin();
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
        if (c !== OPEN) end = values.contested(slot, at);
      } else if (c === QUOTE) {
        switch (role[slot]) {
          case ROLE.address: {
            const address = plainIpv4(bytes, at + 1);
            end = ipv4End(address, at + 1);
            if (address < 0 || bytes[end] !== QUOTE) end = values.read(slot, at);
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
            if (c !== QUOTE || end - at < 3) end = values.read(slot, at);
            else {
              columns.userStart[row] = at + 1;
              columns.userEnd[row] = end++;
              if (this.#notedCount === this.#noted.length) this.#noted = grown(this.#noted, 2 * this.#notedCount);
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
              end = values.read(slot, at);
            else columns.setValue(slots.dimension[slot]!, bytes, view, at + 1, end++);
            break;
          }
          default:
            end = values.read(slot, at);
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
        else end = values.read(slot, at);
      } else if (c !== OPEN) end = values.read(slot, at);
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
    if (this.#values.isWritten) return this.#row.writer.end() === undefined ? at + 1 : GIVE_UP;
    const row = columns.length;
    if (columns.family[row] === 0 || Number.isNaN(columns.timeMs[row]!)) return GIVE_UP;
    columns.length = row + 1;
    return at + 1;
  }

  /** The slot of the key at `at`, learned if it is new; remembers how the key is written. */
  #findSlot(parent: number, at: number): number {
    const bytes = this.#bytes;
    const slots = this.slots;
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
}
