import { Random } from "../../core/random.js";
import { CLOSED, FREE, OPEN, type SiteState, sitesThatAre } from "./branchState.js";
import { greedyMedian } from "./greedyMedian.js";
import { interchange } from "./interchange.js";
import { type LagrangianBound, LagrangianRelaxation } from "./lagrangianBound.js";
import { medianCost } from "./medianCost.js";
import type { MedianProblem, MedianSolution } from "./medianProblem.js";

export interface KMedianOptions {
  /**
   * How many pairs of a site and a row the search for a proof may judge. Default 6e8: some seconds. Where the choice may
   * still be more than 0.9% from the best then, it goes on up to three times as long.
   */
  readonly mostWork?: number;
}

/**
 * The best sites to open: best-first branch and bound on the Lagrangian bound. Choices come from greedy adding, from what
 * the bound opens, and from seeded random starts, each improved by interchange.
 *
 * Exact where the search ends within `mostWork`; where not, `bound` says how much better another choice could be at most.
 * The clock is not asked: the same problem gives the same answer on any machine.
 */
export function kMedian(problem: MedianProblem, { mostWork = 6e8 }: KMedianOptions = {}): MedianSolution {
  return new Search(problem, mostWork).run();
}

/** Steps of the subgradient at the root, and at each branch after it. */
const ROOT_STEPS = 400;
const BRANCH_STEPS = 40;
/** Random starts, and the share of the work that they may take. */
const STARTS = 40;
const START_SHARE = 0.15;
/** A gap that is worth more work than `mostWork`, and how much more. */
const WIDE_GAP = 0.009;
const MORE_WORK = 3;
/** Exchanges that are tried where capacities make each one a problem of its own. */
const CAPACITATED_PASSES = 3;

/** A part of the choices that is still to be searched. */
interface Branch {
  /** No choice in it costs less. */
  readonly bound: number;
  readonly state: SiteState;
  /** How many free sites may still be opened. */
  readonly room: number;
  /** Prices to begin with. */
  readonly prices: Float64Array;
}

class Search {
  readonly #problem: MedianProblem;
  readonly #mostWork: number;
  readonly #relaxation: LagrangianRelaxation;
  readonly #tried = new Set<string>();
  #best: readonly number[];
  #cost: number;
  /** Pairs judged by interchange. */
  #exchangeWork = 0;

  constructor(problem: MedianProblem, mostWork: number) {
    this.#problem = problem;
    this.#mostWork = mostWork;
    this.#relaxation = new LagrangianRelaxation(problem);
    this.#best = greedyMedian(problem);
    this.#cost = medianCost(problem, this.#best);
    this.#improveBy(this.#best);
  }

  run(): MedianSolution {
    const { isFixed } = this.#problem;
    const bound = this.#search();
    const isExact = bound >= this.#limit();
    return {
      opened: this.#best.filter((site) => isFixed[site] === 0).sort((a, b) => a - b),
      cost: this.#cost,
      bound: isExact ? this.#cost : Math.max(0, bound),
      isExact,
    };
  }

  /** Returns a bound of all choices. */
  #search(): number {
    const { isFixed, k, sites } = this.#problem;
    const state = Uint8Array.from({ length: sites }, (_, site) => (isFixed[site] === 1 ? OPEN : FREE));
    const root = { bound: Number.NEGATIVE_INFINITY, state, room: k, prices: this.#firstPrices() };
    /** Ascending from the end: the branch with the least bound is the last. */
    const open: Branch[] = [];
    const add = (branch: Branch): void => {
      if (branch.bound >= this.#limit()) return;
      let at = open.length;
      while (at > 0 && open[at - 1]!.bound < branch.bound) at--;
      open.splice(at, 0, branch);
    };
    this.#expand(root, ROOT_STEPS).forEach(add);
    if (open.length > 0) {
      this.#tryRandomStarts();
      this.#relaxation.forget(open.map(({ state: child }) => child).reduce(closedInBoth));
    }
    while (open.length > 0) {
      const { bound } = open.at(-1)!;
      if (bound >= this.#limit() || !this.#mayGoOn(bound)) return bound;
      this.#expand(open.pop()!, BRANCH_STEPS).forEach(add);
    }
    return this.#limit();
  }

  /** Multistart: what greedy adding leads to is one of many local optima. */
  #tryRandomStarts(): void {
    const { isFixed, capacity, k } = this.#problem;
    if (capacity !== null) return;
    const random = new Random(1);
    const fixed = sitesThatAre(isFixed, 1);
    const others = sitesThatAre(isFixed, 0);
    const share = START_SHARE * this.#mostWork;
    for (let start = 0; start < STARTS && this.#exchangeWork < share; start++) {
      for (let i = 0; i < Math.min(k, others.length); i++) {
        const j = i + random.int(others.length - i);
        [others[i], others[j]] = [others[j]!, others[i]!];
      }
      this.#exchangeFrom([...fixed, ...others.slice(0, k)]);
    }
  }

  #exchangeFrom(open: readonly number[]): void {
    const found = interchange(this.#problem, open);
    this.#exchangeWork += found.work;
    this.#try(found.open);
  }

  #mayGoOn(bound: number): boolean {
    const work = this.#relaxation.work + this.#exchangeWork;
    const isWide = this.#cost > (1 + WIDE_GAP) * bound;
    return work <= (isWide ? MORE_WORK : 1) * this.#mostWork;
  }

  /** Bounds a branch and parts it in two, by a site: those that open it, those that do not. None where it is done. */
  #expand({ bound: known, state, room, prices }: Branch, steps: number): Branch[] {
    const { left, next, found } = this.#narrow(state, room, prices, steps);
    const bound = Math.max(known, found.bound);
    if (bound >= this.#limit()) return [];
    const site = this.#toBranch(next, left, found);
    if (site < 0) {
      this.#try(sitesThatAre(next, OPEN));
      return [];
    }
    const start = this.#relaxation.prices;
    return [OPEN, CLOSED].map((choice): Branch => {
      const child = next.slice();
      child[site] = choice;
      return { bound, state: child, room: choice === OPEN ? left - 1 : left, prices: start };
    });
  }

  /** What each row costs in the first solution: near the best prices. */
  #firstPrices(): Float64Array {
    const { rows, costs, weights } = this.#problem;
    return Float64Array.from({ length: rows }, (_, row) => {
      const own = this.#best.map((site) => costs[site * rows + row]!);
      return own.length === 0 ? 0 : weights[row]! * Math.min(...own);
    });
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
    if (this.#problem.capacity === null) this.#exchangeFrom(open);
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

function closedInBoth(a: SiteState, b: SiteState): SiteState {
  return a.map((what, site) => (what === CLOSED && b[site] === CLOSED ? CLOSED : FREE));
}
