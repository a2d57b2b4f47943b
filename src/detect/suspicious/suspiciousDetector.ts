import { hashAddressesInto, NO_ADDRESS } from "../../core/addressColumn.js";
import type { Dictionary } from "../../core/dictionary.js";
import type { CodeColumn, Events } from "../../core/events.js";
import { nameText } from "../../core/nameColumn.js";
import { checkArgument, checkOptions } from "../../core/options/checkOptions.js";
import { EVENTS } from "../../core/options/eventShapes.js";
import { DAY_MS, SECOND_MS } from "../../core/time.js";
import type { Finding } from "../finding.js";
import { MonitorFlags } from "../monitors/monitorFlags.js";
import { type ClientTally, SteadyClients } from "../monitors/steadyClients.js";
import { addressKey } from "./addressKey.js";
import { EgressCodes } from "./egressClass.js";
import { LoginOutcomes } from "./logins/loginOutcomes.js";
import { LoginRule } from "./logins/loginRule.js";
import { isDenied, LoginRules, type LoginTest } from "./logins/loginRules.js";
import { StuffingWatch } from "./logins/stuffingWatch.js";
import { MonitorWatch } from "./monitorWatch.js";
import { NetworkUnits } from "./networkUnits.js";
import { reportSuspicious } from "./reportSuspicious.js";
import { ALL_SUSPICIOUS_GUARDS, type SuspiciousGuards } from "./suspiciousGuards.js";
import {
  type ResolvedOptions,
  resolveOptions,
  SUSPICIOUS_OPTIONS,
  type SuspiciousOptions,
} from "./suspiciousOptions.js";
import { MovedAddresses } from "./travel/movedAddresses.js";
import { TravelWatch } from "./travel/travelWatch.js";
import { NobodyNames } from "./users/nobodyNames.js";
import { ScopeOrigins } from "./users/scopeOrigins.js";
import { UserHistory } from "./users/userHistory.js";
import { UserOrigins } from "./users/userOrigins.js";
import * as R from "./users/userRecord.js";
import type { UserRecordStore } from "./users/userRecordStore.js";
import type { AddressWindow } from "./volume/addressWindow.js";
import * as W from "./volume/addressWindow.js";
import { ClientWatch } from "./volume/clientWatch.js";
import { countRequest } from "./volume/countRequest.js";
import { CountryWatch } from "./volume/countryWatch.js";
import { OpenWindows, type TimeWindow } from "./volume/openWindows.js";
import { SurgeWatch } from "./volume/surgeWatch.js";

/** Rows looked up ahead: enough for memory to answer many at a time, few enough to stay in the first cache. */
const BLOCK = 1_024;

/**
 * Finds people and machines where they should not be, in one pass over events in time order.
 *
 * Push batches as they come; ask for findings whenever, asking changes nothing. State is bounded: a record a user, two
 * windows of addresses, and the episodes that are candidates for findings.
 *
 * @example
 * ```ts
 * const detector = new SuspiciousDetector({ users: UserHistory.load(await readFile("users.bin")) });
 * for await (const batch of readBatches("access.log.gz", { locator })) detector.push(batch);
 * detector.finish();
 * const findings = detector.findings();
 * ```
 */
export class SuspiciousDetector {
  readonly #options: ResolvedOptions;
  readonly #guards: SuspiciousGuards;
  /** What is known of users: their places, countries, networks and devices. Save it to know them next time. */
  readonly users: UserHistory;
  readonly #networks = new NetworkUnits();
  readonly #egress = new EgressCodes();
  readonly #logins: LoginRules;
  readonly #outcomes: LoginOutcomes;
  readonly #nobody = new NobodyNames();
  readonly #monitorFlags = new MonitorFlags();
  readonly #monitors: MonitorWatch;
  readonly #steady = new SteadyClients();
  readonly #moved = new MovedAddresses();
  readonly #travel: TravelWatch;
  readonly #stuffing: StuffingWatch;
  readonly #surges: SurgeWatch;
  readonly #clients: ClientWatch;
  readonly #countries: CountryWatch;
  readonly #userOrigins: UserOrigins;
  readonly #scopes: readonly ScopeOrigins[];
  readonly #windows: OpenWindows;
  #paths: Dictionary | undefined;
  #day = Number.NaN;
  readonly #rows = new Int32Array(BLOCK);
  #low = new Uint32Array(0);
  #high = new Uint32Array(0);

