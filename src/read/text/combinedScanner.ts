import { IPV4 } from "../../core/addressColumn.js";
import type { EventColumns } from "../columns/eventColumns.js";
import { ClfClock } from "../fields/clfClock.js";
import { ipv4End, plainIpv4 } from "../fields/plainIpv4.js";
import { ROLE } from "../fields/role.js";
import type { RowWriter } from "../fields/rowWriter.js";
import type { LineDecoder, LineSink } from "../lineDecoder.js";
import type { RejectReason } from "../readReport.js";
import { MAX_LINE_BYTES } from "../source/lineBlocks.js";
import { type CombinedFields, CombinedLine, quoteEnd } from "./combinedLine.js";

const SPACE = 32;
const NEWLINE = 10;
const DASH = 45;
const SLASH = 47;
const QUESTION = 63;
const FRAGMENT = 35;
const OPEN_LIST = 91;
const GIVE_UP = -1;
const JUDGED_LINES = 100;
const QUOTE = 34;
const BACKSLASH = 92;

/**
 * Reads the common and combined log formats of Apache and nginx:
 * `host ident user [time] "request" status bytes "referrer" "user agent"`, and what {@link CombinedLine} knows of before
 * and behind it.
 *
 * Plain lines are read field by field in place; every other line is cleared and read by {@link CombinedLine}, with the same
 * answer.
 */
export class CombinedScanner implements LineDecoder {
  readonly #columns: EventColumns;
  readonly #writer: RowWriter;
  readonly #fields: CombinedFields;
  readonly #sink: LineSink;
  readonly #reference: CombinedLine;
  /** Whether lines may have more behind the user agent: where that may tell the client, or the first lines have. */
  #mayHaveMore: boolean;
  /** Lines that are still looked at for that. */
  #judged = JUDGED_LINES;
  readonly #clock: ClfClock;
  /** Whether every field means what the format's own names say, so that lines may be read the plain way. */
  readonly #isPlain: boolean;
  /** Dimensions of the request's parts; -1 where they are not wanted. */
  readonly #method: number;
  readonly #path: number;
  #view: DataView = new DataView(new ArrayBuffer(0));
  #noted = new Uint32Array(0);
  #notedCount = 0;

  constructor(columns: EventColumns, writer: RowWriter, fields: CombinedFields, sink: LineSink) {
    const { request, time, address, user, status, bytes } = fields;
    this.#clock = new ClfClock(writer.options.localToUtc);
    this.#isPlain =
      request.role === ROLE.request &&
      time.role === ROLE.time &&
      address.role === ROLE.address &&
      user.role === ROLE.user &&
      status.role === ROLE.status &&
      bytes.role === ROLE.bytes;
    this.#method = this.#isPlain ? writer.requestPart("method") : -1;
    this.#path = this.#isPlain ? writer.requestPart("path") : -1;
    this.#columns = columns;
    this.#writer = writer;
    this.#fields = fields;
    this.#sink = sink;
    this.#reference = new CombinedLine(writer, fields);
    this.#mayHaveMore = writer.options.trusted !== undefined;
  }

