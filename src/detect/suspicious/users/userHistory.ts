import { SECOND_MS } from "../../../core/time.js";
import { loadHistory, saveHistory } from "./historyFile.js";
import { mergeRecord } from "./mergeRecord.js";
import { UserLocationTable } from "./userLocationTable.js";
import * as R from "./userRecord.js";
import { UserRecordStore } from "./userRecordStore.js";

/**
 * What is known of users, apart from the events it came from: it can be saved, loaded and merged.
 *
 * @example
 * ```ts
 * await writeFile("users.bin", detector.users.save());
 * const users = UserHistory.load(await readFile("users.bin"));
 * await analyze("next-day.log", { suspicious: { users } });
 * ```
 */
export class UserHistory {
  readonly store: UserRecordStore;
  readonly locations: UserLocationTable;

  constructor(maxUsers = 10_000_000, locations = new UserLocationTable()) {
    this.store = new UserRecordStore(maxUsers);
    this.locations = locations;
  }

  /** How many users are known. */
  get size(): number {
    return this.store.size;
  }

  /** Reads what {@link save} wrote. Throws `bad-user-store`. */
  static load(bytes: Uint8Array, maxUsers = 10_000_000): UserHistory {
    return loadHistory(bytes, new UserHistory(maxUsers));
  }

  /** All records, with the places that they refer to: about 128 bytes a user. */
  save(): Uint8Array {
    return saveHistory(this);
  }

  /** Adds what another history knows. Users of both are joined: earliest and latest sight, places, countries, networks. */
  merge(other: UserHistory): void {
    const spotOf = this.locations.adopt(other.locations);
    const countryOf = Uint8Array.from(other.locations.countries.values, (c) => this.locations.countries.code(c));
    other.store.forEach((block, at) => {
      const row = this.store.findOrAdd(block[at + R.KEY_LOW]!, block[at + R.KEY_HIGH]!);
      mergeRecord(this.store.block(row), this.store.offset(row), block, at, spotOf, countryOf);
    });
  }

  /** Notes that a user was just seen. `known` is the user's row, or -1 for one to be found or added; answers the row. */
  see(known: number, low: number, high: number, seconds: number, location: number): number {
    const row = known >= 0 ? known : this.store.findOrAdd(low, high);
    const block = this.store.block(row);
    const at = this.store.offset(row);
    if (seconds > block[at + R.LAST_SEEN]!) block[at + R.LAST_SEEN] = seconds;
    const first = block[at + R.FIRST_SEEN]!;
    if (first === 0 || seconds < first) block[at + R.FIRST_SEEN] = seconds;
    if (block[at + R.EVENTS]! < 0xffffffff) block[at + R.EVENTS]! += 1;
    if (location === 0) block[at + R.LAST_UNLOCATED] = seconds;
    return row;
  }

  /** When a user was first seen, epoch milliseconds; NaN for one who is not known. */
  firstSeenMs(low: number, high: number): number {
    const row = this.store.find(low, high);
    return row < 0 ? Number.NaN : this.store.block(row)[this.store.offset(row) + R.FIRST_SEEN]! * SECOND_MS;
  }

  /** What the record says of a user at a location: the slot's state, 0 where the user was not seen there. */
  stateAt(low: number, high: number, location: number): number {
    const row = this.store.find(low, high);
    if (row < 0) return 0;
    const block = this.store.block(row);
    const first = this.store.offset(row) + R.SLOTS;
    for (let k = 0; k < R.SLOT_COUNT; k++) {
      const slot = first + k * R.SLOT_WORDS;
      const other = block[slot]!;
      if (other === location || (other !== 0 && this.locations.apartKm(other, location) === 0))
        return block[slot + R.SLOT_STATE]!;
    }
    return 0;
  }
}
