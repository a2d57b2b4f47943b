import { FREE, OPEN, type SiteState } from "./branchState.js";
import type { MedianProblem } from "./medianProblem.js";
import { type SiteGains, siteGains } from "./siteGains.js";

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
 * raise it.
 */
export class LagrangianRelaxation {
  /** Pairs of a site and a row judged so far: what the bounds have cost. */
  work = 0;
  readonly #problem: MedianProblem;
  readonly #gains: SiteGains;
  readonly #price: Float64Array;
  readonly #bestPrice: Float64Array;
  readonly #slope: Float64Array;
  readonly #direction: Float64Array;
  readonly #worth: Float64Array;

  constructor(problem: MedianProblem) {
    this.#problem = problem;
    this.#gains = siteGains(problem);
    this.#price = new Float64Array(problem.rows);
    this.#bestPrice = new Float64Array(problem.rows);
    this.#slope = new Float64Array(problem.rows);
    this.#direction = new Float64Array(problem.rows);
    this.#worth = new Float64Array(problem.sites);
  }

  /** The prices of the best bound of the last call; a copy. */
  get prices(): Float64Array {
    return this.#bestPrice.slice();
  }

  /** Forgets sites that no branch will open, which makes all further bounds cheaper. */
  forget(state: SiteState): void {
    this.#gains.forget(state);
  }

  /**
   * The best bound that so many steps find.
   *
   * @param room - how many of the free sites may open
   * @param target - cost of a known solution; the steps stop once the bound reaches it
   * @param from - prices to begin with
   */
  improve(state: SiteState, room: number, target: number, from: Float64Array, steps: number): LagrangianBound {
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

  #evaluate(state: SiteState, room: number): { bound: number; chosen: number[] } {
    const { sites, opening, isFixed } = this.#problem;
    const worth = this.#worth;
    for (let site = 0; site < sites; site++) worth[site] = isFixed[site] === 1 ? 0 : opening[site]!;
    this.work += this.#gains.judge(this.#price, state, worth);
    let bound = this.#price.reduce((sum, price) => sum + price, 0);
    const open: number[] = [];
    const free: number[] = [];
    for (let site = 0; site < sites; site++) {
      if (state[site] === FREE && worth[site]! < 0) free.push(site);
      if (state[site] === OPEN) open.push(site);
    }
    const chosen = free.sort((a, b) => worth[a]! - worth[b]! || a - b).slice(0, room);
    for (const site of [...open, ...chosen]) bound += worth[site]!;
    this.#slope.fill(1);
    this.work += sites + this.#gains.serve(this.#price, [...open, ...chosen], this.#slope);
    return { bound, chosen };
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
/** Steps without progress after which they are halved. */
const PATIENCE = 15;
const LEAST_PACE = 1e-3;