  /**
   * Throws `bad-option`.
   *
   * @param guards - what keeps it from alarming; tests leave one out
   */
  constructor(options: SuspiciousOptions = {}, guards: SuspiciousGuards = ALL_SUSPICIOUS_GUARDS) {
    checkOptions("SuspiciousDetector", options, SUSPICIOUS_OPTIONS);
    this.#guards = guards;
    this.#options = resolveOptions(options);
    this.users = options.users ?? new UserHistory(this.#options.maxUsers);
    const { locations, store } = this.users;
    this.#monitors = new MonitorWatch(locations, this.#options.windowMs);
    this.#travel = new TravelWatch(store, locations, this.#options.clockSkewMs);
    const rules = (this.#options.logins.rules ?? []).map((rule) => new LoginRule(rule));
    this.#logins = new LoginRules(this.#options.logins, rules);
    this.#outcomes = new LoginOutcomes(rules, guards);
    this.#stuffing = new StuffingWatch(this.users, this.#outcomes, guards);
    this.#surges = new SurgeWatch(locations, guards);
    this.#clients = new ClientWatch(guards);
    this.#countries = new CountryWatch(locations, this.#options.unwantedCountries);
    this.#userOrigins = new UserOrigins(this.users, this.#networks, this.#options.userOriginKinds);
    this.#scopes = this.#options.originsOf.map((name) => new ScopeOrigins(name, this.#options.originKinds, locations));
    this.#windows = new OpenWindows(this.#options.windowMs, this.#options.maxAddresses, (w) => this.#judge(w));
  }

  /** Rows that came too late to count in volumes, and rows left out because their time cannot be true. */
  get skipped(): { readonly late: number; readonly stray: number } {
    return { late: this.#windows.late, stray: this.#windows.stray };
  }

  /** Takes a batch. Rows may be out of order by up to a window; what is older counts for users, not for volumes. */
  push(events: Events): void {
    checkArgument("detector.push", "the batch", events, EVENTS);
    const n = events.length;
    if (this.#low.length < n) [this.#low, this.#high] = [new Uint32Array(n), new Uint32Array(n)];
    hashAddressesInto(events.client, this.#low, this.#high);
    const batch = this.#prepare(events);
    for (let from = 0; from < n; from += BLOCK) this.#pushBlock(batch, from, Math.min(n, from + BLOCK));
  }

  /** What is looked up once a batch. */
  #prepare(events: Events): Batch {
    const paths = events.dimensions.get("path");
    this.#paths = paths?.dictionary ?? this.#paths;
    return {
      events,
      spotOf: this.users.locations.idsOf(events.places, events.place),
      unitOf: this.#networks.of(events.networks),
      classOf: this.#egress.of(events.networks),
      logins: this.#logins.of(events),
      pathCodes: paths?.codes,
      monitors: this.#monitorFlags.of(events),
      scopes: this.#scopes.flatMap((scope) => {
        const column = scope.columnOf(events);
        return column === undefined ? [] : [{ scope, column }];
      }),
    };
  }

  #pushBlock(
    { events, spotOf, unitOf, classOf, logins, pathCodes, monitors, scopes }: Batch,
    from: number,
    to: number,
  ): void {
    const { timeMs, status, place, network, user } = events;
    const { store } = this.users;
    const onlyLogins = this.#options.presence === "log-ins";
    store.findInto(user.low, user.high, from, to, this.#rows);
    const { generation } = store;
    for (let i = from; i < to; i++) {
      if (!this.#windows.accepts(timeMs[i]!)) continue;
      if (this.#isMonitor(monitors, events, i)) continue;
      const named = this.#namesSomebody(events, i);
      const location = spotOf[place[i]!]!;
      const unit = unitOf[network[i]!]!;
      const egress = classOf[network[i]!]!;
      const login = logins.is(i) ? this.#outcomes.pathId(logins.path(i)) : -1;
      const came = login < 0 ? !onlyLogins && !isDenied(status[i]!) : this.#wentThrough(login, events, i);
      if (came && named) {
        this.#seeUser(store.generation === generation ? this.#rows[i - from]! : -1, events, i, location, egress, unit);
      }
      for (const { scope, column } of scopes) scope.see(column, location, unit, egress, events, i);
      this.#count(events, i, location, unit, pathCodes === undefined ? 0 : pathCodes[i]!, login, named);
    }
  }

  /** Whether a request is a health check's or a monitor's, which is watched apart. */
  #isMonitor(flags: Uint8Array | undefined, events: Events, i: number): boolean {
    if (!this.#guards.has("monitors")) return false;
    if (flags?.[i] !== 1 && (this.#steady.size === 0 || !this.#steady.has(addressKey(events.client, i)))) return false;
    this.#monitors.add(events, i);
    return true;
  }

  /** Whether a request names a user who is somebody. */
  #namesSomebody({ user, timeMs }: Events, i: number): boolean {
    const [low, high] = [user.low[i]!, user.high[i]!];
    if (low === 0 && high === 0) return false;
    if (!this.#guards.has("nobody") || !this.#nobody.has(low, high)) return true;
    this.#nobody.count(low, high, () => nameText(user, i), timeMs[i]!);
    return false;
  }

  #wentThrough(login: number, events: Events, i: number): boolean {
    return this.#outcomes.proves(login, events.status[i]!, events.bytes[i]!);
  }

  /** Judges what is still open: no more events will come. */
  finish(): void {
    this.#windows.finish();
  }

  /** Forgets episodes that ended before a time: a detector that runs for months holds no more than those of days. */
  forgetBefore(timeMs: number): void {
    for (const { closed } of [this.#travel, this.#surges, this.#clients]) {
      const kept = (closed as { endMs: number }[]).filter(({ endMs }) => endMs >= timeMs);
      if (kept.length < closed.length) closed.splice(0, closed.length, ...(kept as never[]));
    }
  }

  /** What was found so far, in the order in which it began. */
  findings(): Finding[] {
    return reportSuspicious({
      options: this.#options,
      guards: this.#guards,
      users: this.users,
      travel: this.#travel,
      moved: this.#moved,
      nobody: this.#nobody,
      monitors: this.#monitors,
      networks: this.#networks,
      attacks: this.#stuffing.attacks(),
      outages: this.#stuffing.outages(),
      bruteForces: this.#stuffing.bruteForces(),
      surges: this.#surges.episodes(),
      clients: this.#clients,
      countries: this.#countries,
      userOrigins: this.#userOrigins,
      scopeOrigins: this.#scopes.flatMap((scope) => scope.found),
    });
  }

  #seeUser(known: number, events: Events, i: number, location: number, egress: number, unit: number): void {
    const seconds = Math.floor(events.timeMs[i]! / SECOND_MS);
    const row = this.users.see(known, events.user.low[i]!, events.user.high[i]!, seconds, location);
    if (location === 0) return;
    this.#userOrigins.see(row, location, egress, unit, events, i);
    this.#travel.see(row, location, egress, events, i);
    if (!this.#guards.has("nobody") || !isAtManyPlaces(this.users.store, row)) return;
    const { low, high } = events.user;
    this.#nobody.watch(low[i]!, high[i]!, addressKey(events.client, i), events.timeMs[i]!, () =>
      nameText(events.user, i),
    );
  }

  #count(events: Events, i: number, location: number, unit: number, path: number, login: number, named: boolean): void {
    if (events.client.family[i] === NO_ADDRESS) return;
    const window = this.#windows.at(events.timeMs[i]!);
    if (window === undefined) return;
    const { addresses, logins } = window;
    const at = addresses.rowOf(this.#low[i]!, this.#high[i]!, events.client, i, location, unit);
    if (at < 0) return;
    countRequest(addresses, at, events, i, path, addresses.number * this.#options.windowMs, named);
    if (login >= 0) logins.add(at, login, events, i, named);
  }

  /** Learns where each address of a window is, and which are monitors. */
  #learnAddresses(window: AddressWindow, startMs: number): void {
    const { rows } = window;
    const tally: ClientTally = { key: 0, requests: 0, path: 0, named: false };
    for (let row = 0; row < window.length; row++) {
      const at = row * W.WINDOW_WORDS;
      tally.key = window.key(at);
      tally.requests = rows[at + W.W_COUNT]!;
      tally.path = rows[at + W.W_PATH_VOTES] === tally.requests ? rows[at + W.W_PATH]! : 0;
      tally.named = rows[at + W.W_NAMED]! > 0;
      this.#moved.see(tally.key, rows[at + W.W_SPOT]!, startMs);
      this.#steady.add(startMs, tally);
    }
  }

  #judge({ addresses, logins }: TimeWindow): void {
    const { windowMs, forgetAfterMs } = this.#options;
    const startMs = addresses.number * windowMs;
    const endMs = startMs + windowMs;
    this.#stuffing.close(addresses.number, startMs, endMs, logins, addresses);
    this.#surges.close(addresses.number, startMs, endMs, addresses, this.#paths);
    this.#clients.close(addresses.number, startMs, endMs, addresses);
    this.#countries.close(startMs, endMs, addresses);
    this.#learnAddresses(addresses, startMs);
    const day = Math.floor(endMs / DAY_MS);
    if (day === this.#day) return;
    this.#day = day;
    this.#travel.closeBefore(startMs);
    this.users.store.evict(Math.max(0, startMs - forgetAfterMs) / SECOND_MS);
  }
}

/** Whether all places that a user's record has room for are taken. */
function isAtManyPlaces(store: UserRecordStore, row: number): boolean {
  return store.block(row)[store.offset(row) + R.SLOTS + (R.SLOT_COUNT - 1) * R.SLOT_WORDS] !== 0;
}

/** A batch with what was looked up for all its rows. */
interface Batch {
  readonly events: Events;
  readonly spotOf: Uint32Array;
  readonly unitOf: Uint32Array;
  readonly classOf: Uint8Array;
  readonly logins: LoginTest;
  readonly pathCodes: Uint32Array | undefined;
  readonly monitors: Uint8Array | undefined;
  readonly scopes: readonly { readonly scope: ScopeOrigins; readonly column: CodeColumn }[];
}
