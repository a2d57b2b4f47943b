import type { Dictionary } from "../../core/dictionary.js";
import { type AddressWindow, W_COUNT, W_ERRORS, W_NAMED, W_NETWORK, W_PATH, W_SPOT } from "./addressWindow.js";
import { botSigns } from "./botSigns.js";
import type { SpotTable } from "./spotTable.js";
import { addAddress, type BotSign, type SurgeEpisode, type SurgeLevel } from "./surgeEpisode.js";
import { mainPath, tallyUnits, type UnitTally } from "./unitTally.js";
import { VolumeBaseline } from "./volumeBaseline.js";

/** Requests in a window below which nothing is a surge. */
const MIN_REQUESTS = 60;
/** Times what is expected, beyond a small absolute allowance. */
const MIN_RATIO = 4;
const ALLOWANCE = 30;
/** Standard deviations, of counts that vary by a fifth beyond chance. */
const MIN_DEVIATIONS = 8;
const OVERDISPERSION = 1 / 25;
/** A surge goes on while its unit has twice what is expected. */
const RATIO_TO_GO_ON = 2;
const QUIET_WINDOWS = 2;
/** Of the excess of a larger unit, what a smaller one must carry for the surge to be the smaller one's. */
const CARRIED = 0.6;
const MAX_EPISODES = 5_000;
const WORLD_UNIT = 1;

/** Finds cities, networks and countries whose traffic rises far above their past while the rest of the world's does not. */
export class SurgeWatch {
  readonly closed: SurgeEpisode[] = [];
  readonly #open = new Map<string, SurgeEpisode>();
  readonly #cities = new VolumeBaseline();
  readonly #networks = new VolumeBaseline();
  readonly #countries = new VolumeBaseline();
  readonly #world = new VolumeBaseline();
  readonly #spots: SpotTable;

  constructor(spots: SpotTable) {
    this.#spots = spots;
  }

