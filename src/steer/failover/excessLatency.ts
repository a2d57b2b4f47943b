import type { Cube } from "../../cube/cube.js";
import { LATENCY_BINS } from "../../cube/measures/latencyStore.js";
import type { DemandBySlot } from "./demandBySlot.js";
import type { PlanCosts } from "./planCosts.js";

/** Points that stand for a distribution: the middles of as many equal parts, the 95th percentile among them. */
export const POINTS = 50;

/**
 * How much longer than the model says requests of each row take: what the server's own work and bad luck add, which goes
 * with the client wherever it is sent. POINTS quantiles a row, ascending; NaN for rows without a latency in the log.
 */
export function excessLatency(cube: Cube, demand: DemandBySlot, { ms }: PlanCosts, servers: number): Float32Array {
  const out = new Float32Array(demand.rows * POINTS).fill(Number.NaN);
  const histogram = new Float64Array(LATENCY_BINS.count);
  const { start, groups } = groupsByRow(demand);
  for (let row = 0; row < demand.rows; row++) {
    const values: number[] = [];
    const counts: number[] = [];
    for (let from = start[row]!; from < start[row + 1]!; ) {
      const server = demand.serverOfGroup[groups[from]!]!;
      histogram.fill(0);
      for (; from < start[row + 1]! && demand.serverOfGroup[groups[from]!] === server; from++)
        cube.latencyInto(groups[from]!, histogram);
      if (server === servers && servers > 0 && values.length > 0) continue;
      const usual = server < servers ? ms[row * servers + server]! : leastOf(ms, row, servers);
      for (let bin = 0; bin < histogram.length; bin++) {
        if (histogram[bin] === 0) continue;
        values.push(LATENCY_BINS.valueOf(bin) - usual);
        counts.push(histogram[bin]!);
      }
    }
    writeQuantiles(values, counts, out.subarray(row * POINTS, (row + 1) * POINTS));
  }
  return out;
}

/** The groups of each row, those of one server side by side. */
function groupsByRow({ rows, rowOfGroup, serverOfGroup }: DemandBySlot): { start: Uint32Array; groups: Uint32Array } {
  const start = new Uint32Array(rows + 1);
  for (const row of rowOfGroup) start[row + 1]!++;
  for (let row = 0; row < rows; row++) start[row + 1]! += start[row]!;
  const next = start.slice();
  const groups = new Uint32Array(rowOfGroup.length);
  rowOfGroup.forEach((row, group) => {
    groups[next[row]!++] = group;
  });
  for (let row = 0; row < rows; row++)
    groups.subarray(start[row]!, start[row + 1]!).sort((a, b) => serverOfGroup[a]! - serverOfGroup[b]! || a - b);
  return { start, groups };
}

function leastOf(ms: Float64Array, row: number, servers: number): number {
  let least = Number.POSITIVE_INFINITY;
  for (let s = 0; s < servers; s++) least = Math.min(least, ms[row * servers + s]!);
  return least;
}

function writeQuantiles(values: readonly number[], counts: readonly number[], out: Float32Array): void {
  const order = Array.from(values.keys()).sort((a, b) => values[a]! - values[b]!);
  const total = counts.reduce((sum, count) => sum + count, 0);
  let [at, below] = [-1, 0];
  for (let point = 0; point < POINTS && total > 0; point++) {
    const rank = ((point + 0.5) / POINTS) * total * (1 - 2 ** -50);
    while (below < rank) below += counts[order[++at]!]!;
    out[point] = values[order[at]!]!;
  }
}
