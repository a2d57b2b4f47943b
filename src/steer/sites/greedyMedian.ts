import type { MedianProblem } from "./medianProblem.js";

/** Opens one site after another, each the one that saves most, as long as it saves more than it costs. */
export function greedyMedian(problem: MedianProblem): number[] {
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