  episodes(): SurgeEpisode[] {
    return [...this.closed, ...this.#open.values()];
  }

  /** Judges a window that is over. `paths` tells what the codes of paths mean. */
  close(number: number, startMs: number, endMs: number, window: AddressWindow, paths: Dictionary | undefined): void {
    const world = tallyUnits(window, () => WORLD_UNIT)[0];
    for (const baseline of [this.#cities, this.#networks, this.#countries, this.#world]) baseline.begin(startMs);
    if (world !== undefined) {
      const moment = { number, startMs, endMs, window, world, factor: this.#worldFactor(world), paths };
      const cities = this.#judge(moment, "city", this.#cities, (at) => this.#spots.city[window.rows[at + W_SPOT]!]!);
      const countries = this.#judge(
        moment,
        "country",
        this.#countries,
        (at) => this.#spots.country[window.rows[at + W_SPOT]!]!,
      );
      const networks = this.#judge(moment, "network", this.#networks, (at) => window.rows[at + W_NETWORK]!);
      for (const surge of cities) this.#extend(moment, surge);
      for (const surge of networks) if (!this.#isCarried(surge, cities)) this.#extend(moment, surge);
      for (const surge of countries) if (!this.#isCarried(surge, [...cities, ...networks])) this.#extend(moment, surge);
      this.#world.add(WORLD_UNIT, world.requests, world.named);
    }
    for (const [key, episode] of this.#open) {
      if (number - episode.lastWindow < QUIET_WINDOWS) continue;
      this.#open.delete(key);
      if (this.closed.length < MAX_EPISODES) this.closed.push(episode);
    }
  }

  /** How far the whole world is above its own past, 1 or more: a crowd everywhere is no surge anywhere. */
  #worldFactor(world: UnitTally): number {
    const expected = this.#world.expected(WORLD_UNIT);
    return expected > 0 ? Math.max(1, world.requests / expected) : 1;
  }

  #judge(moment: Moment, level: SurgeLevel, baseline: VolumeBaseline, unitOf: (at: number) => number): Surge[] {
    const found: Surge[] = [];
    for (const tally of tallyUnits(moment.window, unitOf)) {
      const usual = baseline.expected(tally.unit);
      const expected = usual * this.#factorWithout(moment, tally, usual);
      const open = this.#open.has(`${level} ${tally.unit}`);
      if (!Number.isNaN(usual) && isSurge(tally.requests, expected, open)) {
        const namedShare = nanOr(baseline.namedShare(tally.unit), this.#world.namedShare(WORLD_UNIT), 0);
        found.push({ level, tally, expected, namedShare });
        const learnt = Math.min(tally.requests, MIN_RATIO * expected + ALLOWANCE); // what comes back daily becomes usual, in days
        baseline.add(tally.unit, learnt, learnt * namedShare);
      } else {
        baseline.add(tally.unit, tally.requests, tally.named);
      }
    }
    return found;
  }

  /** The world's factor with a unit's own excess taken out. */
  #factorWithout(moment: Moment, tally: UnitTally, usual: number): number {
    const expected = this.#world.expected(WORLD_UNIT) - usual;
    return expected > 0 ? Math.max(1, (moment.world.requests - tally.requests) / expected) : 1;
  }

  #isCarried(surge: Surge, by: readonly Surge[]): boolean {
    const rows = new Set(surge.tally.rows);
    const inside = by.filter((other) => other.tally.rows.some((at) => rows.has(at)));
    const excess = inside.reduce((sum, other) => sum + other.tally.requests - other.expected, 0);
    return excess >= CARRIED * (surge.tally.requests - surge.expected);
  }

  #extend(moment: Moment, surge: Surge): void {
    const { tally, level } = surge;
    const key = `${level} ${tally.unit}`;
    let episode = this.#open.get(key);
    if (episode === undefined) this.#open.set(key, (episode = newEpisode(level, tally.unit, moment)));
    const signs = botSigns(tally, { requests: surge.expected, namedShare: surge.namedShare, world: moment.world });
    for (const sign of signs) episode.signs.set(sign, (episode.signs.get(sign) ?? 0) + 1);
    episode.windows++;
    episode.lastWindow = moment.number;
    episode.endMs = moment.endMs;
    episode.requests += tally.requests;
    episode.expected += surge.expected;
    episode.errors += tally.errors;
    episode.named += tally.named;
    episode.usualNamed += tally.requests * surge.namedShare;
    const main = mainPath(tally).path;
    if (signs.includes("one-path") && moment.paths !== undefined) episode.path = moment.paths.value(main);
    for (const at of tally.rows)
      if (isTypical(moment.window, at, signs, main)) this.#addAddress(episode, moment.window, at);
  }

  #addAddress(episode: SurgeEpisode, window: AddressWindow, at: number): void {
    const { rows } = window;
    addAddress(episode, {
      key: window.key(at),
      text: window.text(at),
      spot: rows[at + W_SPOT]!,
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
  readonly world: UnitTally;
  readonly factor: number;
  readonly paths: Dictionary | undefined;
}

interface Surge {
  readonly level: SurgeLevel;
  readonly tally: UnitTally;
  readonly expected: number;
  readonly namedShare: number;
}

function isSurge(requests: number, expected: number, open: boolean): boolean {
  if (open) return requests >= RATIO_TO_GO_ON * expected + ALLOWANCE;
  if (requests < MIN_REQUESTS || requests < MIN_RATIO * expected + ALLOWANCE) return false;
  return (requests - expected) / Math.sqrt(1 + expected + OVERDISPERSION * expected ** 2) >= MIN_DEVIATIONS;
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
    signs: new Map(),
    windows: 0,
    path: "",
    addresses: new Map(),
  };
}

const nanOr = (...values: readonly number[]): number => values.find((v) => !Number.isNaN(v)) ?? 0;
