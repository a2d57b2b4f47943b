import { DAY_MS } from "../../../core/time.js";

/** Users remembered of one address; more make no difference. */
const MAX_USERS = 16;
/** So many different users, over so many days, whom the address puts far from where they otherwise are. */
const EXIT_USERS = 3;
const EXIT_DAYS = 2;

interface Exit {
  readonly users: number[];
  readonly firstMs: number;
  lastMs: number;
  days: number;
}

/**
 * Addresses that put users where they are not: exits of tunnels that no list names, learned from the users themselves.
 *
 * One stolen account at an address far away is suspicious; the same address serving several people of different homes
 * day after day is a gateway.
 */
export class LearnedExits {
  readonly #exits = new Map<number, Exit>();
  readonly #maxAddresses: number;

  constructor(maxAddresses = 500_000) {
    this.#maxAddresses = maxAddresses;
  }

  /** Notes that a user was seen at an address impossibly far from another of the user's places. */
  note(address: number, user: number, timeMs: number): void {
    const exit = this.#exits.get(address);
    if (exit === undefined) {
      if (this.#exits.size >= this.#maxAddresses) this.#forgetOldest();
      this.#exits.set(address, { users: [user], firstMs: timeMs, lastMs: timeMs, days: 1 });
      return;
    }
    if (!exit.users.includes(user) && exit.users.length < MAX_USERS) exit.users.push(user);
    if (Math.floor(timeMs / DAY_MS) > Math.floor(exit.lastMs / DAY_MS)) exit.days++;
    if (timeMs > exit.lastMs) exit.lastMs = timeMs;
  }

  /** Whether an address was known to serve users away from home for a day or more before a moment. */
  isShared(address: number, beforeMs: number): boolean {
    const exit = this.#exits.get(address);
    return (
      exit !== undefined &&
      exit.users.length >= EXIT_USERS &&
      exit.days >= EXIT_DAYS &&
      exit.firstMs <= beforeMs - DAY_MS
    );
  }

  #forgetOldest(): void {
    const byAge = [...this.#exits].sort((a, b) => a[1].lastMs - b[1].lastMs);
    for (const [address] of byAge.slice(0, Math.ceil(byAge.length / 10))) this.#exits.delete(address);
  }
}
