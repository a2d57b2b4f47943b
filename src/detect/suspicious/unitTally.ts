import {
  type AddressWindow,
  distinctOf,
  W_COUNT,
  W_ERRORS,
  W_NAMED,
  W_PATH,
  W_PATH_VOTES,
  W_REFUSED,
  W_USER_BITS,
  WINDOW_WORDS,
} from "./addressWindow.js";

/** What a city, a network, a country or the world did in one window. */
export interface UnitTally {
  readonly unit: number;
  addresses: number;
  requests: number;
  /** Requests that name a user. */
  named: number;
  /** 4xx but 404, and 5xx. */
  refused: number;
  errors: number;
  /** Different users, an address at a time. */
  users: number;
  /** Requests by the path that most requests of an address are for. */
  readonly paths: Map<number, number>;
  /** Rows of the window, by where each begins. */
  readonly rows: number[];
}

/** Sums the rows of a window by the unit that each belongs to; unit 0 is left out. */
export function tallyUnits(window: AddressWindow, unitOf: (at: number) => number): UnitTally[] {
  const tallies: UnitTally[] = [];
  const byUnit = new Map<number, UnitTally>();
  for (let row = 0; row < window.length; row++) {
    const at = row * WINDOW_WORDS;
    const unit = unitOf(at);
    if (unit === 0) continue;
    let tally = byUnit.get(unit);
    if (tally === undefined) {
      tally = {
        unit,
        addresses: 0,
        requests: 0,
        named: 0,
        refused: 0,
        errors: 0,
        users: 0,
        paths: new Map(),
        rows: [],
      };
      byUnit.set(unit, tally);
      tallies.push(tally);
    }
    addRow(tally, window, at);
  }
  return tallies;
}

function addRow(tally: UnitTally, window: AddressWindow, at: number): void {
  const { rows } = window;
  tally.addresses++;
  tally.requests += rows[at + W_COUNT]!;
  tally.named += rows[at + W_NAMED]!;
  tally.refused += rows[at + W_REFUSED]!;
  tally.errors += rows[at + W_ERRORS]!;
  tally.users += distinctOf(rows[at + W_USER_BITS]!);
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
