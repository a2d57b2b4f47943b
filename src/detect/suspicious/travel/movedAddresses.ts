import { HOUR_MS } from "../../../core/time.js";
import { RecentKeys } from "../../recentKeys.js";

const MAX_ADDRESSES = 1_000_000;
const MAX_MOVES = 50_000;
/** So many addresses that move the same way within so long are a change of the database, and no journey for others either. */
const MIN_TOGETHER = 3;
const TOGETHER_MS = 6 * HOUR_MS;

interface Move {
  readonly from: number;
  readonly to: number;
  readonly timeMs: number;
}

/** Addresses that a newer address database puts somewhere else. Who comes from such an address has not travelled. */
export class MovedAddresses {
  readonly #location = new RecentKeys(MAX_ADDRESSES);
  readonly #moves = new Map<number, Move[]>();
  readonly #together = new Map<string, Move[]>();

  /** Notes where an address is located. */
  see(address: number, location: number, timeMs: number): void {
    if (location === 0) return;
    const before = this.#location.get(address);
    if (before === location) return;
    this.#location.set(address, location);
    if (before === undefined || this.#moves.size >= MAX_MOVES) return;
    const move = { from: before, to: location, timeMs };
    append(this.#moves, address, move);
    append(this.#together, `${before} ${location}`, move);
  }

  /** Whether an address was located at both of two places. */
  isAtBoth(address: number, a: (location: number) => boolean, b: (location: number) => boolean): boolean {
    return (this.#moves.get(address) ?? []).some(({ from, to }) => (a(from) && b(to)) || (b(from) && a(to)));
  }

  /** Whether many addresses moved from one place to another around a moment. */
  isRelocated(from: number, to: number, timeMs: number): boolean {
    const moves = [...(this.#together.get(`${from} ${to}`) ?? []), ...(this.#together.get(`${to} ${from}`) ?? [])];
    return moves.filter((move) => Math.abs(move.timeMs - timeMs) <= TOGETHER_MS).length >= MIN_TOGETHER;
  }
}

function append<K>(map: Map<K, Move[]>, key: K, move: Move): void {
  const moves = map.get(key);
  if (moves === undefined) map.set(key, [move]);
  else if (moves.length < 1_000) moves.push(move);
}
