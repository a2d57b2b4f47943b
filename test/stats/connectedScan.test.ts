import fc from "fast-check";
import { expect, test } from "vitest";
import { Random } from "../../src/core/random.js";
import { connectedScan } from "../../src/stats/scan/connectedScan.js";

const SIDE = 12;
const GRID = Array.from({ length: SIDE * SIDE }, (_, i) => i);
const adjacency = GRID.map((i) =>
  GRID.filter((j) => Math.abs((i % SIDE) - (j % SIDE)) + Math.abs(Math.floor(i / SIDE) - Math.floor(j / SIDE)) === 1),
);
const sorted = (regions: readonly number[]) => [...regions].sort((a, b) => a - b);
/** 10 cases a region, three times as many in those told. */
const cases = (hot: readonly number[], cold: readonly number[] = []) =>
  GRID.map((i) => (cold.includes(i) ? 9 : hot.includes(i) ? 30 : 10));
const population = GRID.map(() => 1000);

/** Along the top edge, and down the right one: its ends are 22 steps apart. */
const CHAIN = [...GRID.slice(0, SIDE), ...Array.from({ length: SIDE - 1 }, (_, k) => (k + 2) * SIDE - 1)];

test("a chain from one corner to the other is one cluster, region by region", () => {
  const [first, ...others] = connectedScan({ cases: cases(CHAIN), population }, { adjacency, replications: 99 });
  expect(sorted(first!.regions)).toEqual(sorted(CHAIN));
  expect(first!.pValue).toBe(0.01);
  expect(others).toEqual([]);
});

test("a region without excess in the middle of a chain does not cut it", () => {
  const [first] = connectedScan({ cases: cases(CHAIN, [6]), population }, { adjacency, replications: 0 });
  expect(sorted(first!.regions)).toEqual(sorted(CHAIN));
});

test("clusters that do not touch are reported one after the other", () => {
  const near = [0, 1, 2];
  const far = [127, 128, 129, 130];
  const clusters = connectedScan({ cases: cases([...near, ...far]), population }, { adjacency, replications: 99 });
  expect(clusters.map((c) => sorted(c.regions))).toEqual([far, near]);
  expect(clusters[0]!.llr).toBeGreaterThan(clusters[1]!.llr);
});

test("limits hold", () => {
  const data = { cases: cases(CHAIN), population };
  expect(connectedScan(data, { adjacency, replications: 0, maxRegions: 4 })[0]!.regions).toHaveLength(4);
  const [small] = connectedScan(data, { adjacency, replications: 0, maxShare: 0.05 });
  expect(small!.regions).toHaveLength(7);
  const dear = connectedScan(data, { adjacency, replications: 0, costPerRegion: 20 });
  expect(dear).toEqual([]);
});

/** Every connected set of a small graph, tried one by one. */
function bruteForce(counts: readonly number[], size: readonly number[], edges: readonly (readonly number[])[]): number {
  const total = counts.reduce((a, b) => a + b, 0);
  const everyone = size.reduce((a, b) => a + b, 0);
  let best = 0;
  for (let set = 1; set < 1 << counts.length; set++) {
    const members = counts.map((_, r) => r).filter((r) => (set >> r) & 1);
    const reached = new Set([members[0]!]);
    for (const r of reached) for (const q of edges[r]!) if ((set >> q) & 1) reached.add(q);
    if (reached.size < members.length) continue;
    const c = members.reduce((sum, r) => sum + counts[r]!, 0);
    const e = (members.reduce((sum, r) => sum + size[r]!, 0) / everyone) * total;
    if (c <= e || e > total / 2 + 1e-9) continue;
    const rest = total - c;
    const llr = c * Math.log(c / e) + (rest > 0 ? rest * Math.log(rest / (total - e)) : 0);
    best = Math.max(best, llr - members.length);
  }
  return best;
}

// The search is a heuristic: it may fall short of the best of all connected sets, but rarely, and never exceeds it.
test("the score is nearly always that of the best of all connected sets, tried one by one", () => {
  const random = new Random(3);
  const rounds = 300;
  let short = 0;
  for (let round = 0; round < rounds; round++) {
    const n = 9;
    const edges = Array.from({ length: n }, () => [] as number[]);
    for (let r = 1; r < n; r++) {
      // A tree, and a third as many edges again.
      for (const q of random.next() < 0.33 ? [random.int(r), random.int(r)] : [random.int(r)]) {
        edges[r]!.push(q);
        edges[q]!.push(r);
      }
    }
    const hot = random.int(n);
    const size = edges.map(() => 100 + random.int(400));
    const counts = size.map((s, r) => random.poisson((s / 50) * (r === hot || edges[hot]!.includes(r) ? 2 : 1)));
    const best = bruteForce(counts, size, edges);
    const [first] = connectedScan({ cases: counts, population: size }, { adjacency: edges, replications: 0 });
    const score = first === undefined ? 0 : first.llr - first.regions.length;
    expect(score).toBeLessThanOrEqual(best + 1e-9);
    if (score < best - 1e-9) short++;
  }
  expect(short).toBeLessThanOrEqual(0.05 * rounds);
});

test("binomial data: the likelihood is that of cases among a population", () => {
  const data = { cases: cases(CHAIN), population: GRID.map(() => 60), model: "binomial" as const };
  const [first] = connectedScan(data, { adjacency, replications: 19 });
  expect(sorted(first!.regions)).toEqual(sorted(CHAIN));
  expect(first!.pValue).toBe(0.05);
});

test("one row of the adjacency is enough for a pair, and regions may be numbered in any order", () => {
  const half = adjacency.map((near, r) => near.filter((q) => q > r));
  const one = connectedScan({ cases: cases(CHAIN), population }, { adjacency: half, replications: 0 });
  expect(sorted(one[0]!.regions)).toEqual(sorted(CHAIN));
  fc.assert(
    fc.property(fc.shuffledSubarray(GRID, { minLength: GRID.length }), (order) => {
      const at = new Map(order.map((old, now) => [old, now]));
      const renamed = order.map((old) => adjacency[old]!.map((q) => at.get(q)!));
      const counts = cases(CHAIN);
      const data = { cases: order.map((old) => counts[old]!), population };
      const [first] = connectedScan(data, { adjacency: renamed, replications: 0 });
      expect(sorted(first!.regions.map((r) => order[r]!))).toEqual(sorted(CHAIN));
    }),
    { numRuns: 20 },
  );
});

test("without any case, or any excess, there is no cluster", () => {
  expect(connectedScan({ cases: GRID.map(() => 0), population }, { adjacency, replications: 9 })).toEqual([]);
  expect(connectedScan({ cases: GRID.map(() => 3), population }, { adjacency, replications: 9 })).toEqual([]);
});

test("what does not fit is refused", () => {
  const data = { cases: cases([]), population };
  expect(() => connectedScan(data, { adjacency: adjacency.slice(1) })).toThrow(/adjacency has 143 rows/);
  expect(() => connectedScan(data, { adjacency: adjacency.map(() => [SIDE * SIDE]) })).toThrow(
    /the number of a region/,
  );
  expect(() => connectedScan(data, { adjacency, costPerRegion: -1 })).toThrow(/costPerRegion/);
});
