import type { MoveOrders } from "./moveOrders.js";

/** What is left of a flow or of a capacity below this share of it is rounding. */
const ROUNDING = 1e-12;

/**
 * Who serves whom at the least cost under capacities: the transportation problem of many rows (places) and few columns
 * (servers), solved exactly.
 *
 * Successive shortest paths (Busacker and Gowen 1960; potentials after Edmonds and Karp 1972) on the graph of servers
 * alone: an arc j → k costs what the row of j that moves most cheaply costs, and a pointer into the pair's order knows
 * that row. Every row begins at its cheapest server; what a server has too much of then leaves along the shortest path
 * to one with room. The state is optimal at any time for what has been placed, so a server can be taken out of a solved
 * state and only its rows move on ({@link remove}).
 */
export class TrafficAssignment {
  readonly rows: number;
  readonly servers: number;
  /** Row-major rows × servers, in the unit of the demand; read it after {@link solve}. */
  readonly flow: Float64Array;
  /** What a server serves, in the unit of the demand. */
  readonly load: Float64Array;
  /** What one more unit at a server would save, in the unit of the costs: 0 where it has room. */
  readonly price: Float64Array;
  readonly #costs: Float64Array;
  readonly #capacity: Float64Array;
  readonly #isDown: Uint8Array;
  readonly #demand: Float64Array;
  /** Where rows begin when nothing is full: their cheapest server. */
  readonly #cheapest: Uint32Array;
  readonly #orders: MoveOrders;
  /** Of each pair, where in its order the first row stands that may still be at the server; -1 before it is known. */
  readonly #pointer: Int32Array;
  readonly #distance: Float64Array;
  readonly #before: Int32Array;
  readonly #isSettled: Uint8Array;
  readonly #pathRows: Int32Array;
  readonly #changed: Int32Array;
  readonly #isChanged: Uint8Array;
  #changes = 0;
  /** What was copied last, and how often that had been solved then. */
  #source: TrafficAssignment | null = null;
  #sourceSolved = -1;
  #solved = 0;

  /** Each row of the orders' costs must have a finite one. */
  constructor(orders: MoveOrders) {
    const { costs, rows, servers } = orders;
    this.rows = rows;
    this.servers = servers;
    this.#orders = orders;
    this.#costs = costs;
    this.flow = new Float64Array(rows * servers);
    this.load = new Float64Array(servers);
    this.price = new Float64Array(servers);
    this.#capacity = new Float64Array(servers);
    this.#isDown = new Uint8Array(servers);
    this.#demand = new Float64Array(rows);
    this.#cheapest = new Uint32Array(rows);
    this.#pointer = new Int32Array(servers * servers);
    this.#distance = new Float64Array(servers);
    this.#before = new Int32Array(servers);
    this.#isSettled = new Uint8Array(servers);
    this.#pathRows = new Int32Array(servers);
    this.#changed = new Int32Array(rows);
    this.#isChanged = new Uint8Array(rows);
    for (let row = 0; row < rows; row++) this.#cheapest[row] = this.#best(row);
  }

  /**
   * Solves anew. False if the capacities do not suffice for what may be served where; the state is then of no use.
   *
   * @param demand - of each row, 0 or more; length `rows`
   * @param capacity - of each server; Infinity where there is no limit
   */
  solve(demand: ArrayLike<number>, capacity: ArrayLike<number>): boolean {
    this.#solved++;
    this.#source = null;
    this.flow.fill(0);
    this.load.fill(0);
    this.price.fill(0);
    this.#isDown.fill(0);
    this.#pointer.fill(-1);
    for (let server = 0; server < this.servers; server++) this.#capacity[server] = capacity[server]!;
    for (let row = 0; row < this.rows; row++) {
      this.#demand[row] = demand[row]!;
      if (demand[row]! > 0) this.#place(row, this.#cheapest[row]!, demand[row]!);
    }
    return this.#settle();
  }

  /** Takes the state over from another assignment of the same costs, as a start for {@link remove}. */
  copy(from: TrafficAssignment): void {
    const isKnown = this.#source === from && this.#sourceSolved === from.#solved;
    if (isKnown) {
      for (const row of this.changedRows) {
        const at = row * this.servers;
        for (let server = 0; server < this.servers; server++) this.flow[at + server] = from.flow[at + server]!;
      }
    } else this.flow.set(from.flow);
    for (const row of this.changedRows) this.#isChanged[row] = 0;
    this.#changes = 0;
    this.#source = from;
    this.#sourceSolved = from.#solved;
    this.#solved++;
    this.load.set(from.load);
    this.price.set(from.price);
    this.#capacity.set(from.#capacity);
    this.#isDown.set(from.#isDown);
    this.#demand.set(from.#demand);
    this.#pointer.fill(-1);
  }

  /** Rows whose flow is another than that of the last {@link copy}: a view. */
  get changedRows(): Int32Array {
    return this.#changed.subarray(0, this.#changes);
  }

  /** Takes a server out of a solved state and solves what is left; false if the others do not suffice. */
  remove(server: number): boolean {
    this.#solved++;
    this.#isDown[server] = 1;
    this.#pointer.fill(-1);
    const { flow, servers, rows } = this;
    for (let row = 0, at = server; row < rows; row++, at += servers) {
      const amount = flow[at]!;
      if (amount === 0) continue;
      flow[at] = 0;
      this.#change(row);
      const next = this.#best(row);
      if (next < 0) return false;
      this.#place(row, next, amount);
    }
    this.load[server] = 0;
    this.price[server] = 0;
    return this.#settle();
  }

  /** The cost of the flow. */
  get cost(): number {
    let total = 0;
    for (let at = 0; at < this.flow.length; at++) if (this.flow[at]! > 0) total += this.flow[at]! * this.#costs[at]!;
    return total;
  }

