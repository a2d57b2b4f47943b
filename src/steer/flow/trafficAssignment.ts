import { CheapestMoves } from "./cheapestMoves.js";
import type { MoveOrders } from "./moveOrders.js";
import { RowSet } from "./rowSet.js";

/** What is left of a flow or of a capacity below this share of it is rounding. */
const ROUNDING = 1e-12;
/** Room below this share of a capacity is none that a price would have to fall for. */
const SLACK = 1e-10;
/** No server: where paths begin that lower a price. */
const NOWHERE = -1;

/**
 * Who serves whom at the least cost under capacities: the transportation problem of many rows (places) and few columns
 * (servers), solved exactly.
 *
 * Successive shortest paths (Busacker and Gowen 1960; potentials after Edmonds and Karp 1972) on the graph of servers
 * alone: an arc j → k costs what the row of j that moves most cheaply costs, and a pointer into the pair's order knows
 * that row. Every row begins at its cheapest server; what a server has too much of then leaves along the shortest path
 * to one with room. The state is optimal at any time for what has been placed, so a server can be taken out of a solved
 * state and only its rows move on ({@link remove}), and the next hour begins from the prices of the last ({@link resolve}).
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
  readonly #moves: CheapestMoves;
  readonly #distance: Float64Array;
  readonly #before: Int32Array;
  readonly #isSettled: Uint8Array;
  readonly #pathRows: Int32Array;
  readonly #changed: RowSet;
  /** What was copied last, and how often that had been solved then. */
  #source: TrafficAssignment | null = null;
  #sourceSolved = -1;
  #solved = 0;

  /** Each row of the orders' costs must have a finite one. */
  constructor(orders: MoveOrders) {
    const { costs, rows, servers } = orders;
    this.rows = rows;
    this.servers = servers;
    this.#costs = costs;
    this.flow = new Float64Array(rows * servers);
    this.load = new Float64Array(servers);
    this.price = new Float64Array(servers);
    this.#capacity = new Float64Array(servers);
    this.#isDown = new Uint8Array(servers);
    this.#demand = new Float64Array(rows);
    this.#cheapest = new Uint32Array(rows);
    this.#moves = new CheapestMoves(orders, this.flow, this.price);
    this.#distance = new Float64Array(servers);
    this.#before = new Int32Array(servers);
    this.#isSettled = new Uint8Array(servers);
    this.#pathRows = new Int32Array(servers);
    this.#changed = new RowSet(rows);
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
    this.#moves.reset();
    for (let server = 0; server < this.servers; server++) this.#capacity[server] = capacity[server]!;
    for (let row = 0; row < this.rows; row++) {
      this.#demand[row] = demand[row]!;
      if (demand[row]! > 0) this.#place(row, this.#cheapest[row]!, demand[row]!);
    }
    return this.#settle();
  }

  /**
   * Solves for another demand from the state that the last one left, servers taken out staying out: prices of now are near
   * those to be, so that few rows move. False if the capacities do not suffice; the state is then of no use.
   */
  resolve(demand: ArrayLike<number>): boolean {
    this.#solved++;
    this.#moves.reset();
    const { flow, load, servers, rows } = this;
    load.fill(0);
    for (let row = 0; row < rows; row++) {
      const [now, before, at] = [demand[row]!, this.#demand[row]!, row * servers];
      this.#demand[row] = now;
      if (before === 0 && now > 0) {
        const server = this.#best(row);
        if (server < 0) return false;
        this.#place(row, server, now);
      } else if (before > 0)
        for (let server = 0; server < servers; server++)
          if (flow[at + server]! > 0) load[server]! += flow[at + server]! *= now / before;
    }
    return this.#settle() && this.#lower();
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
    this.#changed.clear();
    this.#source = from;
    this.#sourceSolved = from.#solved;
    this.#solved++;
    this.load.set(from.load);
    this.price.set(from.price);
    this.#capacity.set(from.#capacity);
    this.#isDown.set(from.#isDown);
    this.#demand.set(from.#demand);
    this.#moves.reset();
  }

  /** Rows whose flow is another than that of the last {@link copy}: a view. */
  get changedRows(): Int32Array {
    return this.#changed.list;
  }

  /** Takes a server out of a solved state and solves what is left; false if the others do not suffice. */
  remove(server: number): boolean {
    this.#solved++;
    this.#isDown[server] = 1;
    this.#moves.reset();
    const { flow, servers, rows } = this;
    for (let row = 0, at = server; row < rows; row++, at += servers) {
      const amount = flow[at]!;
      if (amount === 0) continue;
      flow[at] = 0;
      this.#changed.add(row);
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
    let [best, least] = [-1, Number.POSITIVE_INFINITY];
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

  /** Prices that are asked for a server with room sink, path by path, until it is full or its price is nothing. */
  #lower(): true {
    for (let server = 0; server < this.servers; server++)
      while (this.#isDear(server)) this.#augment(NOWHERE, this.#shortestPath(NOWHERE));
    return true;
  }

  /**
   * Dijkstra's algorithm over reduced costs, from a server to the nearest with room, or from nowhere in particular to the
   * nearest that has room and a price; prices move on so that its path costs 0.
   */
  #shortestPath(source: number): number {
    const { servers, price } = this;
    const distance = this.#distance.fill(Number.POSITIVE_INFINITY);
    const settled = this.#isSettled.fill(0);
    const isLowering = source === NOWHERE;
    if (isLowering) this.#startAtPrices();
    else distance[source] = 0;
    for (;;) {
      const at = this.#nearest();
      if (at < 0) return -1;
      if (isLowering ? this.#isDear(at) : this.#hasRoom(at)) {
        const length = distance[at]!;
        for (let j = 0; j < servers; j++)
          price[j] = Math.max(
            0,
            price[j]! + (settled[j] === 1 ? length - distance[j]! : 0) - (isLowering ? length : 0),
          );
        return at;
      }
      settled[at] = 1;
      this.#relax(at);
    }
  }

  /** What is served anywhere may be served elsewhere: the sink of all flow is as far from a server as its price. */
  #startAtPrices(): void {
    for (let j = 0; j < this.servers; j++) {
      if (this.#isDown[j] === 1 || this.#capacity[j] === 0) continue;
      [this.#distance[j], this.#before[j]] = [this.price[j]!, NOWHERE];
    }
  }

  #nearest(): number {
    let [best, least] = [-1, Number.POSITIVE_INFINITY];
    for (let j = 0; j < this.servers; j++) {
      if (this.#isSettled[j] === 1 || this.#distance[j]! >= least) continue;
      [least, best] = [this.#distance[j]!, j];
    }
    return best;
  }

  #relax(from: number): void {
    const { servers, price } = this;
    const { cost, row } = this.#moves;
    const distance = this.#distance;
    const base = distance[from]! - price[from]!;
    for (let to = 0, pair = from * servers; to < servers; to++, pair++) {
      if (this.#isSettled[to] === 1 || this.#isDown[to] === 1) continue;
      let move = cost[pair]!;
      if (Number.isNaN(move)) move = this.#moves.find(from, to);
      // Rounding may leave a reduced cost below 0 by a hair.
      const length = Math.max(distance[from]!, base + move + price[to]!);
      if (length >= distance[to]!) continue;
      distance[to] = length;
      this.#before[to] = from;
      this.#pathRows[to] = row[pair]!;
    }
  }

  #hasRoom(server: number): boolean {
    const capacity = this.#capacity[server]!;
    return capacity === Number.POSITIVE_INFINITY || capacity - this.load[server]! > ROUNDING * capacity;
  }

  /** Whether a server has room and yet a price, as no optimal state has it. */
  #isDear(server: number): boolean {
    if (this.#isDown[server] === 1 || this.price[server] === 0) return false;
    return this.#capacity[server]! - this.load[server]! > SLACK * this.#capacity[server]!;
  }

  /** Moves as much as the path takes: no more than there is too much, than there is room, than each row on it has. */
  #augment(source: number, end: number): void {
    const { servers, flow, load } = this;
    const before = this.#before;
    let amount = this.#capacity[end]! - load[end]!;
    if (source !== NOWHERE) amount = Math.min(amount, load[source]! - this.#capacity[source]!);
    const isFirst = (server: number): boolean => server === source || before[server] === NOWHERE;
    for (let to = end; !isFirst(to); to = before[to]!)
      amount = Math.min(amount, flow[this.#pathRows[to]! * servers + before[to]!]!);
    for (let to = end; !isFirst(to); to = before[to]!) this.#move(this.#pathRows[to]!, before[to]!, to, amount);
  }

  #move(row: number, from: number, to: number, amount: number): void {
    this.#changed.add(row);
    const { servers, flow, load } = this;
    const left = flow[row * servers + from]! - amount;
    const moved = left <= ROUNDING * this.#demand[row]! ? flow[row * servers + from]! : amount;
    const isNew = flow[row * servers + to] === 0;
    flow[row * servers + from]! -= moved;
    flow[row * servers + to]! += moved;
    load[from]! -= moved;
    load[to]! += moved;
    if (flow[row * servers + from] === 0) this.#moves.left(row, from);
    if (isNew) this.#moves.came(row, to);
  }
}
