import type { Dictionary } from "../../../core/dictionary.js";
import { ALL_SUSPICIOUS_GUARDS, type SuspiciousGuards } from "../suspiciousGuards.js";
import type { UserLocationTable } from "../users/userLocationTable.js";
import { type AddressWindow, W_COUNT, W_ERRORS, W_NAMED, W_NETWORK, W_PATH, W_SPOT } from "./addressWindow.js";
import { botSigns } from "./botSigns.js";
import { Burstiness } from "./burstiness.js";
import { addAddress, type BotSign, type SurgeEpisode, type SurgeLevel } from "./surgeEpisode.js";
import { mainPath, tallyUnit, type UnitOf, UnitSums, type UnitTally } from "./unitTally.js";
import { VolumeBaseline } from "./volumeBaseline.js";

/** Requests in a window below which nothing is a surge. */
const MIN_REQUESTS = 60;
/** Times what is expected, beyond a small absolute allowance. */
const MIN_RATIO = 4;
const ALLOWANCE = 30;
/** Standard deviations, of counts that vary by a fifth beyond what the bursts of single clients explain. */
const MIN_DEVIATIONS = 8;
const OVERDISPERSION = 1 / 25;
/** A surge goes on while its unit has twice what is expected. */
const RATIO_TO_GO_ON = 2;
const QUIET_WINDOWS = 2;
/** Of the excess of a larger unit, what a smaller one must carry for the surge to be the smaller one's. */
const CARRIED = 0.6;
/** So many of a unit's largest bursts may meet by chance. */
const BURSTS = 3;
const MAX_EPISODES = 5_000;
const MAX_WINDOWS = 1_000;
const WORLD_UNIT = 1;

/** Finds cities, networks and countries whose traffic rises far above their past while the rest of the world's does not. */
export class SurgeWatch {
  readonly closed: SurgeEpisode[] = [];
  readonly #open = new Map<string, SurgeEpisode>();
  readonly #cities = new VolumeBaseline();
  readonly #networks = new VolumeBaseline();
  readonly #countries = new VolumeBaseline();
  readonly #world = new VolumeBaseline();
  readonly #sums = new UnitSums();
  readonly #burstiness = new Burstiness();
  /** Requests of the busiest window without a surge. */
  #peak = 0;
  readonly #locations: UserLocationTable;

  readonly #guards: SuspiciousGuards;

  constructor(locations: UserLocationTable, guards: SuspiciousGuards = ALL_SUSPICIOUS_GUARDS) {
    this.#locations = locations;
    this.#guards = guards;
  }

