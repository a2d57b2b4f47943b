import { CLIENT_ERROR, DENIED, ERROR } from "./statusMeaning.js";

/** A counter for every possible key. */
export interface KeyCounters {
  readonly count: Uint32Array;
  readonly errors: Uint32Array;
  readonly clientErrors: Uint32Array;
  readonly denied: Uint32Array;
}

/** Counters that are all 0. */
export function keyCounters(size: number): KeyCounters {
  const table = (): Uint32Array => new Uint32Array(size);
  return { count: table(), errors: table(), clientErrors: table(), denied: table() };
}

/**
 * Counts some events by key.
 *
 * @param keys - those of the events are keys[at, at + rows)
 * @param status - those of the events begin at `from`
 *
 * Four rows at a time, all that is read before anything is written: a load behind a store to an address that is not known
 * yet waits for it, which halves the speed.
 */
export function countKeys(
  counters: KeyCounters,
  keys: Int32Array,
  at: number,
  status: Uint16Array,
  meaning: Uint8Array,
  from: number,
  rows: number,
): void {
  const { count } = counters;
  const fours = rows & ~3;
  for (let i = 0; i < fours; i += 4) {
    const key0 = keys[at + i]!;
    const key1 = keys[at + i + 1]!;
    const key2 = keys[at + i + 2]!;
    const key3 = keys[at + i + 3]!;
    const bits0 = meaning[status[from + i]!]!;
    const bits1 = meaning[status[from + i + 1]!]!;
    const bits2 = meaning[status[from + i + 2]!]!;
    const bits3 = meaning[status[from + i + 3]!]!;
    count[key0] = ((count[key0]! | 0) + 1) | 0;
    count[key1] = ((count[key1]! | 0) + 1) | 0;
    count[key2] = ((count[key2]! | 0) + 1) | 0;
    count[key3] = ((count[key3]! | 0) + 1) | 0;
    if ((bits0 | bits1 | bits2 | bits3) === 0) continue;
    if (bits0 !== 0) countStatus(counters, key0, bits0);
    if (bits1 !== 0) countStatus(counters, key1, bits1);
    if (bits2 !== 0) countStatus(counters, key2, bits2);
    if (bits3 !== 0) countStatus(counters, key3, bits3);
  }
  for (let i = fours; i < rows; i++) {
    const key = keys[at + i]!;
    count[key] = ((count[key]! | 0) + 1) | 0;
    countStatus(counters, key, meaning[status[from + i]!]!);
  }
}

function countStatus({ errors, clientErrors, denied }: KeyCounters, key: number, bits: number): void {
  errors[key]! += bits & ERROR;
  clientErrors[key]! += (bits & CLIENT_ERROR) >> 1;
  denied[key]! += (bits & DENIED) >> 2;
}
