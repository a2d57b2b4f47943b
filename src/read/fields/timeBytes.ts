import { writtenTime } from "./writtenTime.js";

const ZERO = 48;
const DASH = 45;
const COLON = 58;
const DOT = 46;
const COMMA = 44;
const SLASH = 47;
const PLUS = 43;

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/** Numbers below are seconds, milliseconds, microseconds; above, nanoseconds. Each limit is in the year 5138 of its unit. */
const SECONDS_BELOW = 1e11;
const MILLISECONDS_BELOW = 1e14;
const MICROSECONDS_BELOW = 1e17;

/** Years outside are no time of a request. */
const MAX_TIME_MS = 253_402_300_799_999;

/** Epoch milliseconds of a number whose unit its size tells; NaN if it is no time. */
export function epochMs(value: number): number {
  const size = Math.abs(value);
  const ms =
    size < SECONDS_BELOW
      ? value * 1e3
      : size < MILLISECONDS_BELOW
        ? value
        : size < MICROSECONDS_BELOW
          ? value / 1e3
          : value / 1e6;
  return ms >= 0 && ms <= MAX_TIME_MS ? ms : Number.NaN;
}

/** Turns a wall-clock time, given as if it were UTC, into epoch milliseconds. */
export type LocalToUtc = (wallMs: number) => number;

/** Which of `1/2/2024` is the day, where a log tells it. */
export type DayOrder = "day-first" | "month-first";

/**
 * Epoch milliseconds of the time in bytes[start, end), or NaN: a number as {@link epochMs} takes it, ISO 8601 (`T` or a
 * space; seconds, fraction and offset may be missing; slashes for dashes, or no dashes), `31.12.2024 13:55:36`,
 * `12/31/2024 1:55:36 PM` (without AM or PM nothing tells day from month), the common log's `17/May/2015:10:05:03 +0000`,
 * or what {@link writtenTime} knows.
 *
 * @param localToUtc - for times that tell no offset; they are UTC without it
 * @param order - of days and months in numbers between slashes; with AM and PM the month is first without it
 */
export function timeBytes(
  bytes: Uint8Array,
  start: number,
  end: number,
  localToUtc?: LocalToUtc,
  order?: DayOrder,
): number {
  const timeMs = plainTime(bytes, start, end, localToUtc, order);
  if (!Number.isNaN(timeMs)) return timeMs;
  const iso = writtenTime(bytes, start, end);
  if (iso === undefined) return timeMs;
  const written = encoder.encode(iso);
  return isoTime(written, 0, written.length, localToUtc);
}

const encoder = new TextEncoder();

function plainTime(bytes: Uint8Array, start: number, end: number, localToUtc?: LocalToUtc, order?: DayOrder): number {
  const length = end - start;
  const fourth = bytes[start + 4];
  if (isMeridiem(bytes, start, end) || (order !== undefined && isSlashed(bytes, start)))
    return slashedTime(bytes, start, end, order ?? "month-first", localToUtc);
  if (length >= 10 && (fourth === DASH || fourth === SLASH)) return isoTime(bytes, start, end, localToUtc);
  if (length >= 17 && bytes[start + 2] === SLASH) return clfTime(bytes, start, end, localToUtc);
  if (length >= 10 && bytes[start + 2] === DOT && bytes[start + 5] === DOT)
    return pointTime(bytes, start, end, localToUtc);
  return epochMs(decimal(bytes, start, end));
}

/**
 * {@link timeBytes} of what a table holds, where numbers may be days: `20240102` and `20240102030405` are, and `45293.127`,
 * a day since 1900 as spreadsheets count, is no time of seconds.
 */
export function tableTime(
  bytes: Uint8Array,
  start: number,
  end: number,
  localToUtc?: LocalToUtc,
  order?: DayOrder,
): number {
  const length = end - start;
  if (length === 8 || length === 14) {
    const dayMs = daysOf(digits(bytes, start, 4), digits(bytes, start + 4, 2), digits(bytes, start + 6, 2));
    const iso = length === 14 && !Number.isNaN(dayMs) ? writtenTime(bytes, start, end) : undefined;
    if (length === 8 && !Number.isNaN(dayMs)) return inZone(dayMs, localToUtc);
    if (iso !== undefined) {
      const written = encoder.encode(iso);
      return isoTime(written, 0, written.length, localToUtc);
    }
  }
  const days = length > 6 && bytes[start + 5] === DOT ? digits(bytes, start, 5) : 0;
  if (days >= 30_000 && days < 70_000) return Number.NaN;
  return timeBytes(bytes, start, end, localToUtc, order);
}

/** Whether bytes begin with `1/2` or `12/31`. */
function isSlashed(bytes: Uint8Array, start: number): boolean {
  const slash = bytes[start + 1] === SLASH ? start + 1 : start + 2;
  return bytes[slash] === SLASH && isDigit(bytes[start]!) && isDigit(bytes[slash + 1]!);
}