  #place(row: number, server: number, amount: number): void {
    this.flow[row * this.servers + server]! += amount;
    this.load[server]! += amount;
  }

  /** The server that costs a row least at the prices of now; -1 if none may serve it. */
  #best(row: number): number {
    let best = -1;
    let least = Number.POSITIVE_INFINITY;
    for (let server = 0; server < this.servers; server++) {
      if (this.#isDown[server] === 1) continue;
      const cost = this.#costs[row * this.servers + server]! + this.price[server]!;
      if (cost < least) [least, best] = [cost, server];
    }
    return best;
  }

  /** Leads what is too much away, path by path. */
  #settle(): boolean {
    for (let server = 0; server < this.servers; server++) {
      const slack = ROUNDING * this.#capacity[server]!;
      while (this.load[server]! - this.#capacity[server]! > slack) {
        const end = this.#shortestPath(server);
        if (end < 0) return false;
        this.#augment(server, end);
      }
    }
    return true;
  }

  /** Dijkstra's algorithm over reduced costs, to the nearest server with room; prices move on so that its path costs 0. */
  #shortestPath(source: number): number {
    const { servers, price } = this;
    const distance = this.#distance.fill(Number.POSITIVE_INFINITY);
    this.#isSettled.fill(0);
    distance[source] = 0;
    for (;;) {
      const at = this.#nearest();
      if (at < 0) return -1;
      if (this.#hasRoom(at)) {
        const length = distance[at]!;
        for (let j = 0; j < servers; j++) if (this.#isSettled[j] === 1) price[j]! += length - distance[j]!;
        return at;
      }
      this.#isSettled[at] = 1;
      this.#relax(at);
    }
  }

  #nearest(): number {
    let best = -1;
    let least = Number.POSITIVE_INFINITY;
    for (let j = 0; j < this.servers; j++) {
      if (this.#isSettled[j] === 1 || this.#distance[j]! >= least) continue;
      [least, best] = [this.#distance[j]!, j];
    }
    return best;
  }

  #relax(from: number): void {
    const { servers, price } = this;
    const costs = this.#costs;
    for (let to = 0; to < servers; to++) {
      if (to === from || this.#isSettled[to] === 1 || this.#isDown[to] === 1) continue;
      const row = this.#first(from, to);
      if (row < 0) continue;
      const cost = costs[row * servers + to]! - costs[row * servers + from]!;
      // Rounding may leave a reduced cost below 0 by a hair.
      const length = this.#distance[from]! + Math.max(0, cost + price[to]! - price[from]!);
      if (length >= this.#distance[to]!) continue;
      this.#distance[to] = length;
      this.#before[to] = from;
      this.#pathRows[to] = row;
    }
  }

  /** The row at one server that moves to the other most cheaply; -1 if there is none. */
  #first(from: number, to: number): number {
    const { servers, rows, flow } = this;
    const isForward = from < to;
    const { order } = isForward ? this.#orders.of(from, to) : this.#orders.of(to, from);
    const pair = from * servers + to;
    let at = this.#pointer[pair]!;
    if (at < 0) at = this.#start(order, from, to);
    while (at < rows && flow[order[isForward ? at : rows - 1 - at]! * servers + from] === 0) at++;
    this.#pointer[pair] = at;
    return at < rows ? order[isForward ? at : rows - 1 - at]! : -1;
  }

  /** Rows that would rather be at `to` at the prices of now are not at `from`: binary search for where they end. */
  #start(order: Uint32Array, from: number, to: number): number {
    const { rows, servers, price } = this;
    const costs = this.#costs;
    const least = price[from]! - price[to]!;
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

  /** A row has come to a server: it may now be the first to leave it. */
  #offer(row: number, from: number): void {
    const { servers, rows } = this;
    for (let to = 0; to < servers; to++) {
      const pair = from * servers + to;
      const at = this.#pointer[pair]!;
      if (at < 0) continue;
      const isForward = from < to;
      const { rank } = isForward ? this.#orders.of(from, to) : this.#orders.of(to, from);
      const mine = isForward ? rank[row]! : rows - 1 - rank[row]!;
      if (mine < at) this.#pointer[pair] = mine;
    }
  }

  #hasRoom(server: number): boolean {
    const capacity = this.#capacity[server]!;
    return capacity === Number.POSITIVE_INFINITY || capacity - this.load[server]! > ROUNDING * capacity;
  }

  /** Moves as much as the path takes: no more than there is too much, than there is room, than each row on it has. */
  #augment(source: number, end: number): void {
    const { servers, flow, load } = this;
    let amount = Math.min(load[source]! - this.#capacity[source]!, this.#capacity[end]! - load[end]!);
    for (let to = end; to !== source; to = this.#before[to]!)
      amount = Math.min(amount, flow[this.#pathRows[to]! * servers + this.#before[to]!]!);
    for (let to = end; to !== source; to = this.#before[to]!)
      this.#move(this.#pathRows[to]!, this.#before[to]!, to, amount);
  }

  #change(row: number): void {
    if (this.#isChanged[row] === 1) return;
    this.#isChanged[row] = 1;
    this.#changed[this.#changes++] = row;
  }

  #move(row: number, from: number, to: number, amount: number): void {
    this.#change(row);
    const { servers, flow, load } = this;
    const left = flow[row * servers + from]! - amount;
    const moved = left <= ROUNDING * this.#demand[row]! ? flow[row * servers + from]! : amount;
    const isNew = flow[row * servers + to] === 0;
    flow[row * servers + from]! -= moved;
    flow[row * servers + to]! += moved;
    load[from]! -= moved;
    load[to]! += moved;
    if (isNew) this.#offer(row, to);
  }
}
