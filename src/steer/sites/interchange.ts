import type { MedianProblem } from "./medianProblem.js";

/**
 * Improves a set of open sites by exchanging one for another as long as that pays (Teitz and Bart 1968, by Whitaker's
 * fast interchange of 1983: one pass over the rows tells what opening a site saves together with each closing).
 * Capacities are not looked at.
 *
 * @param open - sites, fixed ones included
 * @returns the sites, none better by one exchange, and how many pairs of a site and a row that took
 */
export function interchange(problem: MedianProblem, open: readonly number[]): { open: number[]; work: number } {
  const { rows, sites, isFixed } = problem;
  const state = new OpenSites(problem, open);
  let work = 0;
  for (let since = 0, site = 0; since < sites; since++, site = (site + 1) % sites) {
    if (state.isOpen[site] === 1 || isFixed[site] === 1) continue;
    const closed = state.worthClosing(site);
    work += rows;
    if (closed < 0) continue;
    state.exchange(closed, site);
    since = -1;
  }
  return { open: rows === 0 ? [...open] : state.list(), work };
}

/** Open sites with each row's nearest and second nearest of them. */
class OpenSites {
  readonly isOpen: Uint8Array;
  readonly #problem: MedianProblem;
  readonly #first: Int32Array;
  readonly #firstCost: Float64Array;
  readonly #secondCost: Float64Array;
  /** What closing each site would cost beyond what opening another saves; of the site looked at. */
  readonly #loss: Float64Array;

  constructor(problem: MedianProblem, open: readonly number[]) {
    this.#problem = problem;
    this.isOpen = new Uint8Array(problem.sites);
    for (const site of open) this.isOpen[site] = 1;
    this.#first = new Int32Array(problem.rows);
    this.#firstCost = new Float64Array(problem.rows);
    this.#secondCost = new Float64Array(problem.rows);
    this.#loss = new Float64Array(problem.sites);
    this.#findNearest();
  }

  list(): number[] {
    return Array.from(this.isOpen.keys()).filter((site) => this.isOpen[site] === 1);
  }

  /** The open site to close if `site` opens, where both together pay; -1 if none do. */
  worthClosing(site: number): number {
    const { rows, sites, costs, weights, opening, isFixed } = this.#problem;
    const loss = this.#loss.fill(0);
    let gain = -opening[site]!;
    for (let row = 0, at = site * rows; row < rows; row++, at++) {
      const cost = costs[at]!;
      const first = this.#firstCost[row]!;
      if (cost < first) gain += weights[row]! * (first - cost);
      else loss[this.#first[row]!]! += weights[row]! * (Math.min(cost, this.#secondCost[row]!) - first);
    }
    // A row that the new site wins needs nothing of its old one, so closing that costs it nothing.
    let [best, most] = [-1, 1e-9 * (1 + Math.abs(gain))];
    for (let other = 0; other < sites; other++) {
      if (this.isOpen[other] === 0 || isFixed[other] === 1) continue;
      const net = gain - loss[other]! + opening[other]!;
      if (net > most) [best, most] = [other, net];
    }
    return best;
  }

  exchange(closed: number, opened: number): void {
    this.isOpen[closed] = 0;
    this.isOpen[opened] = 1;
    this.#findNearest();
  }

  #findNearest(): void {
    const { rows, costs } = this.#problem;
    this.#firstCost.fill(Number.POSITIVE_INFINITY);
    this.#secondCost.fill(Number.POSITIVE_INFINITY);
    for (const site of this.list()) {
      for (let row = 0, at = site * rows; row < rows; row++, at++) {
        const cost = costs[at]!;
        if (cost < this.#firstCost[row]!) {
          this.#secondCost[row] = this.#firstCost[row]!;
          this.#firstCost[row] = cost;
          this.#first[row] = site;
        } else if (cost < this.#secondCost[row]!) this.#secondCost[row] = cost;
      }
    }
  }
}
