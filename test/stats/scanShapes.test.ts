import { expect, test } from "vitest";
import { Random } from "../../src/core/random.js";
import { circularScan, flexibleScan } from "../../src/stats/scan/clusterScan.js";
import { ellipticScan } from "../../src/stats/scan/ellipticScan.js";
import { restrictedScan } from "../../src/stats/scan/restrictedScan.js";
import { spaceTimeScan } from "../../src/stats/scan/spaceTimeScan.js";

interface Found {
  readonly regions: readonly number[];
  readonly value: number;
}
const sorted = (regions: readonly number[]): number[] => [...regions].sort((a, b) => a - b);
const sum = (values: readonly number[], of: readonly number[]): number => of.reduce((s, r) => s + values[r]!, 0);

/** Regions at random with neighbours within 3, some of them hot. */
function randomMap(seed: number, n = 18) {
  const random = new Random(seed);
  const x = Array.from({ length: n }, () => 10 * random.next());
  const y = Array.from({ length: n }, () => 10 * random.next());
  const population = x.map(() => 100 + random.int(400));
  const cases = population.map((p, r) => random.poisson((p / 100) * (r < 5 ? 3 : 1)));
  const adjacency = x.map((_, i) =>
    x.flatMap((_, j) => (i !== j && Math.hypot(x[i]! - x[j]!, y[i]! - y[j]!) < 3 ? [j] : [])),
  );
  return { x, y, population, cases, adjacency };
}
type RandomMap = ReturnType<typeof randomMap>;

/** Kulldorff's Poisson ratio, as the papers have it. */
function poissonRatio({ cases, population }: RandomMap, zone: readonly number[]): number {
  const total = cases.reduce((a, b) => a + b, 0);
  const everyone = population.reduce((a, b) => a + b, 0);
  const c = sum(cases, zone);
  const e = (total * sum(population, zone)) / everyone;
  if (c <= e) return 0;
  return c * Math.log(c / e) + (total > c ? (total - c) * Math.log((total - c) / (total - e)) : 0);
}
const fits = ({ population }: RandomMap, zone: readonly number[]): boolean =>
  sum(population, zone) <= 0.5 * population.reduce((a, b) => a + b, 0);

/** The best of each centre, then those that share no region with a better one. */
function chosen(zones: ReadonlyMap<number, readonly Found[]>): Found[] {
  const best = [...zones.values()].flatMap((all) => {
    const top = all.reduce<Found | null>((a, b) => (b.value > (a?.value ?? 0) ? b : a), null);
    return top === null ? [] : [top];
  });
  const clusters: Found[] = [];
  for (const zone of best.sort((a, b) => b.value - a.value))
    if (!clusters.some((c) => c.regions.some((r) => zone.regions.includes(r)))) clusters.push(zone);
  return clusters;
}

/** The first clusters must agree: below them, ties are many. */
function agree(found: readonly { regions: readonly number[]; statistic: number }[], wanted: readonly Found[]): void {
  expect(found.slice(0, 4).map((c) => c.statistic)).toEqual(wanted.slice(0, 4).map((c) => expect.closeTo(c.value, 8)));
  expect(sorted(found[0]!.regions)).toEqual(sorted(wanted[0]!.regions));
}

const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8];

test.each(SEEDS)("circles: secondary clusters are the best of other centres, tried one by one (map %i)", (seed) => {
  const map = randomMap(seed);
  const zones = new Map<number, Found[]>();
  map.x.forEach((_, i) => {
    const near = sorted(map.x.map((_, j) => j)).sort((a, b) => distance(map, i, a, 1, 0) - distance(map, i, b, 1, 0));
    const all = near.map((_, k) => near.slice(0, k + 1)).filter((zone) => fits(map, zone));
    zones.set(
      i,
      all.map((regions) => ({ regions, value: poissonRatio(map, regions) })),
    );
  });
  agree(circularScan(map, map, { replications: 0 }), chosen(zones));
});

const distance = ({ x, y }: RandomMap, i: number, j: number, shape: number, angle: number): number => {
  const [dx, dy] = [x[j]! - x[i]!, y[j]! - y[i]!];
  const along = dx * Math.cos(angle) + dy * Math.sin(angle);
  const across = dy * Math.cos(angle) - dx * Math.sin(angle);
  return along * along + (shape * across) ** 2;
};

