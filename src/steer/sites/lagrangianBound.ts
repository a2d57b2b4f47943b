import type { MedianProblem } from "./medianProblem.js";

/** What may still be chosen in a branch of the search. */
export const FREE = 0;
export const OPEN = 1;
export const CLOSED = 2;

/** A lower bound of a branch, and what it says about its sites. */
export interface LagrangianBound {
  readonly bound: number;
  /** What each site is worth at the bound (negative: worth opening). */
  readonly worth: Float64Array;
  /** The free sites that the relaxed problem opens, best first. */
  readonly chosen: readonly number[];
}

/**
 * Lagrangian relaxation of "every row is served once" (Cornuéjols, Fisher and Nemhauser 1977): with a price a row, every
 * site is judged by itself, and the sum is a lower bound at any prices. Subgradient steps (Held, Wolfe and Crowder 1974)
 * raise it. With capacities a site takes the rows that gain most until it is full, which keeps the bound one.
 */
export class LagrangianRelaxation {
  /** Sites × rows judged so far: what the search has cost. */
  work = 0;
  readonly #problem: MedianProblem;
  readonly #weighted: Float64Array;
  readonly #price: Float64Array;
  readonly #bestPrice: Float64Array;
  readonly #slope: Float64Array;
  readonly #direction: Float64Array;
  readonly #worth: Float64Array;

  constructor(problem: MedianProblem) {
    this.#problem = problem;
    const { rows, sites, costs, weights } = problem;
    this.#weighted = new Float64Array(sites * rows);
    for (let site = 0, at = 0; site < sites; site++)
      for (let row = 0; row < rows; row++, at++) this.#weighted[at] = costs[at]! * weights[row]!;
    this.#price = new Float64Array(rows);
    this.#bestPrice = new Float64Array(rows);
    this.#slope = new Float64Array(rows);
    this.#direction = new Float64Array(rows);
    this.#worth = new Float64Array(sites);
  }

  /** The prices of the best bound of the last call; a copy. */
  get prices(): Float64Array {
    return this.#bestPrice.slice();
  }

