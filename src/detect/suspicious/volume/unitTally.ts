import { grown } from "../../../core/grown.js";
import {
  type AddressWindow,
  W_COUNT,
  W_ERRORS,
  W_NAMED,
  W_PATH,
  W_PATH_VOTES,
  W_REFUSED,
  WINDOW_WORDS,
} from "./addressWindow.js";

/** The unit that a row of a window belongs to, by where the row begins; 0 is none. */
export type UnitOf = (at: number) => number;

/** Requests by unit, and those that name a user: all that judging a quiet window takes. */
export class UnitSums {
  /** Units that occur in the window, in order of appearance; the first `length` are filled. */
  units = new Uint32Array(64);
  length = 0;
  requests = new Float64Array(64);
  named = new Float64Array(64);

  /** Replaces what was summed before. */
  sum(window: AddressWindow, unitOf: UnitOf): void {
    for (let i = 0; i < this.length; i++) this.requests[this.units[i]!] = this.named[this.units[i]!] = 0;
    this.length = 0;
    const { rows } = window;
    const end = window.length * WINDOW_WORDS;
    for (let at = 0; at < end; at += WINDOW_WORDS) {
      const unit = unitOf(at);
      if (unit === 0) continue;
      if (unit >= this.requests.length) this.#grow(2 * unit);
      if (this.requests[unit] === 0) this.#append(unit);
      this.requests[unit]! += rows[at + W_COUNT]!;
      this.named[unit]! += rows[at + W_NAMED]!;
    }
  }

  #append(unit: number): void {
    if (this.length === this.units.length) this.units = grown(this.units, 2 * this.length);
    this.units[this.length++] = unit;
  }

  #grow(units: number): void {
    this.requests = grown(this.requests, units + 1);
    this.named = grown(this.named, units + 1);
  }
}

/** What a city, a network, a country or the world did in one window, in full. */
export interface UnitTally {
  readonly unit: number;
  addresses: number;
  requests: number;
  /** Requests that name a user. */
  named: number;
  /** 4xx but 404, and 5xx. */
  refused: number;
  errors: number;
  /** Requests by the path that most requests of an address are for. */
  readonly paths: Map<number, number>;
  /** Rows of the window, by where each begins. */
  readonly rows: number[];
}

/** Sums the rows of a window that belong to one unit. */
export function tallyUnit(window: AddressWindow, unit: number, unitOf: UnitOf): UnitTally {
  const tally = { unit, addresses: 0, requests: 0, named: 0, refused: 0, errors: 0, paths: new Map(), rows: [] };
  const end = window.length * WINDOW_WORDS;
  for (let at = 0; at < end; at += WINDOW_WORDS) if (unitOf(at) === unit) addRow(tally, window, at);
  return tally;
}

function addRow(tally: UnitTally, window: AddressWindow, at: number): void {
  const { rows } = window;
  tally.addresses++;
  tally.requests += rows[at + W_COUNT]!;
  tally.named += rows[at + W_NAMED]!;
  tally.refused += rows[at + W_REFUSED]!;
  tally.errors += rows[at + W_ERRORS]!;
  tally.rows.push(at);
  const path = rows[at + W_PATH]!;
  if (path === 0) return;
  const sure = (rows[at + W_COUNT]! + rows[at + W_PATH_VOTES]!) / 2; // a majority is at most so many of the row's requests
  tally.paths.set(path, (tally.paths.get(path) ?? 0) + sure);
}

/** The path that most requests of a tally are for, and about their number. */
export function mainPath(tally: UnitTally): { path: number; requests: number } {
  let best = { path: 0, requests: 0 };
  for (const [path, requests] of tally.paths) if (requests > best.requests) best = { path, requests };
  return best;
}
