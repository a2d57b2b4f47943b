import { addressText, IPV4, ipv4Text } from "../../../core/addressColumn.js";
import type { Events } from "../../../core/events.js";
import { nameText } from "../../../core/nameColumn.js";
import { DAY_MS, HOUR_MS, SECOND_MS } from "../../../core/time.js";
import { addressKey } from "../addressKey.js";
import { EGRESS_CLASSES } from "../egressClass.js";
import type { UserLocationTable } from "../users/userLocationTable.js";
import * as R from "../users/userRecord.js";
import type { UserRecordStore } from "../users/userRecordStore.js";
import { LearnedExits } from "./learnedExits.js";
import { LONGEST_TRAVEL_HOURS, minimumTravelHours } from "./minimumTravelHours.js";
import { newEpisode, noteInEpisode, type TravelEpisode } from "./travelEpisode.js";

const LONGEST_SECONDS = LONGEST_TRAVEL_HOURS * 3_600;
const DAY_SECONDS = DAY_MS / SECOND_MS;
/** An episode ends when the other place is not seen for so long. */
const EPISODE_GAP_MS = 6 * HOUR_MS;
/** In the word of egress classes: an episode of this user is open. */
const EPISODE_OPEN = 0x80000000;
const CARRIER = EGRESS_CLASSES.indexOf("carrier");
const OWN = EGRESS_CLASSES.indexOf("own");
/** At most so many episodes are kept for judging; the earliest go first. */
const MAX_EPISODES = 100_000;

/**
 * Follows each user's places and opens an episode where two of them were used within less time than the journey takes.
 *
 * Every event is held against all recent places of its user, not only the last. A network behind which a person may be
 * anywhere (tunnel, relay, satellite, hosting) is compared but never becomes one of the user's places.
 */
export class TravelWatch {
  readonly exits = new LearnedExits();
  readonly closed: TravelEpisode[] = [];
  readonly #open = new Map<number, TravelEpisode>();
  readonly #store: UserRecordStore;
  readonly #locations: UserLocationTable;
  readonly #skewSeconds: number;

  constructor(store: UserRecordStore, locations: UserLocationTable, clockSkewMs: number) {
    this.#store = store;
    this.#locations = locations;
    this.#skewSeconds = clockSkewMs / SECOND_MS;
  }

  /** Every episode, closed or open. */
  episodes(): TravelEpisode[] {
    return [...this.closed, ...this.#open.values()];
  }

  /** Takes an event that proves where a user was: row `i` of `events`, at a location that is not 0. */
  see(row: number, location: number, egress: number, events: Events, i: number): void {
    if (egress === OWN) return;
    const block = this.#store.block(row);
    const at = this.#store.offset(row);
    const seconds = Math.floor(events.timeMs[i]! / SECOND_MS);
    const here = this.#slotOf(block, at, location);
    if ((block[at + R.CLASSES]! & EPISODE_OPEN) !== 0) this.#goOn(row, location, events, i);
    const from = this.#hopFrom(block, at, here, location, seconds);
    const lasting = egress === 0 || egress === CARRIER;
    if (from >= 0) this.#hop(row, from, here, location, egress, lasting, events, i);
    if (lasting) this.#settle(block, at, here, location, egress, seconds, from >= 0, events, i);
    block[at + R.CLASSES]! |= 1 << egress;
  }

  /** The slot that holds a location or one whose circle of accuracy meets it, or -1. */
  #slotOf(block: Uint32Array, at: number, location: number): number {
    const first = at + R.SLOTS;
    for (let k = 0; k < R.SLOT_COUNT; k++) if (block[first + k * R.SLOT_WORDS] === location) return k;
    for (let k = 0; k < R.SLOT_COUNT; k++) {
      const other = block[first + k * R.SLOT_WORDS]!;
      if (other !== 0 && this.#locations.apartKm(other, location) === 0) return k;
    }
    return -1;
  }

  /** The slot from which a location cannot have been reached in time, the most impossible one; -1 if all can. */
  #hopFrom(block: Uint32Array, at: number, here: number, location: number, seconds: number): number {
    let worst = 1;
    let from = -1;
    for (let k = 0; k < R.SLOT_COUNT; k++) {
      const slot = at + R.SLOTS + k * R.SLOT_WORDS;
      const other = block[slot]!;
      if (k === here || other === 0) continue;
      const took = Math.abs(seconds - block[slot + R.SLOT_SEEN]!) + this.#skewSeconds;
      if (took >= LONGEST_SECONDS) continue;
      const needs = 3_600 * minimumTravelHours(this.#locations.apartKm(other, location));
      if (needs > worst * Math.max(1, took)) {
        worst = needs / Math.max(1, took);
        from = k;
      }
    }
    return from;
  }

  #hop(
    row: number,
    from: number,
    here: number,
    location: number,
    egress: number,
    lasting: boolean,
    events: Events,
    i: number,
  ): void {
    const block = this.#store.block(row);
    const at = this.#store.offset(row);
    const state = (k: number): number => (k < 0 ? 0 : block[at + R.SLOTS + k * R.SLOT_WORDS + R.SLOT_STATE]!);
    const towards = weight(state(here)) <= weight(state(from));
    if (towards) this.exits.note(addressKey(events.client, i), events.user.low[i]!, events.timeMs[i]!);
    if (lasting && here >= 0 && this.#isUsualPair(block, at, from, here)) return;
    if (!lasting && (block[at + R.CLASSES]! & (1 << egress)) !== 0) return;
    if ((block[at + R.CLASSES]! & EPISODE_OPEN) !== 0) this.#widen(row, location, towards);
    else this.#openEpisode(row, from, location, egress, state(here), towards, events, i);
  }

  #isUsualPair(block: Uint32Array, at: number, from: number, here: number): boolean {
    const a = block[at + R.SLOTS + from * R.SLOT_WORDS + R.SLOT_STATE]!;
    const b = block[at + R.SLOTS + here * R.SLOT_WORDS + R.SLOT_STATE]!;
    return (R.isUsual(a) && R.isUsual(b)) || R.pairHops(block[at + R.PAIRS]!, from, here) >= 3;
  }

