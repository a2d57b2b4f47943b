import { parseAddressBytes } from "../../locate/address/parseAddress.js";
import { durationMs, type Field, type RowWriter } from "../fields/rowWriter.js";
import { decimal } from "../fields/timeBytes.js";

/** The fields of a combined line that are read; the ignored field where one is not wanted. */
export interface CombinedFields {
  readonly time: Field;
  readonly address: Field;
  readonly user: Field;
  readonly request: Field;
  readonly status: Field;
  readonly bytes: Field;
  readonly referrer: Field;
  readonly userAgent: Field;
  /** Fields that few logs have: made when the first line has one. */
  readonly rare: (name: RareField) => Field;
}

export type RareField = "host" | "forwarded_for" | "latency_s";

const SPACE = 32;
const QUOTE = 34;
const OPEN_TIME = 91;
const OPEN = 40;
const CLOSE = 41;
const COMMA = 44;
const DASH = 45;
const SLASH = 47;
const PIPE = 124;
const DOT = 46;
const COLON = 58;
const EQUALS = 61;
const UNDERSCORE = 95;
const BACKSLASH = 92;

/** Names that people give `$request_time` behind a combined line. */
const REQUEST_TIME = /^(?:rt|request_time|req_time|rtime)$/i;

/**
 * Reads one line of the common or combined format to a row, with what is often put around it:
 *
 * - before it, the virtual host (Debian's `other_vhosts_access.log`, GoAccess's VCOMBINED), known by the client's address
 *   that follows;
 * - in place of the client, `X-Forwarded-For` (`a, b`), or in brackets behind it;
 * - behind it, `X-Forwarded-For` in quotes (nginx's `main`), and nginx's `$request_time`: a number with a fraction,
 *   named (`rt=0.012`) or with its unit (`12.3 ms`).
 */
export class CombinedLine {
  readonly #writer: RowWriter;
  readonly #fields: CombinedFields;
  readonly #words = new Uint32Array(4);
  /** Of what stands behind the user agent: the longest duration, milliseconds, and whether one had a name. */
  #latency = Number.NaN;
  #isNamed = false;

  constructor(writer: RowWriter, fields: CombinedFields) {
    this.#writer = writer;
    this.#fields = fields;
  }

  /** False if bytes[start, end) is no line of the format; the row may have values even so. */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    const fields = this.#fields;
    const writer = this.#writer;
    const afterClient = this.#client(bytes, start, end);
    const ident = find(bytes, afterClient + 1, end, SPACE);
    // User names may hold spaces: the name ends where the time begins.
    let open = find(bytes, ident + 1, end, 91);
    while (open < end && bytes[open - 1] !== SPACE) open = find(bytes, open + 1, end, 91);
    const close = find(bytes, open + 1, end, 93);
    // API Gateway's lines have no space there.
    const quote = bytes[close + 1] === SPACE ? close + 2 : close + 1;
    if (open <= ident + 1 || close >= end || bytes[quote] !== QUOTE) return false;
    const request = quoteEnd(bytes, quote + 1, end);
    const status = find(bytes, request + 2, end, SPACE);
    if (request >= end || bytes[request + 1] !== SPACE || status - request !== 5) return false;
    const size = find(bytes, status + 1, end, SPACE);
    // Fastly's own format quotes it.
    const quoted = bytes[ident + 1] === QUOTE && bytes[open - 2] === QUOTE && open - 3 > ident + 1 ? 1 : 0;
    if (open - 1 > ident + 1) writer.assign(fields.user, bytes, ident + 1 + quoted, open - 1 - quoted);
    writer.assign(fields.time, bytes, open + 1, close);
    writer.assign(fields.request, bytes, quote + 1, request);
    writer.assign(fields.status, bytes, request + 2, status);
    writer.assign(fields.bytes, bytes, status + 1, size);
    if (size < end) this.#agents(bytes, size + 1, end);
    return true;
  }

  /** Reads what stands before ident; returns the blank behind it. */
  #client(bytes: Uint8Array, start: number, end: number): number {
    const writer = this.#writer;
    const { address, rare } = this.#fields;
    const first = find(bytes, start, end, SPACE);
    const second = find(bytes, first + 1, end, SPACE);
    if (bytes[first + 1] === OPEN) {
      const close = find(bytes, first + 2, end, CLOSE);
      writer.assign(address, bytes, start, first);
      writer.assign(rare("forwarded_for"), bytes, first + 2, close);
      return close + 1;
    }
    const isVirtualHost =
      bytes[first - 1] !== COMMA &&
      // Ident and user are to follow.
      bytes[find(bytes, second + 1, end, SPACE) + 1] !== OPEN_TIME &&
      isHostName(bytes, start, first) &&
      this.#isAddress(bytes, first + 1, second);
    if (isVirtualHost) writer.assign(rare("host"), bytes, start, hostEnd(bytes, start, first));
    const from = isVirtualHost ? first + 1 : start;
    let to = isVirtualHost ? second : first;
    if (bytes[to - 1] !== COMMA) {
      writer.assign(address, bytes, from, to);
      return to;
    }
    while (bytes[to - 1] === COMMA && to < end) to = find(bytes, to + 1, end, SPACE);
    writer.assign(rare("forwarded_for"), bytes, from, to);
    return to;
  }

  /** Whether an address, or the first of a list of them, fills the bytes. */
  #isAddress(bytes: Uint8Array, start: number, end: number): boolean {
    const stop = bytes[end - 1] === COMMA ? end - 1 : end;
    return stop - start > 1 && stop - start < 64 && parseAddressBytes(bytes, start, stop, this.#words) !== 0;
  }

  /** Reads referrer and user agent, and what follows them. */
  #agents(bytes: Uint8Array, start: number, end: number): void {
    let at = start;
    for (const field of [this.#fields.referrer, this.#fields.userAgent]) {
      if (at >= end || bytes[at] !== QUOTE) break;
      const close = quoteEnd(bytes, at + 1, end);
      this.#writer.assign(field, bytes, at + 1, close);
      at = close + 2;
    }
    this.#rest(bytes, at, end);
  }

  #rest(bytes: Uint8Array, start: number, end: number): void {
    this.#latency = Number.NaN;
    this.#isNamed = false;
    for (let at = start; at < end; ) {
      if (bytes[at] === SPACE) at++;
      else if (bytes[at] === QUOTE) {
        const close = quoteEnd(bytes, at + 1, end);
        this.#quotedRest(bytes, at + 1, close);
        at = close + 1;
      } else {
        const stop = find(bytes, at, end, SPACE);
        const unit = unitEnd(bytes, stop, end);
        if (unit > stop && isNumber(bytes, at, stop)) this.#measured(bytes, at, unit);
        else this.#bareRest(bytes, at, stop);
        at = Math.max(unit, stop);
      }
    }
  }

  /** A quoted text is `X-Forwarded-For` if addresses make it up, and a number may be quoted. */
  #quotedRest(bytes: Uint8Array, start: number, end: number): void {
    if (this.#isForwarded(bytes, start, end))
      this.#writer.assign(this.#fields.rare("forwarded_for"), bytes, start, end);
    else this.#bareRest(bytes, start, end);
  }

  /** Whether an address begins the bytes, or does after elements of a list that hide theirs: `unknown, 198.51.100.7`. */
  #isForwarded(bytes: Uint8Array, start: number, end: number): boolean {
    for (let at = start; at < end; ) {
      let stop = at;
      while (stop < end && bytes[stop] !== COMMA && bytes[stop] !== SPACE) stop++;
      if (this.#isAddress(bytes, at, stop)) return true;
      const isHidden = stop === at || bytes[at] === UNDERSCORE || isText(bytes, at, stop, "unknown");
      if (!isHidden || stop === end) return false;
      at = stop + 1;
    }
    return false;
  }

  #bareRest(bytes: Uint8Array, start: number, end: number): void {
    const equals = Math.min(find(bytes, start, end, EQUALS), find(bytes, start, end, COLON));
    const isNamed = equals < end;
    if (isNamed && !REQUEST_TIME.test(String.fromCharCode(...bytes.subarray(start, Math.min(equals, start + 20)))))
      return;
    const from = isNamed ? equals + 1 : start;
    const quoted = bytes[from] === QUOTE ? 1 : 0;
    const to = quoted === 1 ? quoteEnd(bytes, from + 1, end) : end;
    if (!isNamed && !isSeconds(bytes, from, to)) return;
    if (isNamed) {
      this.#isNamed = true;
      this.#writer.assign(this.#fields.rare("latency_s"), bytes, from + quoted, to);
      return;
    }
    this.#measured(bytes, from, to);
  }

  /** Of several durations without a name the longest is the request's: the others are those of its parts. */
  #measured(bytes: Uint8Array, start: number, end: number): void {
    const measured = durationMs(bytes, start, end, 1000);
    if (this.#isNamed || Number.isNaN(measured) || measured < this.#latency) return;
    this.#latency = measured;
    this.#writer.assign(this.#fields.rare("latency_s"), bytes, start, end);
  }
}

