/** The order of the rows in which they would rather move from one server to another. */
export interface MoveOrder {
  /** Rows, ascending by what it costs to move from the pair's lower server to its higher one. */
  readonly order: Uint32Array;
  /** Where each row stands in it. */
  readonly rank: Uint32Array;
}

/**
 * The orders of all pairs of servers, each made when it is first asked for. They rest on the costs alone, so one set
 * serves every hour and every failure; the order of k → j is that of j → k read backwards.
 */
export class MoveOrders {
  readonly costs: Float64Array;
  readonly rows: number;
  readonly servers: number;
  readonly #orders: (MoveOrder | undefined)[];
  readonly #difference: Float64Array;
  readonly #word: Uint32Array;

  /** @param costs - row-major, rows × servers; Infinity where a server may not serve a row */
  constructor(costs: Float64Array, rows: number, servers: number) {
    this.costs = costs;
    this.rows = rows;
    this.servers = servers;
    this.#orders = new Array(servers * servers);
    this.#difference = new Float64Array(rows);
    this.#word = new Uint32Array(rows);
  }

  /** Of the pair of two servers, `low` < `high`. */
  of(low: number, high: number): MoveOrder {
    const at = low * this.servers + high;
    const known = this.#orders[at];
    if (known !== undefined) return known;
    const made = this.#make(low, high);
    this.#orders[at] = made;
    return made;
  }

  #make(low: number, high: number): MoveOrder {
    const { costs, rows, servers } = this;
    const difference = this.#difference;
    for (let row = 0, at = 0; row < rows; row++, at += servers) {
      const cost = costs[at + high]! - costs[at + low]!;
      difference[row] = Number.isNaN(cost) ? 0 : cost; // neither server may serve the row: it will be at neither
    }
    const order = this.#sorted(difference);
    const rank = new Uint32Array(rows);
    for (let place = 0; place < rows; place++) rank[order[place]!] = place;
    return { order, rank };
  }

  /** Radix sort by the differences as 32-bit floats, then insertion sort of what those cannot tell apart. */
  #sorted(difference: Float64Array): Uint32Array {
    const word = this.#word;
    const float = new Float32Array(word.buffer);
    float.set(difference);
    for (let row = 0; row < this.rows; row++)
      word[row] = word[row]! ^ (word[row]! >>> 31 === 1 ? 0xffffffff : 0x80000000);
    let from: Uint32Array = Uint32Array.from({ length: this.rows }, (_, row) => row);
    let to: Uint32Array = new Uint32Array(this.rows);
    for (let shift = 0; shift < 32; shift += 8) {
      countingPass(from, to, word, shift);
      [from, to] = [to, from];
    }
    for (let i = 1; i < from.length; i++) {
      const row = from[i]!;
      const mine = difference[row]!;
      let at = i;
      for (; at > 0 && difference[from[at - 1]!]! > mine; at--) from[at] = from[at - 1]!;
      from[at] = row;
    }
    return from;
  }
}

function countingPass(from: Uint32Array, to: Uint32Array, word: Uint32Array, shift: number): void {
  const start = new Uint32Array(257);
  for (let i = 0; i < from.length; i++) start[((word[from[i]!]! >>> shift) & 255) + 1]!++;
  for (let digit = 0; digit < 256; digit++) start[digit + 1]! += start[digit]!;
  for (let i = 0; i < from.length; i++) to[start[(word[from[i]!]! >>> shift) & 255]!++] = from[i]!;
}
