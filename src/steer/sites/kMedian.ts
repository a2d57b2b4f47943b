import { interchange } from "./interchange.js";
import { CLOSED, FREE, type LagrangianBound, LagrangianRelaxation, OPEN } from "./lagrangianBound.js";
import { medianCost } from "./medianCost.js";
import type { MedianProblem, MedianSolution } from "./medianProblem.js";

export interface KMedianOptions {
  /** How many pairs of a site and a row the search may judge before it says how far it is from proof. Default 1e9. */
  readonly mostWork?: number;
}

/**
 * The best sites to open: branch and bound on the Lagrangian bound, from a start that greedy adding and interchange give.
 *
 * Exact where the search ends within `mostWork`; where not, `bound` says how much better another choice could be at most.
 * The clock is not asked: the same problem gives the same answer on any machine.
 */
export function kMedian(problem: MedianProblem, { mostWork = 1e9 }: KMedianOptions = {}): MedianSolution {
  return new Search(problem, mostWork).run();
}

/** Steps of the subgradient at the root, and at each branch after it. */
const ROOT_STEPS = 250;
const BRANCH_STEPS = 40;
/** Exchanges that are tried where capacities make each one a problem of its own. */
const CAPACITATED_PASSES = 3;

class Search {
  readonly #problem: MedianProblem;
  readonly #mostWork: number;
  readonly #relaxation: LagrangianRelaxation;
  readonly #tried = new Set<string>();
  #best: readonly number[];
  #cost: number;

  constructor(problem: MedianProblem, mostWork: number) {
    this.#problem = problem;
    this.#mostWork = mostWork;
    this.#relaxation = new LagrangianRelaxation(problem);
    this.#best = greedy(problem);
    this.#cost = medianCost(problem, this.#best);
    this.#improveBy(this.#best);
  }

  run(): MedianSolution {
    const { isFixed, k, sites } = this.#problem;
    const state = Uint8Array.from({ length: sites }, (_, site) => (isFixed[site] === 1 ? OPEN : FREE));
    const first = this.#branch(state, k, this.#firstPrices(), ROOT_STEPS);
    const isExact = first >= this.#limit();
    return {
      opened: this.#best.filter((site) => isFixed[site] === 0).sort((a, b) => a - b),
      cost: this.#cost,
      bound: isExact ? this.#cost : Math.max(0, first),
      isExact,
    };
  }

