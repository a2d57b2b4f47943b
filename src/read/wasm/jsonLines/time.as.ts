import { othersThanDigits } from "./number.as";

/** What {@link readClockTime} read last, epoch milliseconds. */
export let clockMs: f64 = 0;

/** The date read last, as it is written and in epoch milliseconds: a log repeats it. */
let dateHead: u64 = 0;
let dateTail: u32 = 0;
let dateMs: f64 = 0;

/** What {@link readFraction} read last, milliseconds. */
let fractionMs: f64 = 0;

/** Which of the characters of `2026-03-02T00:00` are digits. */
const DIGITS: i32 = 0b1101_1011_0110_1111;
const MAX_TIME_MS: f64 = 253_402_300_799_999;

/** Epoch milliseconds of a number whose unit its size tells; -1 if it is no time. */
export function epochMs(value: f64): f64 {
  const ms = value < 1e11 ? value * 1e3 : value < 1e14 ? value : value < 1e17 ? value / 1e3 : value / 1e6;
  return ms <= MAX_TIME_MS ? ms : -1;
}

/**
 * Reads `2026-03-02T00:00:00`, with or without a fraction, then `Z` or an offset as `+02:00`, and a quote. Returns where the
 * quote is, or 0 if it is no such time.
 */
export function readClockTime(at: usize): usize {
  const separator: i32 = load<u8>(at + 10) | 32;
  if (digitsAt(at) !== DIGITS || (separator !== 116 && separator !== 32)) return 0;
  if (load<u8>(at + 4) !== 45 || load<u8>(at + 7) !== 45 || load<u8>(at + 13) !== 58 || load<u8>(at + 16) !== 58)
    return 0;
  if (load<u64>(at) !== dateHead || load<u16>(at + 8) !== dateTail) {
    if (!readDate(at)) return 0;
  }
  if ((digitsAt(at + 17) & 3) ^ 3) return 0;
  const hour = twoDigits(at + 11);
  const minute = twoDigits(at + 14);
  const second = twoDigits(at + 17);
  if (hour > 24 || minute > 59 || second > 60) return 0;
  let end = at + 19;
  fractionMs = 0;
  if (load<u8>(end) === 46) {
    end = readFraction(end + 1);
    if (end === 0) return 0;
  }
  clockMs = dateMs + <f64>hour * 3_600_000 + <f64>minute * 60_000 + <f64>second * 1e3 + fractionMs;
  if ((load<u8>(end) | 32) === 122) return load<u8>(end + 1) === 34 ? end + 1 : 0;
  return readOffset(end);
}

/** Reads digits of a second's fraction; returns where they end, or 0 if there are none. */
function readFraction(at: usize): usize {
  if ((othersThanDigits(v128.load(at)) & 15) === 8) {
    fractionMs = <f64>(10 * twoDigits(at) + <i32>load<u8>(at + 2) - 48);
    return at + 3;
  }
  let unit: f64 = 100;
  let end = at;
  for (; <u32>(load<u8>(end) - 48) < 10; end++, unit /= 10) fractionMs += <f64>(load<u8>(end) - 48) * unit;
  fractionMs = floor(fractionMs * 1e3 + 0.5) / 1e3;
  return end === at ? 0 : end;
}

/** Reads `+02:00` and a quote. */
function readOffset(at: usize): usize {
  const sign: i32 = load<u8>(at);
  if ((sign !== 43 && sign !== 45) || load<u8>(at + 3) !== 58 || load<u8>(at + 6) !== 34) return 0;
  if ((digitsAt(at + 1) & 0b11011) !== 0b11011) return 0;
  const hours = twoDigits(at + 1);
  const minutes = twoDigits(at + 4);
  if (hours > 18 || minutes > 59) return 0;
  const offset = <f64>(hours * 3_600_000 + minutes * 60_000);
  clockMs -= sign === 45 ? -offset : offset;
  return at + 6;
}

function readDate(at: usize): bool {
  const year = 100 * twoDigits(at) + twoDigits(at + 2);
  const month = twoDigits(at + 5);
  const day = twoDigits(at + 8);
  if (year < 1970 || <u32>(month - 1) > 11 || day < 1 || day > daysOfMonth(year, month)) return false;
  dateMs = <f64>daysBefore(year, month, day) * 86_400_000;
  dateHead = load<u64>(at);
  dateTail = load<u16>(at + 8);
  return true;
}

function daysOfMonth(year: i32, month: i32): i32 {
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return month === 2 ? (isLeap ? 29 : 28) : 30 + ((month + (month >> 3)) & 1);
}

/** Days from the epoch to a date of the Gregorian calendar: years begin in March, so that the leap day is their last. */
function daysBefore(year: i32, month: i32, day: i32): i32 {
  const y = month <= 2 ? year - 1 : year;
  const m = month <= 2 ? month + 9 : month - 3;
  return y * 365 + y / 4 - y / 100 + y / 400 + (m * 306 + 5) / 10 + day - 1 - 719_468;
}

function twoDigits(at: usize): i32 {
  return <i32>load<u8>(at) * 10 + <i32>load<u8>(at + 1) - 528;
}

/** Which of the sixteen bytes from `at` on are digits, a bit each. */
function digitsAt(at: usize): i32 {
  return othersThanDigits(v128.load(at)) ^ 0xffff;
}
