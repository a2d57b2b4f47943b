import { expect, test } from "vitest";
import { Random } from "../../src/core/random.js";
import { kMedian } from "../../src/steer/sites/kMedian.js";
import { medianCost } from "../../src/steer/sites/medianCost.js";
import type { MedianProblem } from "../../src/steer/sites/medianProblem.js";

function planar(
  seed: number,
  rows: number,
  sites: number,
  k: number,
  more: Partial<MedianProblem> = {},
): MedianProblem {
  const random = new Random(seed);
  const points = (n: number) => Array.from({ length: n }, () => [random.next() * 100, random.next() * 100] as const);
  const [clients, places] = [points(rows), points(sites)];
  return {
    rows,
    sites,
    k,
    costs: Float64Array.from({ length: rows * sites }, (_, at) => {
      const [a, b] = [clients[at % rows]!, places[Math.floor(at / rows)]!];
      return Math.hypot(a[0] - b[0], a[1] - b[1]) * (0.7 + 0.6 * random.next());
    }),
    weights: Float64Array.from({ length: rows }, () => random.exponential()),
    opening: new Float64Array(sites),
    capacity: null,
    isFixed: new Uint8Array(sites),
    ...more,
  };
}

/** Every set of up to `k` sites, by recursion with each row's least cost so far. */
function enumerated(problem: MedianProblem): number {
  const { rows, sites, costs, weights, opening, isFixed } = problem;
  let best = Number.POSITIVE_INFINITY;
  const least = Array.from({ length: problem.k + 1 }, () => new Float64Array(rows).fill(1e9));
  for (let s = 0; s < sites; s++)
    if (isFixed[s] === 1) for (let i = 0; i < rows; i++) least[0]![i] = Math.min(least[0]![i]!, costs[s * rows + i]!);
  const visit = (from: number, depth: number, spent: number): void => {
    let total = spent;
    for (let i = 0; i < rows; i++) total += weights[i]! * least[depth]![i]!;
    best = Math.min(best, total);
    if (depth === problem.k) return;
    for (let s = from; s < sites; s++) {
      if (isFixed[s] === 1) continue;
      const [now, next] = [least[depth]!, least[depth + 1]!];
      for (let i = 0; i < rows; i++) next[i] = Math.min(now[i]!, costs[s * rows + i]!);
      visit(s + 1, depth + 1, spent + opening[s]!);
    }
  };
  visit(0, 0, 0);
  return best;
}

test("the choice is the best of all choices, and says so, on random instances", () => {
  for (let seed = 1; seed <= 16; seed++) {
    const random = new Random(1000 + seed);
    const sites = 8 + random.int(25);
    const k = 1 + random.int(4);
    const opening = Float64Array.from({ length: sites }, () => (seed % 2 === 0 ? 0 : 40 * random.next()));
    const isFixed = Uint8Array.from({ length: sites }, () => (seed % 3 === 0 && random.next() < 0.15 ? 1 : 0));
    const problem = planar(seed, 20 + random.int(41), sites, k, { opening, isFixed });
    const { cost, bound, isExact, opened } = kMedian(problem);
    expect(isExact).toBe(true);
    expect(cost).toBeCloseTo(enumerated(problem), 6);
    expect(bound).toBeCloseTo(cost, 6);
    const fixed = Array.from(isFixed.keys()).filter((s) => isFixed[s] === 1);
    expect(medianCost(problem, [...fixed, ...opened])).toBeCloseTo(cost, 6);
    expect(opened.length).toBeLessThanOrEqual(k);
  }
});