  /** What each row costs in the first solution: near the best prices. */
  #firstPrices(): Float64Array {
    const { rows, costs, weights } = this.#problem;
    return Float64Array.from({ length: rows }, (_, row) => {
      const own = this.#best.map((site) => costs[site * rows + row]!);
      return own.length === 0 ? 0 : weights[row]! * Math.min(...own);
    });
  }

  /** Depth first, the branch that opens a site before the one that closes it. Returns the bound of this branch. */
  #branch(state: Uint8Array, room: number, prices: Float64Array, steps: number): number {
    if (this.#relaxation.work > this.#mostWork) return Number.NEGATIVE_INFINITY;
    const { left, next, found } = this.#narrow(state, room, prices, steps);
    if (found.bound >= this.#limit()) return found.bound;
    const site = this.#toBranch(next, left, found);
    if (site < 0) {
      this.#try(sitesThatAre(next, OPEN));
      return Math.max(found.bound, this.#limit());
    }
    const start = this.#relaxation.prices;
    const children = [OPEN, CLOSED].map((choice) => {
      const child = next.slice();
      child[site] = choice;
      return this.#branch(child, choice === OPEN ? left - 1 : left, start, BRANCH_STEPS);
    });
    return Math.max(found.bound, Math.min(...children));
  }

  /** Raises the bound and closes and opens what it decides, in turns, as long as much is decided. */
  #narrow(state: Uint8Array, room: number, prices: Float64Array, steps: number) {
    const next = state.slice();
    let left = room;
    let start = prices;
    for (;;) {
      const known = Number.isFinite(this.#cost) ? this.#cost : this.#anyCost();
      const found = this.#relaxation.improve(next, left, known, start, steps);
      this.#consider(next, found);
      const before = sitesThatAre(next, FREE).length;
      if (found.bound >= this.#limit()) return { next, left, found };
      left -= this.#fix(next, left, found);
      const after = sitesThatAre(next, FREE).length;
      if (after === 0 || after > 0.8 * before || left === 0 || this.#relaxation.work > this.#mostWork)
        return { next, left, found };
      start = this.#relaxation.prices;
    }
  }

  #limit(): number {
    return Number.isFinite(this.#cost) ? this.#cost - 1e-9 * Math.abs(this.#cost) : Number.POSITIVE_INFINITY;
  }

  /** Where no solution is known, one that no solution can exceed, so that steps have something to aim at. */
  #anyCost(): number {
    const { rows, sites, costs, weights, opening } = this.#problem;
    let total = opening.reduce((sum, cost) => sum + cost, 0);
    for (let row = 0; row < rows; row++) {
      let most = 0;
      for (let site = 0; site < sites; site++) most = Math.max(most, costs[site * rows + row]!);
      total += weights[row]! * most;
    }
    return total;
  }

  /** Sites that the bound alone decides (reduced-cost fixing); returns how many of them are opened. */
  #fix(state: Uint8Array, room: number, { bound, worth, chosen }: LagrangianBound): number {
    const limit = this.#limit();
    const isChosen = new Set(chosen);
    const free = sitesThatAre(state, FREE);
    const others = free.filter((site) => !isChosen.has(site));
    const last = chosen.length === room && room > 0 ? worth[chosen[chosen.length - 1]!]! : 0;
    const next = others.reduce((least, site) => Math.min(least, worth[site]!), 0);
    for (const site of others) if (bound - last + worth[site]! >= limit) state[site] = CLOSED;
    let opened = 0;
    for (const site of chosen) {
      if (bound - worth[site]! + Math.min(0, next) < limit) continue;
      state[site] = OPEN;
      opened++;
    }
    return opened;
  }

  /** The free site that is worth most; -1 where nothing is left to decide. */
  #toBranch(state: Uint8Array, room: number, { worth }: LagrangianBound): number {
    if (room === 0) return -1;
    let [best, least] = [-1, Number.POSITIVE_INFINITY];
    for (let site = 0; site < state.length; site++) {
      if (state[site] !== FREE || worth[site]! >= least) continue;
      [best, least] = [site, worth[site]!];
    }
    return best;
  }

  /** Looks at what the relaxed problem opens as a solution. */
  #consider(state: Uint8Array, { chosen }: LagrangianBound): void {
    this.#improveBy([...sitesThatAre(state, OPEN), ...chosen]);
  }

  #improveBy(open: readonly number[]): void {
    const before = this.#cost;
    if (!this.#try(open)) return;
    if (this.#cost >= before && this.#isFar(open)) return;
    if (this.#problem.capacity === null) this.#try(interchange(this.#problem, open));
    else for (let pass = 0; pass < CAPACITATED_PASSES && this.#exchange(); pass++);
  }

  /** Whether a set costs so much more than the best that exchanges would hardly make up for it. */
  #isFar(open: readonly number[]): boolean {
    const { rows, sites, capacity } = this.#problem;
    return capacity !== null || (rows * sites > 100_000 && medianCost(this.#problem, open) > 1.02 * this.#cost);
  }

  /** Takes a set over if it is better; false if it was looked at before. */
  #try(open: readonly number[]): boolean {
    const sorted = [...open].sort((a, b) => a - b);
    const key = sorted.join();
    if (this.#tried.has(key)) return false;
    this.#tried.add(key);
    const cost = medianCost(this.#problem, sorted);
    if (cost < this.#cost) [this.#best, this.#cost] = [sorted, cost];
    return true;
  }

  /** The first exchange of an open site for another that pays under capacities. */
  #exchange(): boolean {
    const { sites, isFixed, rows } = this.#problem;
    if (sites * rows > 200_000) return false;
    const before = this.#cost;
    for (let site = 0; site < sites; site++) {
      if (this.#best.includes(site)) continue;
      for (const other of this.#best) {
        if (isFixed[other] === 1) continue;
        this.#try([...this.#best.filter((one) => one !== other), site]);
        if (this.#cost < before) return true;
      }
    }
    return false;
  }
}

function sitesThatAre(state: Uint8Array, what: number): number[] {
  return Array.from(state.keys()).filter((site) => state[site] === what);
}

/** Opens one site after another, each the one that saves most, as long as it saves more than it costs. */
function greedy(problem: MedianProblem): number[] {
  const { rows, sites, costs, weights, isFixed, opening, k, capacity } = problem;
  const open = Array.from(isFixed.keys()).filter((site) => isFixed[site] === 1);
  const nearest = new Float64Array(rows).fill(Number.POSITIVE_INFINITY);
  const take = (site: number): void => {
    for (let row = 0; row < rows; row++) nearest[row] = Math.min(nearest[row]!, costs[site * rows + row]!);
  };
  for (const site of open) take(site);
  for (let n = 0; n < k; n++) {
    let [best, most] = [-1, Number.NEGATIVE_INFINITY];
    for (let site = 0; site < sites; site++) {
      if (open.includes(site)) continue;
      let saved = -opening[site]!;
      for (let row = 0, at = site * rows; row < rows; row++, at++) {
        if (costs[at]! >= nearest[row]!) continue;
        const from = Number.isFinite(nearest[row]!) ? nearest[row]! : 0;
        saved += weights[row]! * (from - costs[at]!);
      }
      if (saved > most) [best, most] = [site, saved];
    }
    // With capacities a site may be needed though it brings nobody nearer.
    if (best < 0 || (most <= 0 && open.length > 0 && capacity === null)) break;
    open.push(best);
    take(best);
  }
  return open;
}
