import type { Random } from "../../core/random.js";
import { JUDGED, type ZoneTree } from "./zoneTree.js";

/** How cases come about, as far as a scan needs to know. */
export interface ScanModel {
  /** Sum over regions of what `maxShare` is a share of. */
  readonly totalWeight: number;
  readonly weight: Float64Array;
  /** The log likelihood ratio of a zone of these cases and this weight; 0 where it has no more cases than elsewhere. */
  ratio(cases: number, weight: number): number;
  /** A function that finds the largest log likelihood ratio, times the zone's factor, of a tree's zones. */
  prepare(tree: ZoneTree): (cases: Int32Array, counts: Int32Array) => { readonly zone: number; readonly llr: number };
  /** The log likelihood ratio times the factor of every zone, repeated ones included; 0 for steps and where a zone has no more cases than elsewhere. */
  ratios(tree: ZoneTree, cases: Int32Array): Float64Array;
  /** Cases as they would be if the risk were the same everywhere, their total given. */
  simulate(random: Random, out: Int32Array): void;
}

/** x ln x for the integers up to n; 0 for 0. */
function logTable(n: number): Float64Array {
  return Float64Array.from({ length: n + 1 }, (_, x) => (x === 0 ? 0 : x * Math.log(x)));
}

/**
 * Poisson: cases in proportion to what is expected (Kulldorff 1997).
 *
 * @param asIs - whether `expected` is to be taken as it is rather than scaled to the number of cases
 */
export function poissonModel(cases: Int32Array, expected: ArrayLike<number>, asIs = false): ScanModel {
  const total = cases.reduce((a, b) => a + b, 0);
  const sum = Array.from(expected).reduce((a, b) => a + b, 0);
  const weight = Float64Array.from(expected, (e) => (asIs ? e : (e / sum) * total));
  const xlogx = logTable(total);
  const pick = aliasTable(weight);
  const tables = (tree: ZoneTree) => {
    const e = zoneSums(tree, weight);
    return { e, logIn: e.map(Math.log), logOut: e.map((v) => Math.log(Math.max(total - v, 1e-300))) };
  };
  return {
    totalWeight: total,
    weight,
    ratio: (c, e) =>
      c <= e
        ? 0
        : xlogx[c]! - c * Math.log(e) + xlogx[total - c]! - (total - c) * Math.log(Math.max(total - e, 1e-300)),
    prepare(tree) {
      const { e, logIn, logOut } = tables(tree);
      const { parent, region, judged } = tree;
      const factor = tree.factor ?? new Float64Array(parent.length).fill(1);
      return (now, counts) => {
        let best = 0;
        let at = -1;
        for (let z = 0; z < parent.length; z++) {
          const p = parent[z]!;
          const c = now[region[z]!]! + (p < 0 ? 0 : counts[p]!);
          counts[z] = c;
          if (c <= e[z]! || judged[z] !== JUDGED) continue;
          const llr = factor[z]! * (xlogx[c]! - c * logIn[z]! + xlogx[total - c]! - (total - c) * logOut[z]!);
          if (llr > best) {
            best = llr;
            at = z;
          }
        }
        return { zone: at, llr: best };
      };
    },
    ratios(tree, now) {
      const { e, logIn, logOut } = tables(tree);
      const counts = zoneSums(tree, now);
      return counts.map((c, z) =>
        c <= e[z]! || tree.judged[z] === 0
          ? 0
          : (tree.factor?.[z] ?? 1) * (xlogx[c]! - c * logIn[z]! + xlogx[total - c]! - (total - c) * logOut[z]!),
      );
    },
    simulate(random, out) {
      out.fill(0);
      for (let k = 0; k < total; k++) out[pick(random)]!++;
    },
  };
}

