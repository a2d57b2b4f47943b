import type { MoveOrders } from "./moveOrders.js";

/**
 * The row of each server that moves to each other one most cheaply. Of each pair, a pointer into its order of moves
 * stands before all rows that are at the server, so that rows that leave are passed once; what moving costs is kept until
 * a row comes or goes.
 */
export class CheapestMoves {
  /** What the cheapest move costs, row-major from × to; NaN where it must be looked for, Infinity where there is none. */
  readonly cost: Float64Array;
  /** Whose move that is. */
  readonly row: Int32Array;
  readonly #orders: MoveOrders;
  readonly #flow: Float64Array;
  readonly #price: Float64Array;
  /** Of each pair, where in its order the first row stands that may still be at the server; -1 before it is known. */
  readonly #pointer: Int32Array;

  /** @param flow - of rows × servers, which may change whenever {@link came} and {@link left} are told */
  constructor(orders: MoveOrders, flow: Float64Array, price: Float64Array) {
    this.#orders = orders;
    this.#flow = flow;
    this.#price = price;
    const pairs = orders.servers * orders.servers;
    this.cost = new Float64Array(pairs).fill(Number.NaN);
    this.row = new Int32Array(pairs);
    this.#pointer = new Int32Array(pairs).fill(-1);
  }

  /** Forgets what it knows: flows are others. */
  reset(): void {
    this.cost.fill(Number.NaN);
    this.#pointer.fill(-1);
  }

  /** Looks for the cheapest move from one server to another, and tells what it costs. */
  find(from: number, to: number): number {
    const { costs, servers, rows } = this.#orders;
    const isForward = from < to;
    const { order } = isForward ? this.#orders.of(from, to) : this.#orders.of(to, from);
    const pair = from * servers + to;
    let at = this.#pointer[pair]!;
    if (at < 0) at = this.#start(order, from, to);
    while (at < rows && this.#flow[order[isForward ? at : rows - 1 - at]! * servers + from] === 0) at++;
    this.#pointer[pair] = at;
    if (at >= rows) return (this.cost[pair] = Number.POSITIVE_INFINITY);
    const row = order[isForward ? at : rows - 1 - at]!;
    this.row[pair] = row;
    return (this.cost[pair] = costs[row * servers + to]! - costs[row * servers + from]!);
  }

  /** A row is at a server no longer. */
  left(row: number, from: number): void {
    const { servers } = this.#orders;
    for (let pair = from * servers, end = pair + servers; pair < end; pair++)
      if (this.row[pair] === row) this.cost[pair] = Number.NaN;
  }

  /** A row has come to a server: it may now be the first to leave it. */
  came(row: number, from: number): void {
    const { servers, rows } = this.#orders;
    for (let to = 0; to < servers; to++) {
      const pair = from * servers + to;
      const at = this.#pointer[pair]!;
      if (at < 0) continue;
      const isForward = from < to;
      const { rank } = isForward ? this.#orders.of(from, to) : this.#orders.of(to, from);
      const mine = isForward ? rank[row]! : rows - 1 - rank[row]!;
      if (mine >= at) continue;
      this.#pointer[pair] = mine;
      this.cost[pair] = Number.NaN;
    }
  }

  /** Rows that would rather be at `to` at the prices of now are not at `from`: binary search for where they end. */
  #start(order: Uint32Array, from: number, to: number): number {
    const { costs, servers, rows } = this.#orders;
    const least = this.#price[from]! - this.#price[to]!;
    const limit = least - 1e-9 * (1 + Math.abs(least));
    let [low, high] = [0, rows];
    while (low < high) {
      const middle = (low + high) >> 1;
      const row = order[from < to ? middle : rows - 1 - middle]! * servers;
      if (costs[row + to]! - costs[row + from]! < limit) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
