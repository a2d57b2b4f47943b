import { addressText } from "../../../core/addressColumn.js";
import type { Dictionary } from "../../../core/dictionary.js";
import type { Events } from "../../../core/events.js";
import { grown } from "../../../core/grown.js";
import { hashLow } from "../../../core/hash.js";
import { nameText } from "../../../core/nameColumn.js";
import { DAY_MS, SECOND_MS } from "../../../core/time.js";
import { EGRESS_CLASSES } from "../egressClass.js";
import type { NetworkUnits } from "../networkUnits.js";
import type { UserHistory } from "./userHistory.js";
import * as R from "./userRecord.js";

/** A user is known well enough to be surprised by after so long and so many events. */
const KNOWN_SECONDS = (3 * DAY_MS) / SECOND_MS;
const KNOWN_EVENTS = 10;
const MAX_KEPT = 10_000;
const COUNTRIES = 256;

/** What of a user's requests may be new. */
export type UserOriginKind = "country" | "tag" | "region" | "network" | "device";

/** The first time that a well-known user came from somewhere. */
export interface NewOrigin {
  readonly user: string;
  readonly kind: UserOriginKind;
  /** Country code, place in {@link EGRESS_CLASSES}, region code or unit of networks; 0 for a device. */
  readonly origin: number;
  /** The country that the user was first seen in. */
  readonly home: number;
  readonly location: number;
  readonly address: string;
  readonly timeMs: number;
}

/** Notes the countries and kinds of network of each user, and how common each is among the users of the same country. */
export class UserOrigins {
  readonly found: NewOrigin[] = [];
  readonly #users: UserHistory;
  /** Users by home country and country seen. */
  readonly #seen = new Uint32Array(COUNTRIES * COUNTRIES);
  readonly #kinds: ReadonlySet<UserOriginKind>;
  readonly #regions: Fingerprints;
  readonly #networks: Fingerprints;
  #devices: Fingerprints | undefined;

  constructor(users: UserHistory, networks: NetworkUnits, kinds: readonly UserOriginKind[]) {
    this.#users = users;
    this.#kinds = new Set(kinds);
    this.#regions = new Fingerprints(users.locations.regions);
    this.#networks = new Fingerprints(networks.labels);
    users.store.forEach((block, at) => {
      this.#countKnown(block, at);
    });
  }

  /** Takes a located event of the user of a row; `unit` is that of its network. */
  see(row: number, location: number, egress: number, unit: number, events: Events, i: number): void {
    const block = this.#users.store.block(row);
    const at = this.#users.store.offset(row);
    const country = this.#users.locations.country[location]! & 255;
    if (country !== 0 && !R.hasByte(block, at + R.COUNTRIES, country)) {
      const home = homeOf(block, at) || country;
      this.#seen[home * COUNTRIES + country]! += 1;
      R.addByte(block, at + R.COUNTRIES, country);
      if (home !== country) this.#note("country", country, block, at, location, events, i);
    }
    if (egress > 1 && (block[at + R.CLASSES]! & (1 << egress)) === 0) {
      this.#note("tag", egress, block, at, location, events, i);
    }
    const region = this.#users.locations.region[location]!;
    this.#seePrint("region", R.REGIONS, this.#regions.of(region), region, block, at, location, events, i);
    if (unit > 0) this.#seePrint("network", R.NETWORKS, this.#networks.of(unit), unit, block, at, location, events, i);
    if (this.#kinds.has("device")) this.#seeDevice(block, at, location, events, i);
  }

  #seeDevice(block: Uint32Array, at: number, location: number, events: Events, i: number): void {
    const agents = events.dimensions.get("user_agent");
    if (agents === undefined || agents.codes[i] === 0) return;
    if (this.#devices?.names !== agents.dictionary) this.#devices = new Fingerprints(agents.dictionary);
    this.#seePrint("device", R.DEVICES, this.#devices.of(agents.codes[i]!), 0, block, at, location, events, i);
  }

  #seePrint(
    kind: UserOriginKind,
    word: number,
    print: number,
    origin: number,
    block: Uint32Array,
    at: number,
    location: number,
    events: Events,
    i: number,
  ): void {
    if (R.hasHalf(block, at + word, print)) return;
    const first = block[at + word] === 0;
    R.addHalf(block, at + word, print);
    if (!first && this.#kinds.has(kind)) this.#note(kind, origin, block, at, location, events, i);
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
    kind: UserOriginKind,
    origin: number,
    block: Uint32Array,
    at: number,
    location: number,
    events: Events,
    i: number,
  ): void {
    const timeMs = events.timeMs[i]!;
    if (!this.#kinds.has(kind)) return;
    if (timeMs / SECOND_MS - block[at + R.FIRST_SEEN]! < KNOWN_SECONDS || block[at + R.EVENTS]! < KNOWN_EVENTS) return;
    if (kind === "tag" && EGRESS_CLASSES[origin] === "carrier") return;
    if (this.found.length >= MAX_KEPT) this.found.splice(0, MAX_KEPT / 10);
    const [user, address] = [nameText(events.user, i), addressText(events.client, i)];
    this.found.push({ user, kind, origin, home: homeOf(block, at), location, address, timeMs });
  }

  #countKnown(block: Uint32Array, at: number): void {
    const home = homeOf(block, at);
    for (let k = 0; k < 8; k++) {
      const country = (block[at + R.COUNTRIES + (k >> 2)]! >>> (8 * (k & 3))) & 255;
      if (country !== 0) this.#seen[home * COUNTRIES + country]! += 1;
    }
  }
}

/** Sixteen bits of each name's hash, never 0: the same in every process, so that records can be merged. */
class Fingerprints {
  readonly names: Dictionary;
  #prints = new Uint16Array(64);
  #length = 0;

  constructor(names: Dictionary) {
    this.names = names;
  }

  of(code: number): number {
    if (code >= this.#length) this.#extend();
    return this.#prints[code]!;
  }

  #extend(): void {
    const { size } = this.names;
    if (size > this.#prints.length) this.#prints = grown(this.#prints, 2 * size);
    for (let code = this.#length; code < size; code++) {
      const bytes = encoder.encode(this.names.value(code));
      this.#prints[code] = hashLow(bytes, 0, bytes.length) & 0xffff || 1;
    }
    this.#length = size;
  }
}

const encoder = new TextEncoder();

/** The country that was noted first: the last of the codes that are there. */
function homeOf(block: Uint32Array, at: number): number {
  const word = block[at + R.COUNTRIES + 1]! || block[at + R.COUNTRIES]!;
  return word === 0 ? 0 : (word >>> (8 * (3 - (Math.clz32(word) >>> 3)))) & 255;
}
