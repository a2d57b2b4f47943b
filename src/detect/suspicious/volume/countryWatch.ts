import { DAY_MS, HOUR_MS } from "../../../core/time.js";
import type { UserLocationTable } from "../users/userLocationTable.js";
import { type AddressWindow, W_COUNT, W_NAMED, W_REFUSED, W_SPOT, WINDOW_WORDS } from "./addressWindow.js";

/** Requests from an unwanted country are one episode until it is silent for so long. */
const EPISODE_GAP_MS = DAY_MS;
const MAX_ADDRESSES = 10_000;
/** Days of shares that a day is held against, at least and at most. */
const MIN_DAYS = 3;
const MAX_DAYS = 28;
/** Change of a share that is worth telling, as Cohen's h: 0.1 is 25% become 29.5%, or 1% become 2.2%. */
const MIN_EFFECT = 0.1;
const MIN_DEVIATIONS = 5;
const MIN_REQUESTS = 200;

/** Requests that were served to a country that nothing should come from. */
export interface UnwantedEpisode {
  readonly country: number;
  readonly startMs: number;
  endMs: number;
  readonly detectedAtMs: number;
  requests: number;
  named: number;
  readonly addresses: Map<string, { location: number; requests: number }>;
}

/** A country's share of a day's requests that is unlike its share on the days before. */
export interface ShareDrift {
  readonly country: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly requests: number;
  readonly share: number;
  readonly usualShare: number;
  /** Cohen's h: the difference of arcsine-transformed shares. */
  readonly effect: number;
  readonly deviations: number;
}

/** Watches countries as a whole: those that are not wanted, and each one's share of the traffic from day to day. */
export class CountryWatch {
  readonly unwanted: UnwantedEpisode[] = [];
  readonly drifts: ShareDrift[] = [];
  readonly #locations: UserLocationTable;
  readonly #unwantedCodes: readonly string[];
  readonly #shares: number[][] = [];
  #today: number[] = [];
  /** Sum of the squares of the bursts (one client's requests of a window) of the day. */
  #squares = 0;
  #day = Number.NaN;

  constructor(locations: UserLocationTable, unwantedCountries: readonly string[]) {
    this.#locations = locations;
    this.#unwantedCodes = unwantedCountries;
  }

  /** Takes a window that is over. */
  close(startMs: number, endMs: number, window: AddressWindow): void {
    const day = Math.floor(startMs / DAY_MS);
    if (day !== this.#day) {
      if (!Number.isNaN(this.#day)) this.#endDay(this.#day * DAY_MS);
      this.#day = day;
    }
    const unwanted = new Set(this.#unwantedCodes.map((code) => this.#locations.countries.find(code)));
    for (let row = 0; row < window.length; row++) {
      const at = row * WINDOW_WORDS;
      const country = this.#locations.country[window.rows[at + W_SPOT]!]!;
      const count = window.rows[at + W_COUNT]!;
      this.#today[country] = (this.#today[country] ?? 0) + count;
      this.#squares += count * count;
      if (country > 0 && unwanted.has(country)) this.#addUnwanted(country, startMs, endMs, window, at);
    }
  }

  #addUnwanted(country: number, startMs: number, endMs: number, window: AddressWindow, at: number): void {
    const served = window.rows[at + W_COUNT]! - window.rows[at + W_REFUSED]!;
    if (served <= 0) return;
    let episode = this.unwanted.findLast((e) => e.country === country && startMs < e.endMs + EPISODE_GAP_MS);
    if (episode === undefined) {
      episode = { country, startMs, endMs, detectedAtMs: endMs, requests: 0, named: 0, addresses: new Map() };
      this.unwanted.push(episode);
    }
    episode.endMs = endMs;
    episode.requests += served;
    episode.named += window.rows[at + W_NAMED]!;
    const text = window.text(at);
    const known = episode.addresses.get(text);
    if (known !== undefined) known.requests += served;
    else if (episode.addresses.size < MAX_ADDRESSES) {
      episode.addresses.set(text, { location: window.rows[at + W_SPOT]!, requests: served });
    }
  }

  /** Holds the shares of a day that is over against those of the days before. */
  #endDay(startMs: number): void {
    const total = this.#today.reduce((a, b) => a + (b ?? 0), 0);
    if (total >= MIN_REQUESTS) {
      const shares = Array.from({ length: this.#locations.countries.size }, (_, c) => (this.#today[c] ?? 0) / total);
      if (this.#shares.length >= MIN_DAYS) {
        for (let country = 1; country < shares.length; country++)
          this.#judge(country, shares[country]!, total, (total * total) / this.#squares, startMs);
      }
      this.#shares.push(shares);
      if (this.#shares.length > MAX_DAYS) this.#shares.shift();
    }
    this.#today = [];
    this.#squares = 0;
  }

  /** @param bursts - how many bursts of equal size would vary as much as the day's do */
  #judge(country: number, share: number, total: number, bursts: number, startMs: number): void {
    const past = this.#shares.map((day) => arcsine(day[country] ?? 0));
    const mean = past.reduce((a, b) => a + b, 0) / past.length;
    const spread = past.reduce((a, b) => a + (b - mean) ** 2, 0) / (past.length - 1);
    const effect = arcsine(share) - mean;
    const deviations = effect / Math.sqrt(spread * (1 + 1 / past.length) + 1 / bursts); // the variance of an arcsine-transformed share is 1/n
    if (Math.abs(effect) < MIN_EFFECT || Math.abs(deviations) < MIN_DEVIATIONS) return;
    const usualShare = Math.sin(mean / 2) ** 2;
    const requests = Math.round(share * total);
    this.drifts.push({
      country,
      startMs,
      endMs: startMs + 24 * HOUR_MS,
      requests,
      share,
      usualShare,
      effect,
      deviations,
    });
  }
}

const arcsine = (share: number): number => 2 * Math.asin(Math.sqrt(share));
