import { MoveOrders } from "../flow/moveOrders.js";
import { TrafficAssignment } from "../flow/trafficAssignment.js";
import { type PlanState, rateOf } from "./planState.js";

/** What differs from the same slot with all servers up. */
export interface FlowChanges {
  readonly rows: Int32Array;
  /** The flow with all servers up. */
  readonly from: Float64Array;
}

/** Called with what is served by whom; the flow is row-major rows × (servers + 1), the last column what is shed. */
export type FlowVisitor = (flow: Float64Array, load: Float64Array, changes: FlowChanges | null) => void;

/**
 * Solves the hours of a week with any servers lost. What cannot be served is shed: a further server without a limit, so
 * dear that it takes only what no other can, and dearer the more important a service is. One request makes room for one
 * other along a path of at most all servers, so steps of that many times the dearest latency keep the order exactly.
 *
 * Each hour begins from the one before, whose prices are near its own.
 */
export class FailoverSolver {
  readonly #state: PlanState;
  readonly #healthy: TrafficAssignment;
  readonly #one: TrafficAssignment;
  readonly #two: TrafficAssignment;
  readonly #capacity: Float64Array;
  /** Whether the last state has all servers, so that the next slot may begin from it. */
  #isSolved = false;

  constructor(state: PlanState) {
    this.#state = state;
    const orders = new MoveOrders(withShedding(state), state.demand.rows, state.names.length + 1);
    this.#healthy = new TrafficAssignment(orders);
    this.#one = new TrafficAssignment(orders);
    this.#two = new TrafficAssignment(orders);
    this.#capacity = Float64Array.from([...state.capacity, Number.POSITIVE_INFINITY]);
  }

  /** A slot with all servers. */
  healthy(slot: number, visit: FlowVisitor): void {
    const demand = rateOf(this.#state, slot);
    if (!(this.#isSolved && this.#healthy.resolve(demand))) this.#healthy.solve(demand, this.#capacity);
    this.#isSolved = true;
    visit(this.#healthy.flow, this.#healthy.load, null);
  }

  /** The slot of the last {@link healthy}, with one server lost. */
  one(a: number, visit: FlowVisitor): void {
    this.#one.copy(this.#healthy);
    this.#one.remove(a);
    visit(this.#one.flow, this.#one.load, { rows: this.#one.changedRows, from: this.#healthy.flow });
  }

  /** The slot and the server of the last {@link one}, with another lost as well. */
  two(b: number, visit: FlowVisitor): void {
    this.#two.copy(this.#one);
    this.#two.remove(b);
    visit(this.#two.flow, this.#two.load, null);
  }

  /** A slot with these servers lost. */
  without(slot: number, down: readonly number[], visit: FlowVisitor): void {
    this.#isSolved = false;
    this.#healthy.solve(rateOf(this.#state, slot), this.#capacity);
    for (const server of down) this.#healthy.remove(server);
    visit(this.#healthy.flow, this.#healthy.load, null);
  }
}

function withShedding({ costs, demand, names, priorities }: PlanState): Float64Array {
  const servers = names.length;
  const wide = new Float64Array(demand.rows * (servers + 1));
  let dearest = 0;
  for (const ms of costs.ms) dearest = Math.max(dearest, ms);
  const step = (servers + 2) * (dearest + 1);
  for (let row = 0; row < demand.rows; row++) {
    wide.set(costs.ms.subarray(row * servers, (row + 1) * servers), row * (servers + 1));
    wide[row * (servers + 1) + servers] = step * (1 + priorities.length - demand.rank[row]!);
  }
  return wide;
}