test.each(SEEDS)("ellipses of every shape and angle, with the penalty, tried one by one (map %i)", (seed) => {
  const map = randomMap(seed);
  const [shapes, angles] = [
    [1, 1.5, 2, 3, 4, 5],
    [1, 4, 6, 9, 12, 15],
  ];
  const zones = new Map<number, Found[]>();
  map.x.forEach((_, i) => {
    const all: Found[] = [];
    shapes.forEach((shape, s) => {
      for (let k = 0; k < angles[s]!; k++) {
        const angle = (Math.PI * k) / angles[s]!;
        const near = map.x
          .map((_, j) => j)
          .sort((a, b) => distance(map, i, a, shape, angle) - distance(map, i, b, shape, angle));
        for (let size = 1; size <= near.length; size++) {
          const regions = near.slice(0, size);
          if (fits(map, regions))
            all.push({ regions, value: poissonRatio(map, regions) * Math.sqrt((4 * shape) / (shape + 1) ** 2) });
        }
      }
    });
    zones.set(i, all);
  });
  agree(ellipticScan(map, map, { replications: 0 }), chosen(zones));
});

test("a long thin cluster is found by ellipses, at a price, and not by circles", () => {
  const side = 12;
  const x = Array.from({ length: side * side }, (_, i) => i % side);
  const y = Array.from({ length: side * side }, (_, i) => Math.floor(i / side));
  const row = x.flatMap((column, i) => (y[i] === 5 && column >= 2 && column <= 8 ? [i] : []));
  const cases = x.map((_, i) => (row.includes(i) ? 25 : 10));
  const data = { cases, population: x.map(() => 1000) };
  const [long] = ellipticScan({ x, y }, data, { replications: 99 });
  expect(sorted(long!.regions)).toEqual(row);
  expect(long!.statistic).toBeLessThan(long!.llr);
  expect(long!.pValue).toBe(0.01);
  expect(sorted(circularScan({ x, y }, data, { replications: 9 })[0]!.regions)).not.toEqual(row);
});

/** P(N > n) + P(N = n) / 2 of a Poisson count, summed up. */
function midP(n: number, mean: number): number {
  let [term, below] = [Math.exp(-mean), 0];
  for (let k = 0; k < n; k++) {
    below += term;
    term *= mean / (k + 1);
  }
  return 1 - below - term / 2;
}

function isConnected(zone: readonly number[], adjacency: readonly (readonly number[])[]): boolean {
  const reached = new Set([zone[0]!]);
  for (const r of reached) for (const q of adjacency[r]!) if (zone.includes(q)) reached.add(q);
  return reached.size === zone.length;
}

test.each(SEEDS)("the restricted scan: every connected set of hot neighbours, tried one by one (map %i)", (seed) => {
  const map = randomMap(seed, 14);
  const total = map.cases.reduce((a, b) => a + b, 0);
  const everyone = map.population.reduce((a, b) => a + b, 0);
  const hot = map.cases.map((c, r) => midP(c, (total * map.population[r]!) / everyone) < 0.2);
  const zones = new Map<number, Found[]>();
  map.x.forEach((_, i) => {
    if (!hot[i]) return;
    const near = map.x.map((_, j) => j).sort((a, b) => distance(map, i, a, 1, 0) - distance(map, i, b, 1, 0));
    const within = near.slice(0, 10).filter((r) => hot[r] && r !== i);
    const all: Found[] = [];
    for (let bits = 0; bits < 1 << within.length; bits++) {
      const regions = [i, ...within.filter((_, k) => (bits >> k) & 1)];
      if (isConnected(regions, map.adjacency) && fits(map, regions))
        all.push({ regions, value: poissonRatio(map, regions) });
    }
    zones.set(i, all);
  });
  const found = restrictedScan(map, map, { adjacency: map.adjacency, maxRegions: 10, replications: 9 });
  agree(found, chosen(zones));
  for (const { regions } of found) for (const r of regions) expect(hot[r]).toBe(true);
});

test("the restricted scan is the flexible one where every region may be hot", () => {
  const map = randomMap(3);
  const options = { adjacency: map.adjacency, maxRegions: 7, replications: 19 };
  const llr = (clusters: readonly { llr: number }[]) => clusters.slice(0, 5).map((c) => c.llr);
  expect(llr(restrictedScan(map, map, { ...options, hotBelow: 1 }))).toEqual(llr(flexibleScan(map, map, options)));
});

test("a border that only one of two regions tells is a border", () => {
  const map = randomMap(4);
  const oneSided = map.adjacency.map((row, r) => row.filter((q) => q > r));
  const options = { maxRegions: 8, replications: 0 };
  const both = flexibleScan(map, map, { ...options, adjacency: map.adjacency });
  expect(flexibleScan(map, map, { ...options, adjacency: oneSided })).toEqual(both);
});