/** Binomial (Bernoulli): each member of a region's population is a case or not. */
export function binomialModel(cases: Int32Array, population: ArrayLike<number>): ScanModel {
  const total = cases.reduce((a, b) => a + b, 0);
  const weight = Float64Array.from(population);
  const everyone = weight.reduce((a, b) => a + b, 0);
  const xlogx = logTable(total);
  const log = (x: number): number => (x > 0 ? x * Math.log(x) : 0);
  const none = xlogx[total]! + log(everyone - total) - log(everyone);
  const ratio = (c: number, n: number): number =>
    xlogx[c]! + log(n - c) - log(n) + xlogx[total - c]! + log(everyone - n - total + c) - log(everyone - n) - none;
  return {
    totalWeight: everyone,
    weight,
    ratio: (c, n) => (c * everyone <= total * n ? 0 : ratio(c, n)),
    prepare(tree) {
      const n = zoneSums(tree, weight);
      const { parent, region, judged } = tree;
      const factor = tree.factor ?? new Float64Array(parent.length).fill(1);
      return (now, counts) => {
        let best = 0;
        let at = -1;
        for (let z = 0; z < parent.length; z++) {
          const p = parent[z]!;
          const c = now[region[z]!]! + (p < 0 ? 0 : counts[p]!);
          counts[z] = c;
          if (judged[z] !== JUDGED || c * everyone <= total * n[z]!) continue;
          const llr = factor[z]! * ratio(c, n[z]!);
          if (llr > best) {
            best = llr;
            at = z;
          }
        }
        return { zone: at, llr: best };
      };
    },
    ratios(tree, now) {
      const n = zoneSums(tree, weight);
      return zoneSums(tree, now).map((c, z) =>
        tree.judged[z] === 0 || c * everyone <= total * n[z]! ? 0 : (tree.factor?.[z] ?? 1) * ratio(c, n[z]!),
      );
    },
    simulate: (random, out) => drawWithoutReplacement(random, weight, everyone, total, out),
  };
}

function zoneSums(tree: ZoneTree, values: ArrayLike<number>): Float64Array {
  const sums = new Float64Array(tree.parent.length);
  for (let z = 0; z < sums.length; z++) {
    const p = tree.parent[z]!;
    sums[z] = values[tree.region[z]!]! + (p < 0 ? 0 : sums[p]!);
  }
  return sums;
}

/** Walker's alias method: one draw in constant time. */
function aliasTable(weight: Float64Array): (random: Random) => number {
  const n = weight.length;
  const sum = weight.reduce((a, b) => a + b, 0);
  const chance = weight.map((w) => (w * n) / sum);
  const alias = new Uint32Array(n);
  const small: number[] = [];
  const large: number[] = [];
  chance.forEach((c, i) => {
    (c < 1 ? small : large).push(i);
  });
  while (small.length > 0 && large.length > 0) {
    const s = small.pop()!;
    const l = large[large.length - 1]!;
    alias[s] = l;
    chance[l]! -= 1 - chance[s]!;
    if (chance[l]! < 1) small.push(large.pop()!);
  }
  for (const i of [...small, ...large]) chance[i] = 1;
  return (random) => {
    const i = random.int(n);
    return random.next() < chance[i]! ? i : alias[i]!;
  };
}

/** Draws cases among all members of all regions, nobody twice (Floyd's method). */
function drawWithoutReplacement(
  random: Random,
  population: Float64Array,
  everyone: number,
  cases: number,
  out: Int32Array,
): void {
  const ends = new Float64Array(population.length);
  population.reduce((end, size, r) => (ends[r] = end + size), 0);
  const drawn = new Set<number>();
  for (let limit = everyone - cases; limit < everyone; limit++) {
    const member = random.int(limit + 1);
    drawn.add(drawn.has(member) ? limit : member);
  }
  out.fill(0);
  for (const member of drawn) out[regionOf(ends, member)]!++;
}

function regionOf(ends: Float64Array, member: number): number {
  let [low, high] = [0, ends.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ends[middle]! <= member) low = middle + 1;
    else high = middle;
  }
  return low;
}
