import { FailoverSolver } from "../../../steer/failover/failoverSolver.js";
import type { PlanState } from "../../../steer/failover/planState.js";

/** Where the plan leads each cell in each failure. */
export interface PlanCatchments {
  /** The server of each cell with all servers up, by position; -1 where most of it finds no room. */
  readonly healthy: Int32Array;
  /** The same for each failure asked for, in their order. */
  readonly failures: readonly Int32Array[];
}

/**
 * Solves the plan's hours again for where each cell's requests go: most of them, over the hours given.
 *
 * @param cellOfRow - the cell of each row of the plan's demand, in [0, cells); negative for those without one
 * @param slots - hours of the week to look at: the busiest, when capacities tell
 * @param failures - positions of the servers lost: one or two each
 */
export function planCatchments(
  state: PlanState,
  cellOfRow: Int32Array,
  cells: number,
  slots: readonly number[],
  failures: readonly (readonly number[])[],
): PlanCatchments {
  const width = state.names.length + 1;
  const tally = (): Float64Array => new Float64Array(cells * width);
  const healthy = tally();
  const sums = failures.map(tally);
  const solver = new FailoverSolver(state);
  const firsts = [...new Set(failures.map(([first]) => first!))];
  for (const slot of slots) {
    solver.healthy(slot, (flow) => addFlow(healthy, flow, cellOfRow, width));
    for (const first of firsts) {
      solver.one(first, (flow) => {
        const alone = failures.findIndex((down) => down.length === 1 && down[0] === first);
        if (alone >= 0) addFlow(sums[alone]!, flow, cellOfRow, width);
      });
      failures.forEach((down, i) => {
        if (down.length === 2 && down[0] === first)
          solver.two(down[1]!, (flow) => addFlow(sums[i]!, flow, cellOfRow, width));
      });
    }
  }
  return { healthy: strongest(healthy, width), failures: sums.map((sum) => strongest(sum, width)) };
}

function addFlow(sum: Float64Array, flow: Float64Array, cellOfRow: Int32Array, width: number): void {
  for (let row = 0; row < cellOfRow.length; row++) {
    const cell = cellOfRow[row]!;
    if (cell < 0) continue;
    for (let s = 0; s < width; s++) sum[cell * width + s]! += flow[row * width + s]!;
  }
}

/** The server that gets most of each cell; the last column is what is shed. */
function strongest(sum: Float64Array, width: number): Int32Array {
  return Int32Array.from({ length: sum.length / width }, (_, cell) => {
    const own = sum.subarray(cell * width, (cell + 1) * width);
    const most = own.indexOf(own.reduce((best, amount) => Math.max(best, amount), 0));
    return most === width - 1 ? -1 : most;
  });
}
