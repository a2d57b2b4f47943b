import { addressText } from "../../core/addressColumn.js";
import type { Events } from "../../core/events.js";
import { nameText } from "../../core/nameColumn.js";
import { DAY_MS, SECOND_MS } from "../../core/time.js";
import { EGRESS_CLASSES } from "./egressClass.js";
import type { UserHistory } from "./userHistory.js";
import * as R from "./userRecord.js";

/** A user is known well enough to be surprised by after so long and so many events. */
const KNOWN_SECONDS = (3 * DAY_MS) / SECOND_MS;
const KNOWN_EVENTS = 10;
const MAX_KEPT = 10_000;
const COUNTRIES = 256;

/** The first time that a well-known user came from somewhere. */
export interface NewOrigin {
  readonly user: string;
  readonly kind: "country" | "tag";
  /** Country code, or place in {@link EGRESS_CLASSES}. */
  readonly origin: number;
  /** The country that the user was first seen in. */
  readonly home: number;
  readonly spot: number;
  readonly address: string;
  readonly timeMs: number;
}

/** Notes the countries and kinds of network of each user, and how common each is among the users of the same country. */
export class UserOrigins {
  readonly found: NewOrigin[] = [];
  readonly #users: UserHistory;
  /** Users by home country and country seen. */
  readonly #seen = new Uint32Array(COUNTRIES * COUNTRIES);

  constructor(users: UserHistory) {
    this.#users = users;
    users.store.forEach((block, at) => {
      this.#countKnown(block, at);
    });
  }

  /** Takes a located event of the user of a row. */
  see(row: number, spot: number, egress: number, events: Events, i: number): void {
    const block = this.#users.store.block(row);
    const at = this.#users.store.offset(row);
    const country = this.#users.spots.country[spot]! & 255;
    if (country !== 0 && !R.hasByte(block, at + R.COUNTRIES, country)) {
      const home = homeOf(block, at) || country;
      this.#seen[home * COUNTRIES + country]! += 1;
      R.addByte(block, at + R.COUNTRIES, country);
      if (home !== country) this.#note("country", country, home, block, at, spot, events, i);
    }
    if (egress > 1 && (block[at + R.CLASSES]! & (1 << egress)) === 0) {
      this.#note("tag", egress, homeOf(block, at), block, at, spot, events, i);
    }
  }

  /** Share of the users of a country who were seen in another, at the least one user in as many as there are. */
  shareOfPeers(home: number, country: number): number {
    return this.#seen[home * COUNTRIES + country]! / Math.max(1, this.#seen[home * COUNTRIES + home]!);
  }
  /** Share of all users who were seen in a country. */
  shareOfAll(country: number): number {
    let [there, all] = [0, 0];
    for (let home = 1; home < COUNTRIES; home++) {
      there += this.#seen[home * COUNTRIES + country]!;
      all += this.#seen[home * COUNTRIES + home]!;
    }
    return there / Math.max(1, all);
  }

  #note(
    kind: "country" | "tag",
    origin: number,
    home: number,
    block: Uint32Array,
    at: number,
    spot: number,
    events: Events,
    i: number,
  ): void {
    const timeMs = events.timeMs[i]!;
    if (timeMs / SECOND_MS - block[at + R.FIRST_SEEN]! < KNOWN_SECONDS || block[at + R.EVENTS]! < KNOWN_EVENTS) return;
    if (kind === "tag" && EGRESS_CLASSES[origin] === "carrier") return;
    if (this.found.length >= MAX_KEPT) this.found.splice(0, MAX_KEPT / 10);
    const [user, address] = [nameText(events.user, i), addressText(events.client, i)];
    this.found.push({ user, kind, origin, home, spot, address, timeMs });
  }

  #countKnown(block: Uint32Array, at: number): void {
    const home = homeOf(block, at);
    for (let k = 0; k < 8; k++) {
      const country = (block[at + R.COUNTRIES + (k >> 2)]! >>> (8 * (k & 3))) & 255;
      if (country !== 0) this.#seen[home * COUNTRIES + country]! += 1;
    }
  }
}

/** The country that was noted first: the last of the codes that are there. */
function homeOf(block: Uint32Array, at: number): number {
  const word = block[at + R.COUNTRIES + 1]! || block[at + R.COUNTRIES]!;
  return word === 0 ? 0 : (word >>> (8 * (3 - (Math.clz32(word) >>> 3)))) & 255;
}
