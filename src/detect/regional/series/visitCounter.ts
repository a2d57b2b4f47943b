import type { Cube } from "../../../cube/cube.js";
import { DistinctSketch } from "../../../stats/distinctSketch.js";

/** What the clients of some groups amount to, each client counted once. */
export interface Visits {
  /** Distinct clients; distinct users where they are more, as behind a carrier's few addresses. */
  visits: number;
  /** Sum over clients of the share of their requests that failed. */
  failed: number;
}

/**
 * Counts visits: a client at a site in a bucket is one, however many requests it makes, as those come in clusters (a page
 * and what it brings, a batch on the minute) and tell of one arrival.
 */
export class VisitCounter {
  #cube: Cube;
  readonly #sketch = new DistinctSketch();
  /** An open-addressing table of the clients at hand: code, requests, failed ones, and the round that a slot is of. */
  #codes = new Uint32Array(256);
  #requests = new Float64Array(256);
  #errors = new Float64Array(256);
  #rounds = new Uint32Array(256);
  #slots = new Uint32Array(128);
  #round = 0;
  #length = 0;

  constructor(cube: Cube) {
    this.#cube = cube;
  }

  /** Counts in another cube from now on: the table is as large already as it was to be. */
  set cube(cube: Cube) {
    this.#cube = cube;
  }

  /** Counts the clients of groups of one bucket and site. */
  count(groups: readonly number[], into: Visits): void {
    const { clients } = this.#cube.segment;
    into.visits = 0;
    into.failed = 0;
    if (groups.some((g) => clients.sketches.has(g))) this.#countMany(groups, into);
    else if (groups.length === 1) {
      const g = groups[0]!;
      into.visits = clients.start[g + 1]! - clients.start[g]!;
      for (let i = clients.start[g]!; i < clients.start[g + 1]!; i++)
        if (clients.errors[i]! > 0) into.failed += clients.errors[i]! / clients.count[i]!;
    } else this.#countSome(groups, into);
    into.visits = Math.max(into.visits, this.#users(groups));
  }

  #countSome(groups: readonly number[], into: Visits): void {
    const { clients } = this.#cube.segment;
    this.#begin();
    for (const g of groups)
      for (let i = clients.start[g]!; i < clients.start[g + 1]!; i++) {
        const slot = this.#slot(clients.code[i]!);
        this.#requests[slot]! += clients.count[i]!;
        this.#errors[slot]! += clients.errors[i]!;
      }
    into.visits = this.#length;
    for (let k = 0; k < this.#length; k++) {
      const slot = this.#slots[k]!;
      if (this.#errors[slot]! > 0) into.failed += this.#errors[slot]! / this.#requests[slot]!;
    }
  }

  /** Where a group has more clients than are kept, they are estimated, and fail as often as its requests do. */
  #countMany(groups: readonly number[], into: Visits): void {
    const { groups: columns } = this.#cube;
    let [requests, errors] = [0, 0];
    this.#sketch.clear();
    for (const g of groups) {
      this.#cube.clientsInto(g, this.#sketch);
      requests += columns.count[g]!;
      errors += columns.errors[g]!;
    }
    into.visits = this.#sketch.count();
    into.failed = requests > 0 ? (into.visits * errors) / requests : 0;
  }

  #users(groups: readonly number[]): number {
    const { users } = this.#cube.segment;
    if (users.start.length <= 1) return 0;
    if (groups.some((g) => users.sketches.has(g))) {
      this.#sketch.clear();
      for (const g of groups) this.#cube.usersInto(g, this.#sketch);
      return this.#sketch.count();
    }
    if (groups.length === 1) return users.start[groups[0]! + 1]! - users.start[groups[0]!]!;
    this.#begin();
    for (const g of groups)
      for (let i = users.start[g]!; i < users.start[g + 1]!; i++) this.#slot((users.low[i]! ^ users.high[i]!) >>> 0);
    return this.#length;
  }

  #begin(): void {
    this.#round++;
    this.#length = 0;
  }

  /** The slot of a code; a new one begins with nothing. */
  #slot(code: number): number {
    if (2 * this.#length >= this.#codes.length) this.#grow();
    const mask = this.#codes.length - 1;
    let at = (Math.imul(code, 0x9e3779b1) >>> 0) & mask;
    while (this.#rounds[at] === this.#round) {
      if (this.#codes[at] === code) return at;
      at = (at + 1) & mask;
    }
    this.#rounds[at] = this.#round;
    this.#codes[at] = code;
    this.#requests[at] = 0;
    this.#errors[at] = 0;
    this.#slots[this.#length++] = at;
    return at;
  }

  #grow(): void {
    const [slots, codes, requests, errors] = [this.#slots, this.#codes, this.#requests, this.#errors];
    const length = this.#length;
    const size = 4 * codes.length;
    this.#codes = new Uint32Array(size);
    this.#requests = new Float64Array(size);
    this.#errors = new Float64Array(size);
    this.#rounds = new Uint32Array(size);
    this.#slots = new Uint32Array(size / 2);
    this.#length = 0;
    this.#round = 1;
    for (let k = 0; k < length; k++) {
      const old = slots[k]!;
      const slot = this.#slot(codes[old]!);
      this.#requests[slot] = requests[old]!;
      this.#errors[slot] = errors[old]!;
    }
  }
}
