import type { UserLocationTable } from "../users/userLocationTable.js";
import { type AddressWindow, W_NETWORK, W_SPOT } from "../volume/addressWindow.js";
import { FAILED, UNCLEAR } from "./loginOutcomes.js";
import type { LoginWindow } from "./loginWindow.js";

/** Log-ins of one unit in one window. */
export interface LoginTally {
  attempts: number;
  failures: number;
  /** Different names that failed; counting stops at 64. */
  readonly users: Set<number>;
  /** Failures that name nobody, and the addresses that they are from; counting stops at 64. */
  nameless: number;
  readonly addresses: Set<number>;
}

/** Log-ins of a window by where they came from. */
export interface LoginTallies {
  /** By row of the window of addresses. */
  readonly sources: Map<number, LoginTally>;
  /** By city code of the locations; 0 is unlocated. */
  readonly cities: Map<number, LoginTally>;
  /** By unit of networks; 0 is unknown. */
  readonly networks: Map<number, LoginTally>;
  /** By country code of the locations; 0 is unlocated. */
  readonly countries: Map<number, LoginTally>;
  readonly world: LoginTally;
}

export function tallyLogins(logins: LoginWindow, addresses: AddressWindow, locations: UserLocationTable): LoginTallies {
  const tallies = {
    sources: new Map<number, LoginTally>(),
    cities: new Map<number, LoginTally>(),
    networks: new Map<number, LoginTally>(),
    countries: new Map<number, LoginTally>(),
    world: newTally(),
  };
  for (let i = 0; i < logins.length; i++) {
    const at = logins.source[i]!;
    const location = addresses.rows[at + W_SPOT]!;
    if (logins.outcome[i] === UNCLEAR) continue;
    const failed = logins.outcome[i] === FAILED;
    const user = userKey(logins.userLow[i]!, logins.userHigh[i]!);
    count(tallyOf(tallies.sources, at), failed, user, at);
    count(tallyOf(tallies.cities, locations.city[location]!), failed, user, at);
    count(tallyOf(tallies.networks, addresses.rows[at + W_NETWORK]!), failed, user, at);
    count(tallyOf(tallies.countries, locations.country[location]!), failed, user, at);
    count(tallies.world, failed, user, at);
  }
  return tallies;
}

/** 53 bits of a user's 64-bit hash: what a JavaScript number holds. */
export const userKey = (low: number, high: number): number => high * 2_097_152 + (low >>> 11);

const newTally = (): LoginTally => ({
  attempts: 0,
  failures: 0,
  users: new Set(),
  nameless: 0,
  addresses: new Set(),
});

function tallyOf(units: Map<number, LoginTally>, unit: number): LoginTally {
  let tally = units.get(unit);
  if (tally === undefined) units.set(unit, (tally = newTally()));
  return tally;
}

function count(tally: LoginTally, failed: boolean, user: number, address: number): void {
  tally.attempts++;
  if (!failed) return;
  tally.failures++;
  if (user === 0) tally.nameless++;
  else if (tally.users.size < 64) tally.users.add(user);
  if (tally.addresses.size < 64) tally.addresses.add(address);
}
