import { checkArgument, checkOptions } from "../../core/options/checkOptions.js";
import type { Shapes } from "../../core/options/shape.js";
import { choice, flag, list, text } from "../../core/options/shapes.js";
import type { Cube } from "../../cube/cube.js";
import { CUBE } from "../../cube/cubeShape.js";
import { CaseTally } from "./caseTally.js";
import type { FailoverCase } from "./failoverCase.js";
import { type FailoverDetail, failoverDetail } from "./failoverDetail.js";
import { FailoverSolver } from "./failoverSolver.js";
import { HeadroomTally, type ServerHeadroom } from "./headroomTally.js";
import {
  PLAN_OPTIONS,
  type PlanOptions,
  type PlanState,
  planState,
  rateOf,
  type Steering,
  serversNamed,
} from "./planState.js";

export interface FailoverOptions extends PlanOptions {
  /** Servers whose loss is looked at hour by hour and region by region. Default none: the table alone. */
  readonly down?: readonly string[];
  /** How traffic is steered in `asked`. Default "plan". */
  readonly steering?: Steering;
  /** Whether pairs of servers are looked at, too. Default true. */
  readonly pairs?: boolean;
}

/** What each option takes. */
export const FAILOVER_OPTIONS: Shapes<FailoverOptions> = {
  ...PLAN_OPTIONS,
  down: list(text, "servers"),
  steering: choice("plan", "nearest"),
  pairs: flag,
};

export interface FailoverPlan {
  readonly servers: readonly string[];
  /** Hours of the week that the log tells of, 0 is Monday 00:00 UTC. */
  readonly slots: readonly number[];
  /** With every server up. */
  readonly healthy: FailoverCase;
  /** Each server lost, in the order of the catalogue; then each pair, in the hours that are the busiest of any server or of all. */
  readonly cases: readonly FailoverCase[];
  /** What each server must be ready for, hour by hour. */
  readonly headroom: readonly ServerHeadroom[];
  /** What `down` asks for. */
  readonly asked: FailoverDetail | null;
}

/**
 * What losing servers costs: where each region's traffic goes, who gets too much and when, what must be shed.
 *
 * Traffic is the cube's mean rate by place and hour of the week (UTC). Each hour's assignment is a transportation problem
 * of places and servers under capacities, solved exactly; the cost is the model's latency. Loads have a 90% interval from
 * how far hours stray from their course, latencies one from the model's error and from chance.
 *
 * Throws `bad-plan-option`, `no-such-server` and `no-traffic`.
 */
export function planFailover(cube: Cube, options: FailoverOptions): FailoverPlan {
  checkArgument("planFailover", "the first argument", cube, CUBE);
  checkOptions("planFailover", options, FAILOVER_OPTIONS, ["servers", "model"]);
  const state = planState(cube, options);
  const down = serversNamed(state, options.down ?? []);
  const solver = new FailoverSolver(state);
  const { healthy, singles, headroom } = weekOf(state, solver);
  const servers = state.names.length;
  const pairs = options.pairs !== false && servers > 2 ? pairsOf(state, solver) : [];
  return {
    servers: state.names,
    slots: state.slots,
    healthy: healthy.result(healthy, true),
    cases: [...singles.map((tally) => tally.result(healthy, true)), ...pairs],
    headroom: headroom.result(),
    asked: down.length > 0 ? failoverDetail(state, solver, down, options.steering ?? "plan") : null,
  };
}

/** All hours, with all servers and with each one lost. */
function weekOf(state: PlanState, solver: FailoverSolver) {
  const headroom = new HeadroomTally(state);
  const healthy = new CaseTally(state, []);
  const singles = state.names.length > 1 ? state.names.map((_, server) => new CaseTally(state, [server])) : [];
  for (const slot of state.slots) {
    solver.healthy(slot, (flow, load) => {
      healthy.add(slot, flow, load);
      headroom.add(slot, load, null);
    });
    singles.forEach((tally, server) => {
      solver.one(server, (flow, load, changes) => {
        tally.add(slot, flow, load, changes);
        headroom.add(slot, load, server);
      });
    });
  }
  return { healthy, singles, headroom };
}

/** One first server after another, so that no more than a row of pairs is held at a time. */
function pairsOf(state: PlanState, solver: FailoverSolver): FailoverCase[] {
  const slots = busiestSlots(state, solver);
  const servers = state.names.length;
  const healthy = new CaseTally(state, []);
  for (const slot of slots) solver.healthy(slot, (flow, load) => healthy.add(slot, flow, load));
  return state.names.slice(0, -1).flatMap((_, a) => {
    const tallies = Array.from({ length: servers - a - 1 }, (_, i) => new CaseTally(state, [a, a + 1 + i]));
    for (const slot of slots) {
      solver.healthy(slot, () => {});
      solver.one(a, () => {});
      tallies.forEach((tally, i) => {
        solver.two(a + 1 + i, (flow, load) => tally.add(slot, flow, load));
      });
    }
    return tallies.map((tally) => tally.result(healthy, false));
  });
}

/** The slots in which all servers together, or one of them, has most to do. */
function busiestSlots(state: PlanState, solver: FailoverSolver): number[] {
  const most = new Float64Array(state.names.length + 1).fill(-1);
  const slots = new Uint32Array(most.length);
  for (const slot of state.slots) {
    const total = rateOf(state, slot).reduce((sum, rate) => sum + rate, 0);
    solver.healthy(slot, (_, load) => {
      for (let s = 0; s < most.length; s++) {
        const amount = s < state.names.length ? load[s]! : total;
        if (amount > most[s]!) [most[s], slots[s]] = [amount, slot];
      }
    });
  }
  return [...new Set(slots)].sort((a, b) => a - b);
}