  episodes(): SurgeEpisode[] {
    return [...this.closed, ...this.#open.values()];
  }

  /** Judges a window that is over. `paths` tells what the codes of paths mean. */
  close(number: number, startMs: number, endMs: number, window: AddressWindow, paths: Dictionary | undefined): void {
    for (const baseline of [this.#cities, this.#networks, this.#countries, this.#world]) baseline.begin(startMs);
    if (window.length > 0) this.#judgeAll({ number, startMs, endMs, window, paths });
    for (const [key, episode] of this.#open) {
      if (number - episode.lastWindow < QUIET_WINDOWS) continue;
      this.#open.delete(key);
      if (this.closed.length < MAX_EPISODES) this.closed.push(episode);
    }
  }

  #judgeAll(moment: Moment): void {
    const { rows } = moment.window;
    const { city, country } = this.#locations;
    this.#sums.sum(moment.window, () => WORLD_UNIT);
    const world = { requests: this.#sums.requests[WORLD_UNIT]!, named: this.#sums.named[WORLD_UNIT]! };
    const judge = (level: SurgeLevel, baseline: VolumeBaseline, unitOf: UnitOf): Surge[] =>
      this.#judge(moment.window, level, baseline, unitOf, world.requests);
    const cities = judge("city", this.#cities, (at) => city[rows[at + W_SPOT]!]!);
    const countries = judge("country", this.#countries, (at) => country[rows[at + W_SPOT]!]!);
    const networks = judge("network", this.#networks, (at) => rows[at + W_NETWORK]!);
    this.#world.add(WORLD_UNIT, world.requests, world.named);
    if (cities.length + countries.length + networks.length === 0) {
      if (this.#guards.has("bursts")) this.#burstiness.add(moment.window);
      this.#peak = Math.max(this.#peak, world.requests);
      return;
    }
    const all = tallyUnit(moment.window, WORLD_UNIT, () => WORLD_UNIT);
    for (const surge of cities) this.#extend(moment, surge, all);
    for (const surge of networks) if (!this.#isCarried(surge, cities)) this.#extend(moment, surge, all);
    for (const surge of countries) {
      if (!this.#isCarried(surge, [...cities, ...networks])) this.#extend(moment, surge, all);
    }
  }

  #judge(
    window: AddressWindow,
    level: SurgeLevel,
    baseline: VolumeBaseline,
    unitOf: UnitOf,
    worldRequests: number,
  ): Surge[] {
    const found: Surge[] = [];
    const sums = this.#sums;
    sums.sum(window, unitOf);
    const worldExpected = this.#world.expected(WORLD_UNIT);
    for (let i = 0; i < sums.length; i++) {
      const unit = sums.units[i]!;
      const [requests, named] = [sums.requests[unit]!, sums.named[unit]!];
      const usual = baseline.expected(unit);
      const open = this.#open.size > 0 && this.#open.has(`${level} ${unit}`);
      const factor = worldExpected > usual ? Math.max(1, (worldRequests - requests) / (worldExpected - usual)) : 1;
      const expected = usual * factor; // a crowd everywhere is no surge anywhere
      const { dispersion } = this.#burstiness;
      const tally = isSurge(requests, expected, dispersion, open) ? tallyUnit(window, unit, unitOf) : undefined;
      if (tally === undefined || !(open || isSurge(this.#withoutBursts(window, tally), expected, dispersion, false))) {
        baseline.add(unit, requests, named);
        continue;
      }
      const namedShare = nanOr(baseline.namedShare(unit), this.#world.namedShare(WORLD_UNIT), 0);
      found.push({ level, tally, expected, namedShare });
      const learnt = Math.min(requests, MIN_RATIO * expected + ALLOWANCE); // what comes back daily becomes usual, in days
      baseline.add(unit, learnt, learnt * namedShare);
    }
    return found;
  }

  /** A unit's requests without its largest bursts, as far as bursts of that size are usual: that a few meet is no surge. */
  #withoutBursts({ rows }: AddressWindow, tally: UnitTally): number {
    const bursts = tally.rows.map((at) => rows[at + W_COUNT]!).sort((a, b) => b - a);
    const usual = this.#burstiness.usualLargest;
    return bursts.slice(0, BURSTS).reduce((left, size) => left - Math.min(size, usual), tally.requests);
  }

  #isCarried(surge: Surge, by: readonly Surge[]): boolean {
    const rows = new Set(surge.tally.rows);
    const inside = by.filter((other) => other.tally.rows.some((at) => rows.has(at)));
    const excess = inside.reduce((sum, other) => sum + other.tally.requests - other.expected, 0);
    return excess >= CARRIED * (surge.tally.requests - surge.expected);
  }

  #extend(moment: Moment, surge: Surge, world: UnitTally): void {
    const { tally, level } = surge;
    const key = `${level} ${tally.unit}`;
    let episode = this.#open.get(key);
    if (episode === undefined) this.#open.set(key, (episode = newEpisode(level, tally.unit, moment)));
    const signs = botSigns(tally, { requests: surge.expected, namedShare: surge.namedShare, world });
    for (const sign of signs) episode.signs.set(sign, (episode.signs.get(sign) ?? 0) + 1);
    const { startMs, endMs } = moment;
    episode.windows.push({ startMs, endMs, requests: tally.requests, expected: surge.expected });
    if (episode.windows.length > MAX_WINDOWS) episode.windows.shift();
    episode.lastWindow = moment.number;
    episode.endMs = moment.endMs;
    episode.requests += tally.requests;
    episode.expected += surge.expected;
    episode.errors += tally.errors;
    episode.worldRequests += world.requests;
    episode.worldErrors += world.errors;
    episode.load = Math.max(episode.load, world.requests / Math.max(1, this.#peak));
    episode.named += tally.named;
    episode.usualNamed += tally.requests * surge.namedShare;
    const main = mainPath(tally).path;
    if (signs.includes("one-path") && moment.paths !== undefined) episode.path = moment.paths.value(main);
    const typical = tally.rows.filter((at) => isTypical(moment.window, at, signs, main));
    for (const at of typical.length > 0 ? typical : tally.rows) this.#addAddress(episode, moment.window, at);
  }

  #addAddress(episode: SurgeEpisode, window: AddressWindow, at: number): void {
    const { rows } = window;
    addAddress(episode, {
      key: window.key(at),
      text: window.text(at),
      location: rows[at + W_SPOT]!,
      network: rows[at + W_NETWORK]!,
      requests: rows[at + W_COUNT]!,
      errors: rows[at + W_ERRORS]!,
    });
  }
}

interface Moment {
  readonly number: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly window: AddressWindow;
  readonly paths: Dictionary | undefined;
}

interface Surge {
  readonly level: SurgeLevel;
  readonly tally: UnitTally;
  readonly expected: number;
  readonly namedShare: number;
}

function isSurge(requests: number, expected: number, dispersion: number, open: boolean): boolean {
  if (open) return requests >= RATIO_TO_GO_ON * expected + ALLOWANCE;
  if (requests < MIN_REQUESTS || requests < MIN_RATIO * expected + ALLOWANCE) return false;
  return (
    (requests - expected) / Math.sqrt((1 + expected) * dispersion + OVERDISPERSION * expected ** 2) >= MIN_DEVIATIONS
  );
}

/** Whether an address of a surging unit shows what the surge shows, so that bystanders are not accused. */
function isTypical(window: AddressWindow, at: number, signs: readonly BotSign[], path: number): boolean {
  const { rows } = window;
  if (signs.includes("no-users") && rows[at + W_NAMED]! > 0) return false;
  return !signs.includes("one-path") || rows[at + W_PATH] === path;
}

function newEpisode(level: SurgeLevel, unit: number, moment: Moment): SurgeEpisode {
  return {
    level,
    unit,
    startMs: moment.startMs,
    endMs: moment.endMs,
    detectedAtMs: moment.endMs,
    lastWindow: moment.number,
    requests: 0,
    expected: 0,
    errors: 0,
    named: 0,
    usualNamed: 0,
    worldRequests: 0,
    worldErrors: 0,
    load: 0,
    signs: new Map(),
    windows: [],
    path: "",
    addresses: new Map(),
  };
}

const nanOr = (...values: readonly number[]): number => values.find((v) => !Number.isNaN(v)) ?? 0;