  scan(bytes: Uint8Array, start: number, end: number): number {
    const columns = this.#columns;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (this.#noted.length < columns.capacity) this.#noted = new Uint32Array(columns.room);
    let at = start;
    while (at < end && columns.length < columns.capacity) {
      const noted = this.#notedCount;
      const next = this.#isPlain ? this.#plain(bytes, at) : GIVE_UP;
      if (next > 0 && next <= end) {
        this.#sink.line++;
        columns.length++;
        at = next;
        continue;
      }
      this.#notedCount = noted;
      if (this.#isPlain) columns.clearRow();
      const newline = bytes.indexOf(NEWLINE, at);
      const stop = newline < 0 || newline > end ? end : newline;
      this.#line(bytes, at, stop > at && bytes[stop - 1] === 13 ? stop - 1 : stop);
      at = stop + 1;
    }
    columns.hashUsers(this.#view, this.#noted, this.#notedCount);
    this.#notedCount = 0;
    return at;
  }

  /**
   * Reads the line at `at` into the row if it is plain: a dotted quad, a method in capitals, a path without escapes, a
   * status of three digits. Returns where the next line begins, or -1.
   */
  #plain(bytes: Uint8Array, start: number): number {
    const columns = this.#columns;
    const view = this.#view;
    const row = columns.length;
    const address = plainIpv4(bytes, start);
    let at = ipv4End(address, start);
    if (address < 0 || bytes[at] !== SPACE) return GIVE_UP;
    columns.family[row] = IPV4;
    columns.address[row] = address;
    at++;
    if (bytes[at] === DASH && bytes[at + 1] === SPACE) at += 2;
    else {
      while (bytes[at]! > SPACE) at++;
      if (bytes[at++] !== SPACE) return GIVE_UP;
    }
    const user = at;
    while (bytes[at]! > SPACE && bytes[at]! < 128) at++;
    if (bytes[at] !== SPACE || bytes[at + 1] !== OPEN_LIST || at === user || bytes[user] === QUOTE) return GIVE_UP;
    if (at > user + 1 || bytes[user] !== DASH) {
      columns.userStart[row] = user;
      columns.userEnd[row] = at;
      this.#noted[this.#notedCount++] = row;
    }
    at += 2;
    columns.timeMs[row] = this.#clock.timeMs(bytes, view, at);
    // A first line may be so short that the time reaches over its end: then it is none.
    if (Number.isNaN(columns.timeMs[row]!) || bytes[at + 27] !== SPACE || bytes[at + 28] !== QUOTE) return GIVE_UP;
    return this.#plainRequest(bytes, start, at + 29);
  }

  /** Reads on from behind the quote before the request. */
  #plainRequest(bytes: Uint8Array, start: number, from: number): number {
    const columns = this.#columns;
    const view = this.#view;
    const row = columns.length;
    let at = from;
    while (bytes[at]! >= 65 && bytes[at]! <= 90) at++;
    if (bytes[at] !== SPACE || at === from || at - from > 20 || bytes[at + 1] !== SLASH) return GIVE_UP;
    if (this.#method >= 0) columns.setValue(this.#method, bytes, view, from, at);
    const path = ++at;
    let c = bytes[at]!;
    while (c > SPACE && c !== QUESTION && c !== FRAGMENT && c !== QUOTE && c !== BACKSLASH) c = bytes[++at]!;
    if (this.#path >= 0) columns.setValue(this.#path, bytes, view, path, at);
    while (bytes[at] !== QUOTE) {
      if (bytes[at] === BACKSLASH || !(bytes[at]! >= SPACE)) return GIVE_UP;
      at++;
    }
    const a = bytes[at + 2]! - 48;
    const b = bytes[at + 3]! - 48;
    const d = bytes[at + 4]! - 48;
    if (bytes[at + 1] !== SPACE || !(a >= 1 && a <= 9 && b >= 0 && b <= 9 && d >= 0 && d <= 9)) return GIVE_UP;
    columns.status[row] = a * 100 + b * 10 + d;
    at += 5;
    if (bytes[at] === SPACE) at = this.#plainSize(bytes, at + 1);
    if (at < 0 || bytes[at]! > SPACE) return GIVE_UP;
    const newline = bytes.indexOf(NEWLINE, at);
    if (newline - start > MAX_LINE_BYTES) return GIVE_UP;
    const end = newline > at && bytes[newline - 1] === 13 ? newline - 1 : newline;
    // What ends in no quote has more behind the user agent.
    if (at < end && (bytes[end - 1] !== QUOTE || this.#hasMore(bytes, at, end))) return GIVE_UP;
    this.#tail(bytes, at, end);
    return newline + 1;
  }

  #hasMore(bytes: Uint8Array, from: number, end: number): boolean {
    if (this.#judged === 0 && !this.#mayHaveMore) return false;
    if (this.#judged > 0) this.#judged--;
    const more = hasMore(bytes, from, end);
    this.#mayHaveMore ||= more;
    return more;
  }

  #plainSize(bytes: Uint8Array, start: number): number {
    let at = start;
    if (bytes[at] === DASH) return at + 1;
    let size = 0;
    let digit = bytes[at]! - 48;
    if (!(digit >= 0 && digit <= 9)) return GIVE_UP;
    while (digit >= 0 && digit <= 9) {
      size = size * 10 + digit;
      digit = bytes[++at]! - 48;
    }
    if (at - start > 15 || bytes[at]! > SPACE) return GIVE_UP;
    this.#columns.bytes[this.#columns.length] = size;
    return at;
  }

  /** Reads referrer and user agent, if they are wanted, from behind the size. */
  #tail(bytes: Uint8Array, from: number, end: number): void {
    const { referrer, userAgent } = this.#fields;
    if (referrer.role === ROLE.ignored && userAgent.role === ROLE.ignored) return;
    if (bytes[from + 1] !== QUOTE || from >= end) return;
    this.#writer.begin();
    const close = quoteEnd(bytes, from + 2, end);
    this.#writer.assign(referrer, bytes, from + 2, close);
    if (close + 2 >= end || bytes[close + 2] !== QUOTE) return;
    this.#writer.assign(userAgent, bytes, close + 3, quoteEnd(bytes, close + 3, end));
  }

  #line(bytes: Uint8Array, start: number, end: number): void {
    const sink = this.#sink;
    sink.line++;
    if (start === end || bytes[start] === 35) {
      sink.skipped++;
      return;
    }
    const reason = end - start > MAX_LINE_BYTES ? "line-too-long" : this.#row(bytes, start, end);
    if (reason !== undefined) sink.reject(reason, bytes, start, end);
  }

  #row(bytes: Uint8Array, start: number, end: number): RejectReason | undefined {
    this.#writer.begin();
    if (this.#reference.read(bytes, start, end)) return this.#writer.end();
    this.#columns.clearRow();
    return "not-an-event";
  }
}

/** Whether something stands behind referrer and user agent. */
function hasMore(bytes: Uint8Array, from: number, end: number): boolean {
  if (bytes[from + 1] !== QUOTE) return true;
  const referrer = quoteEnd(bytes, from + 2, end);
  return bytes[referrer + 2] !== QUOTE || quoteEnd(bytes, referrer + 3, end) !== end - 1;
}
