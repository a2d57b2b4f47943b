import { HOUR_MS } from "../../../core/time.js";
import type { StateVisitor } from "../live/stateVisitor.js";
import { droppedBuckets, type Traffic } from "../series/trafficColumns.js";
import type { Signal } from "./signal.js";
import { HISTORY_MS, readyAt } from "./tooLittleHistory.js";

/** Rates of the past halve in weight in three days. */
const HALF_LIFE_MS = 72 * HOUR_MS;
/** Expected errors that the belief "as everywhere" is worth. */
const PRIOR_ERRORS = 5;
const MIN_REQUESTS = 1000;
/** Visits that failed against what the error rates of the past lead to expect of the visits that came. */
export class ErrorSignal implements Signal {
  readonly kind = "errors";
  readonly minimum = 5;
  readonly own: Float64Array;
  readonly shared: Float64Array;
  /** Expected share of failed requests by site. */
  readonly rate: Float64Array;
  readonly #traffic: Traffic;
  readonly #errors: Float64Array;
  readonly #requests: Float64Array;
  readonly #fade: number;
  readonly #refitBuckets: number;
  #total = 0;
  #shrinkToFit = false;

  constructor(traffic: Traffic) {
    const n = traffic.sites.length;
    this.#traffic = traffic;
    this.own = new Float64Array(n);
    this.shared = new Float64Array(n);
    this.rate = new Float64Array(n);
    this.#errors = new Float64Array(n);
    this.#requests = new Float64Array(n);
    this.#refitBuckets = Math.max(1, Math.round(HOUR_MS / traffic.bucketMs));
    this.#fade = 0.5 ** ((this.#refitBuckets * traffic.bucketMs) / HALF_LIFE_MS);
  }

  ready(t: number): boolean {
    return t >= readyAt(this.#traffic, HISTORY_MS.errors) && this.#shrinkToFit && this.#total >= MIN_REQUESTS;
  }

  fill(t: number, observed: Float32Array, expected: Float32Array): void {
    const n = this.rate.length;
    const { visits: requests, failed: errors } = this.#traffic;
    for (let p = 0; p < n; p++) {
      observed[p] = errors[t * n + p]!;
      expected[p] = requests[t * n + p]! * this.rate[p]!;
    }
  }

  learn(t: number, masked: Uint8Array): void {
    const n = this.rate.length;
    const { visits: requests, failed: errors } = this.#traffic;
    for (let p = 0; p < n; p++) {
      if ((masked[p]! & 1) === 1) continue;
      const all = requests[t * n + p]!;
      const usual = all * this.rate[p]!;
      // One broken client must not make its country look fragile for days.
      const seen = errors[t * n + p]!;
      const failed = this.#shrinkToFit ? Math.min(seen, usual + 4 * Math.sqrt(usual) + 2) : seen;
      this.#errors[p]! += failed;
      this.#requests[p]! += all;
      this.#total += all;
    }
    if ((t + 1 + droppedBuckets(this.#traffic)) % this.#refitBuckets === 0) this.#fit();
  }

  visit(v: StateVisitor): void {
    v.sites("own", this.own);
    v.sites("shared", this.shared);
    v.sites("rate", this.rate);
    v.sites("errors", this.#errors);
    v.sites("requests", this.#requests);
    v.number("total", this.#total, (total) => {
      this.#total = total;
    });
    v.number("fitted", Number(this.#shrinkToFit), (fitted) => {
      this.#shrinkToFit = fitted === 1;
    });
  }

  admit(from: number): void {
    if (this.#shrinkToFit) this.#rate(from);
  }

  #fit(): void {
    for (let p = 0; p < this.rate.length; p++) {
      this.#errors[p]! *= this.#fade;
      this.#requests[p]! *= this.#fade;
    }
    this.#shrinkToFit = true;
    this.#rate(0);
  }

  /** Sets what is expected of sites, from one on. */
  #rate(from: number): void {
    const { country, countries } = this.#traffic.sites;
    const byCountry = { errors: new Float64Array(countries.length), requests: new Float64Array(countries.length) };
    let [errors, requests] = [0, 0];
    for (let p = 0; p < this.rate.length; p++) {
      errors += this.#errors[p]!;
      requests += this.#requests[p]!;
      byCountry.errors[country[p]!]! += this.#errors[p]!;
      byCountry.requests[country[p]!]! += this.#requests[p]!;
    }
    const world = (errors + 1) / (requests + 500);
    const rates = byCountry.errors.map(
      (e, c) => (world * (e + PRIOR_ERRORS)) / (byCountry.requests[c]! * world + PRIOR_ERRORS),
    );
    for (let p = from; p < this.rate.length; p++) {
      const prior = rates[country[p]!]!;
      const usual = this.#requests[p]! * prior;
      this.rate[p] = (prior * (this.#errors[p]! + PRIOR_ERRORS)) / (usual + PRIOR_ERRORS);
      this.own[p] = 1 / (usual + PRIOR_ERRORS);
      this.shared[p] = Math.sqrt(1 / (errors + PRIOR_ERRORS));
    }
  }
}