/** Six regions over ten times; the first three have far more cases in the last two. */
function history(seed: number) {
  const random = new Random(seed);
  const map = randomMap(seed, 9);
  const expected = map.x.map(() => Array.from({ length: 10 }, () => 2 + 6 * random.next()));
  const cases = expected.map((row, r) => row.map((e, t) => random.poisson(e * (r < 3 && t > 6 ? 2.5 : 1))));
  return { ...map, expected, history: cases };
}

test.each(SEEDS)("cylinders in space and time, tried one by one (history %i)", (seed) => {
  const { x, y, expected, history: cases, ...map } = history(seed);
  const total = cases.flat().reduce((a, b) => a + b, 0);
  const byTime = cases[0]!.map((_, t) => cases.reduce((s, row) => s + row[t]!, 0));
  const permuted = cases.map((row) => byTime.map((n) => (n * row.reduce((a, b) => a + b, 0)) / total));
  const ratio = (c: number, e: number): number =>
    c * Math.log(c / e) + (total - c) * Math.log((total - c) / (total - e));
  const runs = [
    { data: { cases, expected }, mean: expected, of: (c: number, e: number) => c * Math.log(c / e) + e - c },
    { data: { cases }, mean: permuted, of: ratio },
  ];
  for (const windows of ["ending-now", "any"] as const)
    for (const { data, mean, of } of runs) {
      const weight = mean.map((row) => row.reduce((a, b) => a + b, 0));
      const zones = new Map<number, (Found & { from: number; to: number })[]>();
      x.forEach((_, i) => {
        const near = x
          .map((_, j) => j)
          .sort((a, b) => distance({ ...map, x, y }, i, a, 1, 0) - distance({ ...map, x, y }, i, b, 1, 0));
        const all: (Found & { from: number; to: number })[] = [];
        for (let size = 1; size <= near.length; size++)
          for (let to = windows === "any" ? 0 : 9; to < 10; to++)
            for (let from = Math.max(0, to - 4); from <= to; from++) {
              const regions = near.slice(0, size);
              if (sum(weight, regions) > 0.5 * weight.reduce((a, b) => a + b, 0)) continue;
              const within = (rows: readonly (readonly number[])[]): number =>
                regions.reduce((s, r) => s + rows[r]!.slice(from, to + 1).reduce((a, b) => a + b, 0), 0);
              const [c, e] = [within(cases), within(mean)];
              all.push({ regions, from, to, value: c > e ? of(c, e) : 0 });
            }
        zones.set(i, all);
      });
      const wanted = chosen(zones);
      const found = spaceTimeScan({ x, y }, data, { windows, replications: 19 });
      expect(found.slice(0, 3).map((c) => c.llr)).toEqual(wanted.slice(0, 3).map((c) => expect.closeTo(c.value, 8)));
      expect(sorted(found[0]!.regions)).toEqual(sorted(wanted[0]!.regions));
      expect(found[0]).toMatchObject({
        from: (wanted[0] as { from?: number }).from,
        to: (wanted[0] as { to?: number }).to,
      });
    }
});

test("what breaks out now is told, and quiet histories are not", () => {
  const quiet = [21, 22, 23, 24].map((seed) => {
    const random = new Random(seed);
    const map = randomMap(seed, 20);
    const cases = map.x.map(() => Array.from({ length: 12 }, () => random.poisson(5)));
    return spaceTimeScan(map, { cases, expected: cases.map((row) => row.map(() => 5)) }, { replications: 99 })[0];
  });
  expect(quiet.filter((c) => c !== undefined && c.pValue <= 0.01).length).toBeLessThanOrEqual(1);
  const { x, y, expected, history: cases } = history(31);
  expect(spaceTimeScan({ x, y }, { cases, expected }, { replications: 99 })[0]!.pValue).toBe(0.01);
});

test("what does not fit is refused", () => {
  const points = { x: [0, 1], y: [0, 1] };
  const data = { cases: [1, 2], population: [10, 10] };
  for (const call of [
    () => ellipticScan(points, data, { shapes: [1, 2], angles: [1] }),
    () => ellipticScan(points, data, { penalty: -1 }),
    () => restrictedScan(points, data, { adjacency: [[1], [0]], hotBelow: 0 }),
    () => spaceTimeScan(points, { cases: [[1, 2], [1]] }),
    () => spaceTimeScan(points, { cases: [[1.5], [1]] }),
    () => spaceTimeScan(points, { cases: [[1], [1]], expected: [[1], [Number.NaN]] }),
    () => spaceTimeScan(points, { cases: [[1], [1]] }, { maxDuration: 0 }),
  ])
    expect(call).toThrow(
      expect.objectContaining({ code: expect.stringMatching(/lengths-differ|bad-value|bad-spatial/) }),
    );
});
