import { HOUR_MS } from "../../../core/time.js";
import { normalQuantile } from "../../../stats/normal.js";
import type { StateVisitor } from "../live/stateVisitor.js";
import { SERIES_LATENCY_BINS, type Traffic } from "../series/trafficColumns.js";
import type { Signal } from "./signal.js";
import { HISTORY_MS, readyAt } from "./tooLittleHistory.js";

/** Ranks are taken anew this often; twice as seldom once there is a day of them. */
const REFIT_MS = 3 * HOUR_MS;
/** Requests that the belief "as in its country" is worth. */
const PRIOR_REQUESTS = 15;
/** A site with fewer past requests than this is not judged: its usual latency is not known. */
const MIN_SUPPORT = 40;
const DAILY_FADE = 0.9;

/**
 * Latencies by their rank among the site's own past: each request's rank becomes a standard normal score, so that a
 * site that has always been slow scores as others do, and one that has become slow does not.
 */
export class LatencySignal implements Signal {
  readonly kind = "latency";
  readonly minimum = 8;
  readonly own: Float64Array;
  readonly shared: Float64Array;
  /** Past requests by site and bin. */
  readonly past: Float32Array;
  readonly #support: Float64Array;
  readonly #traffic: Traffic;
  readonly #scores: Float32Array;
  readonly #startedMs: number;
  #nextFitMs: number;
  #nextFadeMs: number;
  #shrinkToFit = false;

  constructor(traffic: Traffic) {
    const n = traffic.sites.length;
    this.#traffic = traffic;
    this.own = new Float64Array(n);
    this.shared = new Float64Array(n);
    this.past = new Float32Array(n * SERIES_LATENCY_BINS);
    this.#scores = new Float32Array(n * SERIES_LATENCY_BINS);
    this.#support = new Float64Array(n);
    this.#startedMs = traffic.startedMs ?? traffic.originMs;
    this.#nextFitMs = this.#startedMs + HISTORY_MS.latency;
    this.#nextFadeMs = this.#startedMs + 24 * HOUR_MS;
  }

  ready(t: number): boolean {
    return this.#shrinkToFit && t >= readyAt(this.#traffic, HISTORY_MS.latency);
  }

  fill(t: number, observed: Float32Array, expected: Float32Array): void {
    observed.fill(0);
    expected.fill(0);
    if (!this.#shrinkToFit) return;
    const { starts, site, bin, weight } = this.#traffic.latency;
    for (let i = starts[t]!; i < starts[t + 1]!; i++) {
      const p = site[i]!;
      if (this.#support[p]! < MIN_SUPPORT) continue;
      observed[p]! += this.#scores[p * SERIES_LATENCY_BINS + bin[i]!]! * weight[i]!;
      expected[p]! += weight[i]!;
    }
  }

  learn(t: number, masked: Uint8Array): void {
    const { originMs, bucketMs, latency } = this.#traffic;
    const startMs = originMs + t * bucketMs;
    if (startMs >= this.#nextFadeMs) {
      for (let i = 0; i < this.past.length; i++) this.past[i]! *= DAILY_FADE;
      this.#nextFadeMs += 24 * HOUR_MS;
    }
    if (startMs >= this.#nextFitMs) {
      this.#fit();
      this.#nextFitMs += startMs - this.#startedMs > 24 * HOUR_MS ? 2 * REFIT_MS : REFIT_MS;
    }
    for (let i = latency.starts[t]!; i < latency.starts[t + 1]!; i++) {
      const p = latency.site[i]!;
      if ((masked[p]! & 1) === 0) this.past[p * SERIES_LATENCY_BINS + latency.bin[i]!]! += latency.weight[i]!;
    }
  }

  visit(v: StateVisitor): void {
    v.sites("own", this.own);
    v.sites("past", this.past, SERIES_LATENCY_BINS);
    v.sites("scores", this.#scores, SERIES_LATENCY_BINS);
    v.sites("support", this.#support);
    v.number("nextFitMs", this.#nextFitMs, (ms) => {
      this.#nextFitMs = ms;
    });
    v.number("nextFadeMs", this.#nextFadeMs, (ms) => {
      this.#nextFadeMs = ms;
    });
    v.number("fitted", Number(this.#shrinkToFit), (fitted) => {
      this.#shrinkToFit = fitted === 1;
    });
  }

  #fit(): void {
    const { country, countries } = this.#traffic.sites;
    const byCountry = new Float64Array(countries.length * SERIES_LATENCY_BINS);
    const total = new Float64Array(countries.length);
    for (let p = 0; p < country.length; p++) {
      let sum = 0;
      for (let b = 0; b < SERIES_LATENCY_BINS; b++) {
        const v = this.past[p * SERIES_LATENCY_BINS + b]!;
        sum += v;
        byCountry[country[p]! * SERIES_LATENCY_BINS + b]! += v;
      }
      this.#support[p] = sum;
      total[country[p]!]! += sum;
    }
    const held = countries.map((_, c) =>
      binsHeld(byCountry.subarray(c * SERIES_LATENCY_BINS, (c + 1) * SERIES_LATENCY_BINS)),
    );
    for (let p = 0; p < country.length; p++) {
      const c = country[p]!;
      const prior = total[c]! > 0 ? PRIOR_REQUESTS / total[c]! : 0;
      const all = this.#support[p]! + (total[c]! > 0 ? PRIOR_REQUESTS : 0);
      this.own[p] = 1 / (all + 1);
      // A site that is not judged is not scored.
      if (this.#support[p]! < MIN_SUPPORT) continue;
      let below = 0;
      let last = score(0.5 / (all + 1));
      let next = p * SERIES_LATENCY_BINS;
      const bins = held[c]!;
      for (let i = 0; i < bins.length; i++) {
        const b = bins[i]!;
        const at = p * SERIES_LATENCY_BINS + b;
        const here = this.past[at]! + prior * byCountry[c * SERIES_LATENCY_BINS + b]!;
        // The same as before where nothing is; else the middle rank of the bin, kept half a request away from 0 and 1.
        while (next < at) this.#scores[next++] = last;
        if (here > 0) last = score((below + here / 2 + 0.5) / (all + 1));
        this.#scores[next++] = last;
        below += here;
      }
      while (next < (p + 1) * SERIES_LATENCY_BINS) this.#scores[next++] = last;
    }
    this.#shrinkToFit = true;
  }
}

/** The bins that hold anything. */
function binsHeld(bins: Float64Array): Uint16Array {
  return Uint16Array.from(bins.keys()).filter((b) => bins[b]! > 0);
}

/** Normal scores by rank, looked up: ranks in steps of 1/4096, finer in the outermost steps. */
const STEPS = 4096;
const TABLE = Float32Array.from({ length: STEPS }, (_, i) => normalQuantile((i + 0.5) / STEPS));

function score(rank: number): number {
  const at = rank * STEPS;
  return at < 16 || at > STEPS - 16 ? Math.max(-3.5, Math.min(3.5, normalQuantile(rank))) : TABLE[Math.floor(at)]!;
}
