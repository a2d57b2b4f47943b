import { CLOSED, type SiteState } from "./branchState.js";
import type { MedianProblem } from "./medianProblem.js";

/** What sites gain on the rows that they would serve at some prices: the sites' part of the relaxed problem. */
export interface SiteGains {
  /** Adds what each site gains (0 or less) to `worth`; returns how many pairs of a row and a site it looked at. */
  judge(price: Float64Array, state: SiteState, worth: Float64Array): number;
  /** Takes what these sites would serve of each row off `slope`; returns how many pairs it looked at. */
  serve(price: Float64Array, sites: readonly number[], slope: Float64Array): number;
  /** Forgets sites that are closed for good. */
  forget(state: SiteState): void;
}

/** Those of a problem: by rows in the order of cost, or by sites that fill up. */
export function siteGains(problem: MedianProblem): SiteGains {
  return problem.capacity === null ? new SortedRows(problem) : new FullSites(problem, problem.capacity);
}

/**
 * Without capacities a site serves every row whose price is above its cost. Each row has its sites in the order of cost,
 * so that judging stops at the price: near the best prices that is a tenth of all pairs or less.
 */
class SortedRows implements SiteGains {
  readonly #problem: MedianProblem;
  readonly #cost: Float64Array;
  readonly #site: Uint32Array;
  readonly #length: Uint32Array;
  readonly #isOpen: Uint8Array;

  constructor(problem: MedianProblem) {
    const { rows, sites, costs, weights } = problem;
    this.#problem = problem;
    this.#cost = new Float64Array(rows * sites);
    this.#site = new Uint32Array(rows * sites);
    this.#length = new Uint32Array(rows).fill(sites);
    this.#isOpen = new Uint8Array(sites);
    for (let row = 0; row < rows; row++) {
      const order = Uint32Array.from({ length: sites }, (_, site) => site);
      order.sort((a, b) => costs[a * rows + row]! - costs[b * rows + row]! || a - b);
      this.#site.set(order, row * sites);
      for (let i = 0; i < sites; i++) this.#cost[row * sites + i] = costs[order[i]! * rows + row]! * weights[row]!;
    }
  }

  judge(price: Float64Array, _state: SiteState, worth: Float64Array): number {
    const { rows, sites } = this.#problem;
    const [cost, site] = [this.#cost, this.#site];
    let looked = 0;
    for (let row = 0; row < rows; row++) {
      const paid = price[row]!;
      const start = row * sites;
      const end = start + this.#length[row]!;
      let at = start;
      for (; at < end && cost[at]! < paid; at++) worth[site[at]!]! += cost[at]! - paid;
      looked += at - start + 1;
    }
    return looked;
  }

  serve(price: Float64Array, open: readonly number[], slope: Float64Array): number {
    const { rows, sites } = this.#problem;
    const [cost, site] = [this.#cost, this.#site];
    const isOpen = this.#isOpen.fill(0);
    for (const one of open) isOpen[one] = 1;
    let looked = 0;
    for (let row = 0; row < rows; row++) {
      const start = row * sites;
      const end = start + this.#length[row]!;
      const paid = price[row]!;
      let [at, served] = [start, 0];
      for (; at < end && cost[at]! < paid; at++) served += isOpen[site[at]!]!;
      slope[row]! -= served;
      looked += at - start + 1;
    }
    return looked;
  }

  forget(state: SiteState): void {
    const { rows, sites } = this.#problem;
    for (let row = 0; row < rows; row++) {
      const start = row * sites;
      let to = start;
      for (let at = start; at < start + this.#length[row]!; at++) {
        if (state[this.#site[at]!] === CLOSED) continue;
        this.#cost[to] = this.#cost[at]!;
        this.#site[to++] = this.#site[at]!;
      }
      this.#length[row] = to - start;
    }
  }
}

/** With capacities a site takes the rows that gain most a unit of weight, until it is full: a continuous knapsack. */
class FullSites implements SiteGains {
  readonly #problem: MedianProblem;
  readonly #capacity: Float64Array;

  constructor(problem: MedianProblem, capacity: Float64Array) {
    this.#problem = problem;
    this.#capacity = capacity;
  }

  judge(price: Float64Array, state: SiteState, worth: Float64Array): number {
    let looked = 0;
    for (let site = 0; site < worth.length; site++) {
      if (state[site] === CLOSED) continue;
      looked += price.length;
      worth[site]! += this.#pack(site, price, null);
    }
    return looked;
  }

  serve(price: Float64Array, open: readonly number[], slope: Float64Array): number {
    for (const site of open) this.#pack(site, price, slope);
    return open.length * price.length;
  }

  forget(): void {}

  /** What the site gains; what it takes is taken off `slope`. */
  #pack(site: number, price: Float64Array, slope: Float64Array | null): number {
    const { rows, costs, weights } = this.#problem;
    const at = site * rows;
    const gain = (row: number): number => costs[at + row]! * weights[row]! - price[row]!;
    const winning: number[] = [];
    let [wanted, worth] = [0, 0];
    for (let row = 0; row < rows; row++) {
      const own = gain(row);
      if (own >= 0) continue;
      winning.push(row);
      wanted += weights[row]!;
      worth += own;
    }
    let room = this.#capacity[site]!;
    if (wanted <= room) {
      if (slope !== null) for (const row of winning) slope[row]!--;
      return worth;
    }
    const rate = (row: number): number => (weights[row]! > 0 ? gain(row) / weights[row]! : Number.NEGATIVE_INFINITY);
    winning.sort((a, b) => rate(a) - rate(b) || a - b);
    worth = 0;
    for (const row of winning) {
      const share = weights[row]! <= room ? 1 : room / weights[row]!;
      if (share <= 0) break;
      worth += share * gain(row);
      room -= share * weights[row]!;
      if (slope !== null) slope[row]! -= share;
    }
    return worth;
  }
}
