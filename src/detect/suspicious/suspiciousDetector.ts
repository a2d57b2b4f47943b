import { hashAddressesInto, NO_ADDRESS } from "../../core/addressColumn.js";
import type { Dictionary } from "../../core/dictionary.js";
import type { Events } from "../../core/events.js";
import type { Finding } from "../finding.js";
import * as W from "./addressWindow.js";
import { AddressWindow } from "./addressWindow.js";
import { EgressCodes } from "./egressClass.js";
import { isDenied, LoginRules } from "./loginRules.js";
import { LoginWindow } from "./loginWindow.js";
import { NetworkUnits } from "./networkUnits.js";
import { SpotTable } from "./spotTable.js";
import type { StuffingAttack } from "./stuffingAttack.js";
import { stuffingFinding } from "./stuffingFindings.js";
import { StuffingWatch } from "./stuffingWatch.js";
import type { SurgeEpisode } from "./surgeEpisode.js";
import { surgeFinding } from "./surgeFindings.js";
import { SurgeWatch } from "./surgeWatch.js";
import { type ResolvedOptions, resolveOptions, type SuspiciousOptions } from "./suspiciousOptions.js";
import { travelFinding } from "./travelFindings.js";
import { TravelWatch } from "./travelWatch.js";
import * as R from "./userRecord.js";
import { UserStore } from "./userStore.js";

/**
 * Finds people and machines where they should not be, in one pass over events in time order.
 *
 * Push batches as they come, ask for findings whenever: asking changes nothing. State is bounded: a record a user, and
 * two windows of addresses.
 */
export class SuspiciousDetector {
  readonly #options: ResolvedOptions;
  readonly #spots = new SpotTable();
  readonly #networks = new NetworkUnits();
  readonly #egress = new EgressCodes();
  readonly #logins: LoginRules;
  readonly #users: UserStore;
  readonly #travel: TravelWatch;
  readonly #stuffing: StuffingWatch;
  readonly #surges: SurgeWatch;
  readonly #windows: Window[];
  #paths: Dictionary | undefined;
  #current = Number.NaN;
  #low = new Uint32Array(0);
  #high = new Uint32Array(0);