/** Where the unit of a duration that stands behind a number and a blank ends; `from` if there is none. */
function unitEnd(bytes: Uint8Array, from: number, end: number): number {
  const stop = Math.min(find(bytes, from + 1, end, SPACE), end);
  return isText(bytes, from + 1, stop, "ms") || isText(bytes, from + 1, stop, "s") ? stop : from;
}

function isText(bytes: Uint8Array, start: number, end: number, text: string): boolean {
  return end - start === text.length && String.fromCharCode(...bytes.subarray(start, end)).toLowerCase() === text;
}

function isNumber(bytes: Uint8Array, start: number, end: number): boolean {
  return end - start <= 20 && !Number.isNaN(decimal(bytes, start, end));
}

/** Whether the bytes are digits, a dot and three digits or more: `$request_time` has always three. */
function isSeconds(bytes: Uint8Array, start: number, end: number): boolean {
  const dot = find(bytes, start, end, DOT);
  if (dot === start || end - dot < 4 || end - start > 20) return false;
  for (let at = start; at < end; at++) if (at !== dot && !(bytes[at]! >= 48 && bytes[at]! <= 57)) return false;
  return true;
}

/** Whether the bytes may name a host: what a log collector puts before lines (a time, `[pod/web]`) does not. */
function isHostName(bytes: Uint8Array, start: number, end: number): boolean {
  if (bytes[start + 4] === DASH && bytes[start + 7] === DASH && end - start >= 20) return false;
  for (let at = start; at < end; at++) {
    const byte = bytes[at]!;
    if (byte <= SPACE || byte === QUOTE || byte === SLASH || byte === PIPE || byte === OPEN_TIME) return false;
  }
  return end > start;
}

/** A virtual host may have its port behind it. */
function hostEnd(bytes: Uint8Array, start: number, end: number): number {
  const colon = find(bytes, start, end, COLON);
  // IPv6 has more colons than one.
  return find(bytes, colon + 1, end, COLON) < end ? end : colon;
}

/** Where a byte is first in bytes[from, end); `end` if nowhere. */
function find(bytes: Uint8Array, from: number, end: number, byte: number): number {
  let at = from;
  while (at < end && bytes[at] !== byte) at++;
  return at;
}

/** The closing quote of a string that escapes quotes with a backslash; `end` if there is none. */
export function quoteEnd(bytes: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1;
  return Math.min(at, end);
}