  #openEpisode(
    row: number,
    from: number,
    location: number,
    egress: number,
    hereState: number,
    towards: boolean,
    events: Events,
    i: number,
  ): void {
    const block = this.#store.block(row);
    const at = this.#store.offset(row);
    const slot = at + R.SLOTS + from * R.SLOT_WORDS;
    const otherState = block[slot + R.SLOT_STATE]!;
    const there = { location: block[slot]!, state: otherState, timeMs: block[slot + R.SLOT_SEEN]! * SECOND_MS };
    const here = { location, state: hereState, timeMs: events.timeMs[i]! };
    const user = { row, low: events.user.low[i]!, high: events.user.high[i]!, name: nameText(events.user, i) };
    const km = this.#locations.apartKm(there.location, location);
    const egressClass = egress !== 0 ? egress : R.slotClass(otherState);
    const episode = newEpisode(user, towards ? there : here, towards ? here : there, egressClass, km);
    if ((R.slotFlags(otherState) & R.FLAG_NO_IPV4) === 0) {
      const v4 = block[slot + R.SLOT_ADDRESS]!;
      noteInEpisode(episode, !towards, there.timeMs, ipv4Text(v4), v4);
    }
    noteInEpisode(episode, towards, here.timeMs, addressText(events.client, i), addressKey(events.client, i));
    const stale = this.#open.get(row); // of a user who was evicted meanwhile
    if (stale !== undefined) this.closed.push(stale);
    this.#open.set(row, episode);
    block[at + R.CLASSES]! |= EPISODE_OPEN;
  }

  /** Counts an event of a user whose episode is open, or closes the episode when it has been over for long. */
  #goOn(row: number, location: number, events: Events, i: number): void {
    const episode = this.#open.get(row);
    const timeMs = events.timeMs[i]!;
    if (episode === undefined || timeMs > episode.endMs + LONGEST_SECONDS * SECOND_MS) {
      this.#close(row);
      return;
    }
    const away = this.#locations.apartKm(location, episode.awaySpot) === 0 || episode.elsewhere.has(location);
    if (timeMs > episode.endMs + EPISODE_GAP_MS) {
      if (away) this.#close(row);
      return; // at home again: what makes the hop impossible is the same stay elsewhere
    }
    const home = !away && this.#locations.apartKm(location, episode.homeSpot) === 0;
    if (!away && !home) return;
    if (episode.elsewhere.has(location)) episode.elsewhere.set(location, episode.elsewhere.get(location)! + 1);
    noteInEpisode(episode, away, timeMs, addressText(events.client, i), addressKey(events.client, i));
  }

  /** Adds a third place to an open episode. */
  #widen(row: number, location: number, towards: boolean): void {
    const episode = this.#open.get(row);
    if (episode === undefined || !towards) return;
    const known = [episode.homeSpot, episode.awaySpot].some((other) => this.#locations.apartKm(other, location) === 0);
    if (!known && !episode.elsewhere.has(location)) episode.elsewhere.set(location, 1);
  }

  /** Closes episodes that cannot go on after a moment. */
  closeBefore(timeMs: number): void {
    for (const [row, episode] of this.#open) {
      if (episode.endMs + LONGEST_SECONDS * SECOND_MS < timeMs) this.#close(row);
    }
  }

  #close(row: number): void {
    const episode = this.#open.get(row);
    this.#store.block(row)[this.#store.offset(row) + R.CLASSES]! &= ~EPISODE_OPEN;
    if (episode === undefined) return;
    this.#open.delete(row);
    this.closed.push(episode);
    if (this.closed.length > MAX_EPISODES) this.closed.splice(0, MAX_EPISODES / 10);
  }

  /** Writes the event into the user's places. */
  #settle(
    block: Uint32Array,
    at: number,
    here: number,
    location: number,
    egress: number,
    seconds: number,
    hopped: boolean,
    events: Events,
    i: number,
  ): void {
    const k = here >= 0 ? here : freeSlot(block, at);
    const slot = at + R.SLOTS + k * R.SLOT_WORDS;
    const fresh = here < 0;
    if (fresh) this.#clear(block, at, k, location);
    const state = block[slot + R.SLOT_STATE]!;
    const seen = block[slot + R.SLOT_SEEN]!;
    const newDay = fresh || Math.floor(seconds / DAY_SECONDS) > Math.floor(seen / DAY_SECONDS);
    const v4 = events.client.family[i] === IPV4;
    const flags =
      ((fresh && hopped) || (R.slotFlags(state) & R.FLAG_HOPPED) !== 0 ? R.FLAG_HOPPED : 0) | (v4 ? 0 : R.FLAG_NO_IPV4);
    block[slot + R.SLOT_STATE] = R.slotState(
      R.slotEvents(state) + 1,
      R.slotDays(state) + (newDay ? 1 : 0),
      egress,
      flags,
    );
    if (seconds > seen) block[slot + R.SLOT_SEEN] = seconds;
    block[slot + R.SLOT_ADDRESS] = v4 ? events.client.value[i]! : 0;
    if (hopped && newDay) countHops(block, at, k);
  }

  #clear(block: Uint32Array, at: number, k: number, location: number): void {
    const slot = at + R.SLOTS + k * R.SLOT_WORDS;
    block[slot + R.SLOT_SPOT] = location;
    block[slot + R.SLOT_SEEN] = 0;
    block[slot + R.SLOT_STATE] = 0;
    for (let j = 0; j < R.SLOT_COUNT; j++) if (j !== k) block[at + R.PAIRS]! &= ~(15 << R.pairShift(j, k));
  }
}

