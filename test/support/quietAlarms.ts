import { Cube } from "../../src/cube/cube.js";
import { type CompareOptions, compare } from "../../src/pivot/compare/compare.js";
import type { RegionChange } from "../../src/pivot/compare/comparison.js";
import { logBinomialUpperTail } from "../../src/stats/countTails.js";
import { type QuietPlan, QuietWorld } from "./quietPairs.js";

const MONDAY_MS = Date.UTC(2026, 2, 2);
const WEEK_MS = 7 * 86_400_000;

/** Two windows in which nothing happens, or two versions within one. */
export interface QuietComparison extends QuietPlan {
  readonly hours: number;
  /** Share of requests that a canary gets; 0 for two windows a week apart. */
  readonly canary: number;
  readonly options: CompareOptions;
}

/** In how many of so many seeded pairs of quiet windows anything is told, for the worse or the better. */
export function quietAlarms(plan: QuietComparison, pairs: number): { alarms: number; told: RegionChange[] } {
  const told: RegionChange[] = [];
  let alarms = 0;
  for (let seed = 0; seed < pairs; seed++) {
    const world = new QuietWorld(seed, plan);
    const first = cubeOf(world, plan, MONDAY_MS);
    const [before, after] =
      plan.canary > 0
        ? [first.slice({ values: { version: "a" } }), first.slice({ values: { version: "b" } })]
        : [first, cubeOf(world, plan, MONDAY_MS + WEEK_MS)];
    const significant = compare(before, after, plan.options).changes.filter((change) => change.significant);
    if (significant.length > 0) alarms++;
    told.push(...significant);
  }
  return { alarms, told };
}

/** The most alarms that a promised rate allows without being broken: more come by chance in one of a hundred such runs. */
export function mostAlarms(pairs: number, rate: number): number {
  let most = 0;
  while (logBinomialUpperTail(most + 1, pairs, rate) > Math.log(0.01)) most++;
  return most;
}

function cubeOf(world: QuietWorld, { hours, canary }: QuietComparison, fromMs: number): Cube {
  const events = world.window(fromMs, hours, canary);
  return Cube.from(events, { bucketSeconds: 900, dimensions: ["version"], measures: ["latency", "clients"] });
}