/** The value of a plain decimal number, or NaN. */
export function decimal(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  const negative = bytes[at] === DASH;
  if (negative) at++;
  const digits = at;
  let value = 0;
  while (at < end && isDigit(bytes[at]!)) value = value * 10 + bytes[at++]! - ZERO;
  if (at === digits) return Number.NaN;
  if (at < end || at - digits > 15) return generalNumber(bytes, start, end);
  return negative ? -value : value;
}

function generalNumber(bytes: Uint8Array, start: number, end: number): number {
  if (end - start > 64) return Number.NaN;
  const text = String.fromCharCode(...bytes.subarray(start, end));
  return /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(text) ? Number(text) : Number.NaN;
}

function isoTime(bytes: Uint8Array, start: number, end: number, localToUtc?: LocalToUtc): number {
  const year = digits(bytes, start, 4);
  const month = digits(bytes, start + 5, 2);
  const day = digits(bytes, start + 8, 2);
  if (bytes[start + 7] !== bytes[start + 4]) return Number.NaN;
  const dayMs = daysOf(year, month, day);
  let at = start + 10;
  if (at === end) return inZone(dayMs, localToUtc);
  const separator = bytes[at++]!;
  if (separator !== 84 && separator !== 116 && separator !== 32) return Number.NaN;
  return clockTime(bytes, at, end, dayMs, localToUtc);
}

/** `31.12.2024 13:55:36`. */
function pointTime(bytes: Uint8Array, start: number, end: number, localToUtc?: LocalToUtc): number {
  const dayMs = daysOf(digits(bytes, start + 6, 4), digits(bytes, start + 3, 2), digits(bytes, start, 2));
  let at = start + 10;
  if (at === end) return inZone(dayMs, localToUtc);
  while (at < end && (bytes[at] === 32 || bytes[at] === COMMA)) at++;
  return at === start + 10 ? Number.NaN : clockTime(bytes, at, end, dayMs, localToUtc);
}

/** Whether bytes end in `AM` or `PM`. */
export function isMeridiem(bytes: Uint8Array, start: number, end: number): boolean {
  const letter = bytes[end - 2]! | 32;
  return end - start > 5 && (bytes[end - 1]! | 32) === 109 && (letter === 112 || letter === 97);
}

/** `12/31/2024 1:55:36 PM`, or `31/12/2024 13:55`. */
function slashedTime(bytes: Uint8Array, start: number, end: number, order: DayOrder, localToUtc?: LocalToUtc): number {
  let space = start;
  while (space < end && bytes[space] !== 32) space++;
  const comma = bytes[space - 1] === COMMA ? 1 : 0;
  let clock = space;
  while (bytes[clock] === 32) clock++;
  const dayMs = slashedDay(bytes, start, space - comma, order);
  if (clock >= end) return inZone(dayMs, localToUtc);
  if (isMeridiem(bytes, clock, end)) return inZone(dayMs + clockBytes(bytes, clock, end), localToUtc);
  // The hour may have one digit.
  const shift = bytes[clock + 1] === COLON ? 1 : 0;
  const padded = new Uint8Array(end - clock + shift).fill(ZERO);
  padded.set(bytes.subarray(clock, end), shift);
  return clockTime(padded, 0, padded.length, dayMs, localToUtc);
}

const SLASHED_DAY = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/;

/** Epoch milliseconds of the start of `12/31/2024`; NaN if it is no such day. */
export function slashedDay(bytes: Uint8Array, start: number, end: number, order: DayOrder): number {
  if (end - start > 10) return Number.NaN;
  const day = SLASHED_DAY.exec(String.fromCharCode(...bytes.subarray(start, end)));
  if (day === null) return Number.NaN;
  const [first, second] = [Number(day[1]), Number(day[2])];
  return order === "day-first" ? daysOf(Number(day[3]), second, first) : daysOf(Number(day[3]), first, second);
}

/** Which of the numbers between slashes that begin some texts is the day; undefined if they do not tell, or contradict. */
export function dayOrderOf(texts: Iterable<string>): DayOrder | undefined {
  let dayFirst = false;
  let monthFirst = false;
  for (const text of texts) {
    const numbers = /^(\d{1,2})\/(\d{1,2})\/\d{4}(?!\d)/.exec(text);
    if (numbers === null) continue;
    dayFirst ||= Number(numbers[1]) > 12;
    monthFirst ||= Number(numbers[2]) > 12;
  }
  if (dayFirst === monthFirst) return undefined;
  return dayFirst ? "day-first" : "month-first";
}

const TWELVE_HOURS = /^(\d{1,2})(:\d{2}(?::\d{2}(?:[.,]\d+)?)?)\s*([AP])M$/i;

/** `1:55:36 PM` as `13:55:36`; undefined if it is none. */
function of24Hours(text: string): string | undefined {
  const match = TWELVE_HOURS.exec(text);
  if (match === null) return undefined;
  const hour = Number(match[1]);
  if (hour < 1 || hour > 12) return undefined;
  return `${String((hour % 12) + (match[3]!.toUpperCase() === "P" ? 12 : 0)).padStart(2, "0")}${match[2]}`;
}

