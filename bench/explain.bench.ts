// Root causes in tables of leaves: F1 by kind and forecast noise beside a plain Adtributor (Bhagwan et al., NSDI 2014:
// one attribute at a time, explanatory power over 10%, ranked by surprise), and the time of each.
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { type Leaves, localize } from "../src/explain/localize.js";
import { f1, type SliceScore, scoreSlices } from "./support/explainScore.js";
import { type LeafKind, madeAmounts, madeRatios } from "./support/rootCauses.js";

const SEEDS = Number(process.env.BENCH_SEEDS ?? 20);
const NOISES = [0.02, 0.07, 0.12, 0.17, 0.22];
const results: Record<string, unknown>[] = [];

for (const kind of ["S", "L", "H"] as const) for (const noise of NOISES) amounts(kind, noise);
for (const requests of [5, 20, 50, 200, 1000, 5000]) ratios(requests);
mkdirSync("bench/results", { recursive: true });
writeFileSync(
  "bench/results/explain.json",
  JSON.stringify({ cpu: cpus()[0]?.model, node: process.version, results }, null, 1),
);

function amounts(kind: LeafKind, noise: number): void {
  const scores: { ours: SliceScore[]; peer: SliceScore[] } = { ours: [], peer: [] };
  const times = { ours: [] as number[], peer: [] as number[] };
  for (let seed = 0; seed < (kind === "H" ? Math.ceil(SEEDS / 5) : SEEDS); seed++) {
    const { leaves, causes } = madeAmounts(kind, 10_000 + seed, noise);
    const ours = timed(() => localize(leaves).causes.map((cause) => cause.slice), times.ours);
    const peer = timed(() => adtributor(leaves), times.peer);
    scores.ours.push(scoreSlices(leaves, ours, causes));
    scores.peer.push(scoreSlices(leaves, peer, causes));
  }
  if (noise < 0.05) assert.ok(f1(scores.ours) > 0.8, `${kind} at noise ${noise}: F1 ${f1(scores.ours)}`);
  print({
    table: `${kind}, noise ${noise}`,
    f1: f1(scores.ours),
    ms: median(times.ours),
    adtributorF1: f1(scores.peer),
    adtributorMs: median(times.peer),
  });
}

function ratios(requests: number): void {
  const scores: SliceScore[] = [];
  const times: number[] = [];
  let mixCalledCause = 0;
  for (let seed = 0; seed < SEEDS; seed++) {
    const { leaves, causes, large } = madeRatios(20_000 + seed, requests, "causes");
    const found = timed(() => localize(leaves).causes.map((cause) => cause.slice), times);
    scores.push(scoreSlices(leaves, found, large, causes));
    if (localize(madeRatios(30_000 + seed, requests, "mix").leaves).verdict !== "none") mixCalledCause++;
  }
  print({
    table: `ratios, ${requests} requests a leaf`,
    f1: f1(scores),
    ms: median(times),
    mixCalledCause: mixCalledCause / SEEDS,
  });
}

/** The attribute whose values' shares changed most, and its values that explain more than 10% of the change. */
function adtributor({ attributes, real, predicted }: Leaves): Record<string, string>[] {
  const total = { real: 0, predicted: 0 };
  for (let leaf = 0; leaf < real.length; leaf++) {
    total.real += real[leaf]!;
    total.predicted += predicted[leaf]!;
  }
  let best: { surprise: number; slices: Record<string, string>[] } = { surprise: -1, slices: [] };
  for (const [name, column] of Object.entries(attributes)) {
    const sums = new Map<string, { real: number; predicted: number }>();
    for (const [leaf, value] of column.entries()) {
      const sum = sums.get(value) ?? { real: 0, predicted: 0 };
      sum.real += real[leaf]!;
      sum.predicted += predicted[leaf]!;
      sums.set(value, sum);
    }
    const elements = [...sums].map(([value, sum]) => {
      const [p, q] = [sum.predicted / total.predicted, sum.real / total.real];
      const entropy = (x: number): number => (x > 0 ? x * Math.log((2 * x) / (p + q)) : 0);
      return {
        value,
        power: (sum.real - sum.predicted) / (total.real - total.predicted),
        surprise: (entropy(p) + entropy(q)) / 2,
      };
    });
    elements.sort((a, b) => b.surprise - a.surprise);
    const named = elements.filter((element) => element.power > 0.1);
    const surprise = named.reduce((sum, element) => sum + element.surprise, 0);
    if (named.length > 0 && surprise > best.surprise)
      best = { surprise, slices: named.map(({ value }) => ({ [name]: value })) };
  }
  return best.slices;
}

function timed<T>(work: () => T, times: number[]): T {
  const start = performance.now();
  const result = work();
  times.push(performance.now() - start);
  return result;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!;
}

function print(result: Record<string, unknown>): void {
  results.push(result);
  const cells = Object.entries(result).map(([name, value]) =>
    typeof value === "number" ? `${name} ${value.toPrecision(3)}` : value,
  );
  console.log(cells.join("  "));
}
