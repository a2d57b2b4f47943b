import { type LocalToUtc, timeBytes } from "./timeBytes.js";

const ZERO = 48;

/**
 * Reads the common log's `02/Mar/2026:13:55:36 +0000` where day and offset are those of the line before, which they
 * nearly always are: then only the time of day is looked at.
 */
export class ClfClock {
  #day0 = 0;
  #day1 = 0;
  #day2 = 0;
  #zone0 = 0;
  #zone1 = 0;
  /** Epoch milliseconds of the day's start at the offset. */
  #startMs = Number.NaN;
  readonly #localToUtc: LocalToUtc | undefined;

  constructor(localToUtc: LocalToUtc | undefined) {
    this.#localToUtc = localToUtc;
  }

  /** Epoch milliseconds of the 26 bytes at `at`, which `]` follows; NaN if they are another form of time, or none. */
  timeMs(bytes: Uint8Array, view: DataView, at: number): number {
    const day0 = view.getInt32(at, true);
    const day1 = view.getInt32(at + 4, true);
    const day2 = view.getInt32(at + 8, true);
    const zone0 = view.getInt32(at + 20, true);
    const zone1 = view.getInt32(at + 23, true);
    if (
      day0 !== this.#day0 ||
      day1 !== this.#day1 ||
      day2 !== this.#day2 ||
      zone0 !== this.#zone0 ||
      zone1 !== this.#zone1
    ) {
      const midnight = this.#learn(bytes, at);
      if (Number.isNaN(midnight)) return Number.NaN;
      this.#day0 = day0;
      this.#day1 = day1;
      this.#day2 = day2;
      this.#zone0 = zone0;
      this.#zone1 = zone1;
      this.#startMs = midnight;
    }
    const h1 = bytes[at + 12]! - ZERO;
    const h2 = bytes[at + 13]! - ZERO;
    const m1 = bytes[at + 15]! - ZERO;
    const m2 = bytes[at + 16]! - ZERO;
    const s1 = bytes[at + 18]! - ZERO;
    const s2 = bytes[at + 19]! - ZERO;
    const isClock = isDigit(h1) && isDigit(h2) && isBelow6(m1) && isDigit(m2) && isBelow6(s1) && isDigit(s2);
    const hour = 10 * h1 + h2;
    if (!isClock || hour > 23 || bytes[at + 14] !== 58 || bytes[at + 17] !== 58) return Number.NaN;
    return this.#startMs + ((hour * 60 + 10 * m1 + m2) * 60 + 10 * s1 + s2) * 1000;
  }

  /** The start of the day of the 26 bytes at `at`; NaN if they are no such time. */
  #learn(bytes: Uint8Array, at: number): number {
    if (bytes[at + 26] !== 93) return Number.NaN;
    const midnight = bytes.slice(at, at + 26);
    for (const i of [12, 13, 15, 16, 18, 19]) midnight[i] = ZERO;
    return timeBytes(midnight, 0, 26, this.#localToUtc);
  }
}

function isDigit(value: number): boolean {
  return value >= 0 && value <= 9;
}

function isBelow6(value: number): boolean {
  return value >= 0 && value < 6;
}