/** `10/Oct/2000:13:55:36 -0700`, with or without a fraction, brackets not included. */
function clfTime(bytes: Uint8Array, start: number, end: number, localToUtc?: LocalToUtc): number {
  const day = digits(bytes, start, 2);
  const name = String.fromCharCode(bytes[start + 3]!, bytes[start + 4]!, bytes[start + 5]!).toLowerCase();
  const month = MONTHS.indexOf(name) + 1;
  const year = digits(bytes, start + 7, 4);
  const separator = bytes[start + 11];
  if (bytes[start + 6] !== SLASH || (separator !== COLON && separator !== 32)) return Number.NaN;
  return clockTime(bytes, start + 12, end, daysOf(year, month, day), localToUtc);
}

/** `13:55`, `13:55:36`, `13:55:36.123`, then `Z`, ` +0200`, `-07:00` or nothing. */
function clockTime(bytes: Uint8Array, start: number, end: number, dayMs: number, localToUtc?: LocalToUtc): number {
  if (end - start < 5 || bytes[start + 2] !== COLON) return Number.NaN;
  const hour = digits(bytes, start, 2);
  const minute = digits(bytes, start + 3, 2);
  let at = start + 5;
  let second = 0;
  let fractionMs = 0;
  if (at < end && bytes[at] === COLON) {
    if (end - at < 3) return Number.NaN;
    second = digits(bytes, at + 1, 2);
    at += 3;
    if (at < end && (bytes[at] === DOT || bytes[at] === COMMA)) {
      let unit = 100;
      const first = ++at;
      for (; at < end && isDigit(bytes[at]!); at++, unit /= 10) fractionMs += (bytes[at]! - ZERO) * unit;
      if (at === first) return Number.NaN;
      // Nine digits of a second are noise below the microsecond in a double of epoch milliseconds.
      fractionMs = Math.round(fractionMs * 1e3) / 1e3;
    }
  }
  // 24:00 is the end of the day, and second 60 a leap second, which epoch time repeats.
  if (!(hour <= 24 && minute <= 59 && second <= 60)) return Number.NaN;
  const wall = dayMs + hour * 3_600_000 + minute * 60_000 + second * 1e3 + fractionMs;
  if (at === end) return inZone(wall, localToUtc);
  return wall - offsetMs(bytes, at, end);
}

/** Milliseconds since midnight of `13:55:36` or `1:55:36 PM`, with or without a fraction; NaN if it is no time of day. */
export function clockBytes(bytes: Uint8Array, start: number, end: number): number {
  if (isMeridiem(bytes, start, end)) {
    const clock = of24Hours(String.fromCharCode(...bytes.subarray(start, Math.min(end, start + 32))));
    if (clock === undefined) return Number.NaN;
    const plain = new TextEncoder().encode(clock);
    return clockTime(plain, 0, plain.length, 0);
  }
  return end - start >= 5 && end - start <= 18 ? clockTime(bytes, start, end, 0) : Number.NaN;
}

/** Milliseconds east of UTC of `Z`, `UTC`, `GMT`, `+02:00`, `+0200` or `+02`; NaN if it is none. */
function offsetMs(bytes: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end && bytes[at] === 32) at++;
  const length = end - at;
  const sign = bytes[at];
  if (sign === PLUS || sign === DASH) {
    const colon = length === 6 && bytes[at + 3] === COLON ? 1 : 0;
    if (length !== 3 && length !== 5 + colon) return Number.NaN;
    const hours = digits(bytes, at + 1, 2);
    const minutes = length === 3 ? 0 : digits(bytes, at + 3 + colon, 2);
    if (!(hours <= 18 && minutes <= 59)) return Number.NaN;
    return (sign === DASH ? -1 : 1) * (hours * 3_600_000 + minutes * 60_000);
  }
  if (length === 1) return sign === 90 || sign === 122 ? 0 : Number.NaN;
  if (length !== 3) return Number.NaN;
  const zone = String.fromCharCode(sign!, bytes[at + 1]!, bytes[at + 2]!);
  return zone === "UTC" || zone === "GMT" ? 0 : Number.NaN;
}

function inZone(wallMs: number, localToUtc?: LocalToUtc): number {
  return localToUtc === undefined || Number.isNaN(wallMs) ? wallMs : localToUtc(wallMs);
}

/** Epoch milliseconds of the start of a day of the Gregorian calendar, or NaN if there is no such day. */
export function daysOf(year: number, month: number, day: number): number {
  if (!(month >= 1 && month <= 12 && day >= 1 && day <= 31 && year >= 1970)) return Number.NaN;
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  if (day > (month === 2 ? (leap ? 29 : 28) : 30 + ((month + (month >> 3)) & 1))) return Number.NaN;
  return Date.UTC(year, month - 1, day);
}

/** The number that `count` decimal digits make, or NaN. */
export function digits(bytes: Uint8Array, at: number, count: number): number {
  let value = 0;
  for (let i = at; i < at + count; i++) {
    const digit = bytes[i]! - ZERO;
    if (!(digit >= 0 && digit <= 9)) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= 57;
}