  /** Throws `bad-option`. */
  constructor(options: SuspiciousOptions = {}) {
    this.#options = resolveOptions(options);
    this.#logins = new LoginRules(this.#options.logins);
    this.#users = new UserStore(this.#options.maxUsers);
    this.#travel = new TravelWatch(this.#users, this.#spots, this.#options.clockSkewMs);
    this.#stuffing = new StuffingWatch(this.#spots);
    this.#surges = new SurgeWatch(this.#spots);
    this.#windows = [0, 1].map(() => ({
      addresses: new AddressWindow(this.#options.maxAddresses),
      logins: new LoginWindow(),
    }));
  }

  /** Takes a batch. Rows may be out of order by up to a window; what is older counts for users, not for volumes. */
  push(events: Events): void {
    const n = events.length;
    if (this.#low.length < n) [this.#low, this.#high] = [new Uint32Array(n), new Uint32Array(n)];
    hashAddressesInto(events.client, this.#low, this.#high);
    const spotOf = this.#spots.idsOf(events.places);
    const unitOf = this.#networks.of(events.networks);
    const classOf = this.#egress.of(events.networks);
    const logins = this.#logins.of(events);
    const paths = events.dimensions.get("path");
    this.#paths = paths?.dictionary ?? this.#paths;
    const onlyLogins = this.#options.presence === "log-ins";
    for (let i = 0; i < n; i++) {
      const timeMs = events.timeMs[i]!;
      if (!(timeMs >= 0)) continue;
      const spot = spotOf[events.place[i]!]!;
      const login = logins.is(i);
      const denied = isDenied(events.status[i]!);
      if ((events.user.low[i]! !== 0 || events.user.high[i]! !== 0) && !denied && (login || !onlyLogins)) {
        this.#seeUser(events, i, spot, classOf[events.network[i]!]!);
      }
      const at = this.#countAddress(events, i, spot, unitOf[events.network[i]!]!, paths?.codes[i] ?? 0);
      if (login && at >= 0) this.#windowAt(timeMs)!.logins.add(at, timeMs, denied, events.user, i);
    }
  }

  /** Judges the windows that are still open: there will be no more events. */
  finish(): void {
    if (!Number.isNaN(this.#current)) this.#advance(this.#current + 2);
  }

  /** What was found so far, in the order in which it began. */
  findings(): Finding[] {
    const attacks = this.#stuffing.attacks();
    const surges = this.#surges.episodes();
    const { resolution, windowMs } = this.#options;
    const context = {
      spots: this.#spots,
      exits: this.#travel.exits,
      resolution,
      daysAt: (e: { low: number; high: number }, spot: number) => this.#daysAt(e, spot),
    };
    const taken = (key: number, fromMs: number): boolean =>
      attacks.some((a) => a.sources.has(key) && fromMs >= a.startMs - 3_600_000 && fromMs <= a.endMs + 86_400_000);
    const travel = this.#travel
      .episodes()
      .filter((e) => ![...e.addresses.values()].some((use) => use.away && taken(use.key, e.startMs)));
    return [
      ...attacks.map((a) => stuffingFinding(a, this.#spots, resolution, windowMs)),
      ...surges.filter((s) => !isPartOf(s, attacks)).map((s) => surgeFinding(s, this.#spots, resolution)),
      ...travel.map((e) => travelFinding(e, context)),
    ].sort((a, b) => a.startMs - b.startMs || (a.id < b.id ? -1 : 1));
  }

  #daysAt(user: { low: number; high: number }, spot: number): number {
    const row = this.#users.find(user.low, user.high);
    if (row < 0) return 0;
    const block = this.#users.block(row);
    const first = this.#users.offset(row) + R.SLOTS;
    for (let k = 0; k < R.SLOT_COUNT; k++) {
      const slot = first + k * R.SLOT_WORDS;
      if (block[slot] === spot) return R.slotDays(block[slot + R.SLOT_STATE]!);
    }
    return 0;
  }

  #seeUser(events: Events, i: number, spot: number, egress: number): void {
    const row = this.#users.findOrAdd(events.user.low[i]!, events.user.high[i]!);
    const block = this.#users.block(row);
    const at = this.#users.offset(row);
    const seconds = Math.floor(events.timeMs[i]! / 1_000);
    if (block[at + R.FIRST_SEEN] === 0) block[at + R.FIRST_SEEN] = seconds;
    if (seconds > block[at + R.LAST_SEEN]!) block[at + R.LAST_SEEN] = seconds;
    block[at + R.EVENTS]!++;
    if (spot === 0) block[at + R.LAST_UNLOCATED] = seconds;
    else this.#travel.see(row, spot, egress, events, i);
  }

  #windowAt(timeMs: number): Window | undefined {
    const number = Math.floor(timeMs / this.#options.windowMs);
    return this.#windows.find((w) => w.addresses.number === number);
  }

  #countAddress(events: Events, i: number, spot: number, unit: number, path: number): number {
    if (events.client.family[i] === NO_ADDRESS) return -1;
    const timeMs = events.timeMs[i]!;
    const number = Math.floor(timeMs / this.#options.windowMs);
    if (!(number <= this.#current)) this.#advance(number);
    if (number < this.#current - 1) return -1;
    const window = this.#windows[number & 1]!.addresses;
    const at = window.rowOf(this.#low[i]!, this.#high[i]!, events.client, i, spot, unit);
    if (at < 0) return -1;
    const { rows } = window;
    rows[at + W.W_COUNT]!++;
    const low = events.user.low[i]!;
    if (low !== 0 || events.user.high[i]! !== 0) {
      rows[at + W.W_NAMED]!++;
      rows[at + W.W_USER_BITS]! |= 1 << (low & 31);
    }
    const status = events.status[i]!;
    if (status >= 500) rows[at + W.W_ERRORS]!++;
    else if (status >= 400 && status !== 404) rows[at + W.W_REFUSED]!++;
    rows[at + W.W_PATH_BITS]! |= 1 << (Math.imul(path, 0x9e3779b1) >>> 27);
    if (rows[at + W.W_PATH_VOTES] === 0) {
      rows[at + W.W_PATH] = path;
      rows[at + W.W_PATH_VOTES] = 1;
    } else if (rows[at + W.W_PATH] === path) rows[at + W.W_PATH_VOTES]!++;
    else rows[at + W.W_PATH_VOTES]!--;
    return at;
  }

  /** Judges the window before the last one and begins the next. */
  #advance(number: number): void {
    if (Number.isNaN(this.#current)) {
      this.#current = number;
      this.#windows[number & 1]!.addresses.clear(number);
      return;
    }
    while (this.#current < number) {
      const next = this.#current + 1;
      const { addresses, logins } = this.#windows[next & 1]!;
      if (addresses.number >= 0) this.#judge(addresses, logins);
      addresses.clear(next);
      logins.clear();
      this.#current = next;
    }
  }

  #judge(addresses: AddressWindow, logins: LoginWindow): void {
    const { windowMs } = this.#options;
    const startMs = addresses.number * windowMs;
    this.#stuffing.close(addresses.number, startMs + windowMs, logins, addresses);
    this.#surges.close(addresses.number, startMs, startMs + windowMs, addresses, this.#paths);
  }
}

/** Whether the addresses of a surge are mostly those of an attack on log-ins at the same time. */
function isPartOf(surge: SurgeEpisode, attacks: readonly StuffingAttack[]): boolean {
  const addresses = [...surge.addresses.keys()];
  return attacks.some(
    (a) =>
      surge.startMs <= a.endMs + 600_000 &&
      surge.endMs >= a.startMs - 600_000 &&
      2 * addresses.filter((key) => a.sources.has(key)).length >= addresses.length,
  );
}

interface Window {
  readonly addresses: AddressWindow;
  readonly logins: LoginWindow;
}