/** How much a place is the user's own: days first, then events. */
const weight = (state: number): number => 100 * R.slotDays(state) + Math.min(99, R.slotEvents(state));

/** An unused slot, or the one that is missed least: seen long ago on few days. A day of use counts for two of age. */
function freeSlot(block: Uint32Array, at: number): number {
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let k = 0; k < R.SLOT_COUNT; k++) {
    const slot = at + R.SLOTS + k * R.SLOT_WORDS;
    if (block[slot] === 0) return k;
    const worth = block[slot + R.SLOT_SEEN]! + 2 * DAY_SECONDS * R.slotDays(block[slot + R.SLOT_STATE]!);
    if (worth < least) {
      least = worth;
      best = k;
    }
  }
  return best;
}

/** Counts a hop between slot `k` and each other place of the last day. */
function countHops(block: Uint32Array, at: number, k: number): void {
  const seen = block[at + R.SLOTS + k * R.SLOT_WORDS + R.SLOT_SEEN]!;
  for (let j = 0; j < R.SLOT_COUNT; j++) {
    const slot = at + R.SLOTS + j * R.SLOT_WORDS;
    if (j === k || block[slot] === 0 || Math.abs(seen - block[slot + R.SLOT_SEEN]!) > LONGEST_SECONDS) continue;
    const shift = R.pairShift(j, k);
    if (((block[at + R.PAIRS]! >>> shift) & 15) < 15) block[at + R.PAIRS]! += 1 << shift;
  }
}