  /**
   * The best bound that so many steps find.
   *
   * @param state - FREE, OPEN or CLOSED for each site
   * @param room - how many of the free ones may open
   * @param target - cost of a known solution; the steps stop once the bound reaches it
   * @param from - prices to begin with
   */
  improve(state: Uint8Array, room: number, target: number, from: Float64Array, steps: number): LagrangianBound {
    this.#price.set(from);
    this.#direction.fill(0);
    let best: LagrangianBound = { bound: Number.NEGATIVE_INFINITY, worth: this.#worth, chosen: [] };
    let [pace, since] = [1, 0];
    for (let step = 0; step < steps; step++) {
      const { bound, chosen } = this.#evaluate(state, room);
      since++;
      if (bound > best.bound) {
        if (bound > best.bound + 1e-5 * Math.abs(bound)) since = 0;
        best = { bound, worth: this.#worth.slice(), chosen };
        this.#bestPrice.set(this.#price);
      }
      if (best.bound >= target - 1e-9 * Math.abs(target)) break;
      if (since >= PATIENCE) {
        pace /= 2;
        since = 0;
        this.#price.set(this.#bestPrice);
        this.#evaluate(state, room);
      }
      if (pace < LEAST_PACE || !this.#move(pace * (target - bound))) break;
    }
    return best;
  }

  #evaluate(state: Uint8Array, room: number): { bound: number; chosen: number[] } {
    const { sites, rows } = this.#problem;
    let bound = 0;
    for (let row = 0; row < rows; row++) bound += this.#price[row]!;
    const free: number[] = [];
    for (let site = 0; site < sites; site++) {
      if (state[site] === CLOSED) continue;
      const worth = this.#judge(site);
      this.#worth[site] = worth;
      if (state[site] === OPEN) bound += worth;
      else if (worth < 0) free.push(site);
    }
    const chosen = free.sort((a, b) => this.#worth[a]! - this.#worth[b]! || a - b).slice(0, room);
    for (const site of chosen) bound += this.#worth[site]!;
    this.#slope.fill(1);
    for (let site = 0; site < sites; site++) if (state[site] === OPEN) this.#serve(site);
    for (const site of chosen) this.#serve(site);
    return { bound, chosen };
  }

  /** What a site is worth: its opening and what it gains on the rows that it would serve at these prices. */
  #judge(site: number): number {
    const { rows, opening, isFixed, capacity } = this.#problem;
    this.work += rows;
    const worth =
      capacity !== null && this.#wanted(site) > capacity[site]!
        ? this.#packed(site, () => {})
        : gainOf(this.#weighted, site * rows, this.#price);
    return isFixed[site] === 1 ? worth : worth + opening[site]!;
  }

  /** The weight of the rows that a site would gain on. */
  #wanted(site: number): number {
    const { rows, weights } = this.#problem;
    let load = 0;
    for (let row = 0, at = site * rows; row < rows; row++, at++)
      if (this.#weighted[at]! < this.#price[row]!) load += weights[row]!;
    return load;
  }

  #serve(site: number): void {
    const { rows, capacity } = this.#problem;
    const weighted = this.#weighted;
    const slope = this.#slope;
    if (capacity !== null && this.#wanted(site) > capacity[site]!) {
      this.#packed(site, (row, share) => {
        slope[row]! -= share;
      });
      return;
    }
    for (let row = 0, at = site * rows; row < rows; row++, at++) if (weighted[at]! < this.#price[row]!) slope[row]!--;
  }

  /** Continuous knapsack: rows by gain a unit of weight, until the site is full. */
  #packed(site: number, take: (row: number, share: number) => void): number {
    const { rows, capacity, weights } = this.#problem;
    const at = site * rows;
    const gain = (row: number): number => this.#weighted[at + row]! - this.#price[row]!;
    const winning = Array.from({ length: rows }, (_, row) => row).filter((row) => gain(row) < 0);
    const rate = (row: number): number => (weights[row]! > 0 ? gain(row) / weights[row]! : Number.NEGATIVE_INFINITY);
    winning.sort((a, b) => rate(a) - rate(b) || a - b);
    let room = capacity![site]!;
    let worth = 0;
    for (const row of winning) {
      const share = weights[row]! <= room ? 1 : room / weights[row]!;
      if (share <= 0) break;
      worth += share * gain(row);
      room -= share * weights[row]!;
      take(row, share);
    }
    return worth;
  }

  /**
   * A step along the subgradient, turned so that it does not undo the last one (Camerini, Fratta and Maffioli 1975);
   * false where there is none to take.
   */
  #move(distance: number): boolean {
    const direction = this.#direction;
    const slope = this.#slope;
    let [along, before] = [0, 0];
    for (let row = 0; row < slope.length; row++) {
      along += slope[row]! * direction[row]!;
      before += direction[row]! ** 2;
    }
    const turn = before > 0 && along < 0 ? (-TURN * along) / before : 0;
    let square = 0;
    for (let row = 0; row < slope.length; row++) {
      direction[row] = slope[row]! + turn * direction[row]!;
      square += direction[row]! ** 2;
    }
    if (square < 1e-18) return false;
    const step = distance / square;
    for (let row = 0; row < slope.length; row++) this.#price[row]! += step * direction[row]!;
    return true;
  }
}

const TURN = 1.5;

/** The sum of what is below 0 in weighted − price, of a run of `price.length`. */
function gainOf(weighted: Float64Array, start: number, price: Float64Array): number {
  let worth = 0;
  for (let row = 0, at = start; row < price.length; row++, at++) worth += Math.min(0, weighted[at]! - price[row]!);
  return worth;
}

/** Steps without progress after which they are halved. */
const PATIENCE = 15;
const LEAST_PACE = 1e-3;
