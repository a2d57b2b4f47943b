import { type DistinctSketch, EXACT_DISTINCT, REGISTER_COUNT, raise } from "../stats/distinctSketch.js";
import { CountTable, keepHeaviest } from "../stats/heavyHitters.js";
import { type ClientCodes, NO_CLIENT } from "./clientCodes.js";
import { RECORD_ERROR } from "./eventRecords.js";

/** Up to so many records, looking through those before costs less than hashing. */
const FEW_RECORDS = 12;

/** How many of its busiest clients a group keeps once it has more clients than are kept exactly. */
export const BUSIEST_KEPT = 256;

/** What stands for the clients of a group that has more than are kept exactly. */
export interface ClientSketch {
  /** HyperLogLog of all of them. */
  readonly registers: Uint8Array;
  /** The true count of any client is at most this above what is kept of it (0 if nothing is). */
  readonly bound: number;
}

/**
 * The clients of every group with their counts of requests and errors: rows [start[g], start[g + 1]). They are all there
 * and exact, or, where `sketches` has the group, the busiest.
 */
export interface ClientStore {
  readonly start: Uint32Array;
  /** Codes of the cube's `ClientCodes`. */
  readonly code: Uint32Array;
  readonly count: Uint32Array;
  readonly errors: Uint32Array;
  readonly sketches: ReadonlyMap<number, ClientSketch>;
}

/** A store without groups. */
export const NO_CLIENTS: ClientStore = {
  start: new Uint32Array(1),
  code: new Uint32Array(0),
  count: new Uint32Array(0),
  errors: new Uint32Array(0),
  sketches: new Map(),
};

/** Adds the clients of a group to a sketch. */
export function addClients(store: ClientStore, codes: ClientCodes, group: number, sketch: DistinctSketch): void {
  const condensed = store.sketches.get(group);
  if (condensed) {
    sketch.mergeRegisters(condensed.registers);
    return;
  }
  for (let i = store.start[group]!; i < store.start[group + 1]!; i++) {
    const code = store.code[i]!;
    sketch.add(codes.hashLow(code), codes.hashHigh(code));
  }
}

/** Writes a store group by group. */
export class ClientWriter {
  readonly #codes: ClientCodes;
  readonly #start: Uint32Array;
  readonly #code: Uint32Array;
  readonly #count: Uint32Array;
  readonly #errors: Uint32Array;
  readonly #sketches = new Map<number, ClientSketch>();
  readonly #table = new CountTable();
  #registers: Uint8Array | null = null;
  #bound = 0;
  #group = 0;
  #end = 0;

  /** @param capacity - the most rows that will be written */
  constructor(codes: ClientCodes, groups: number, capacity: number) {
    this.#codes = codes;
    this.#start = new Uint32Array(groups + 1);
    this.#code = new Uint32Array(capacity);
    this.#count = new Uint32Array(capacity);
    this.#errors = new Uint32Array(capacity);
  }

  /**
   * Writes the next group from records [from, to), `stride` words each: word `client` is the code, and a bit of the first
   * tells errors.
   */
  addRecords(records: Uint32Array, stride: number, client: number, from: number, to: number): void {
    if (to - from <= FEW_RECORDS) {
      this.#addFew(records, stride, client, from, to);
      return;
    }
    const table = this.#table;
    for (let at = from * stride; at < to * stride; at += stride) {
      const code = records[at + client]!;
      if (code !== NO_CLIENT) table.add(code, 1, (records[at]! & RECORD_ERROR) >>> 16);
    }
    this.#close();
  }

  #addFew(records: Uint32Array, stride: number, client: number, from: number, to: number): void {
    const [codes, counts, errors] = [this.#code, this.#count, this.#errors];
    const begin = this.#end;
    let end = begin;
    for (let at = from * stride; at < to * stride; at += stride) {
      const code = records[at + client]!;
      if (code === NO_CLIENT) continue;
      let row = begin;
      while (row < end && codes[row] !== code) row++;
      if (row === end) codes[end++] = code;
      counts[row]!++;
      errors[row]! += (records[at]! & RECORD_ERROR) >>> 16;
    }
    this.#end = end;
    this.#start[++this.#group] = end;
  }

  /** Writes the next group as the sum of the given groups of another store. */
  addGroups(store: ClientStore, groups: Uint32Array, from: number, to: number): void {
    if (to - from === 1) {
      this.#copy(store, groups[from]!);
      return;
    }
    for (let k = from; k < to; k++) {
      const group = groups[k]!;
      const sketch = store.sketches.get(group);
      if (sketch) this.#unite(sketch);
      for (let i = store.start[group]!; i < store.start[group + 1]!; i++) {
        this.#table.add(store.code[i]!, store.count[i]!, store.errors[i]!);
        if (this.#registers && !sketch) this.#raise(store.code[i]!);
      }
    }
    this.#close();
  }

  finish(): ClientStore {
    const spare = 4 * this.#end < 3 * this.#code.length;
    const [code, count, errors] = [this.#code, this.#count, this.#errors].map((column) =>
      spare ? column.slice(0, this.#end) : column.subarray(0, this.#end),
    );
    return { start: this.#start, code: code!, count: count!, errors: errors!, sketches: this.#sketches };
  }

  /** Writes the next group as one of another store is. */
  #copy(store: ClientStore, group: number): void {
    const sketch = store.sketches.get(group);
    if (sketch) this.#sketches.set(this.#group, sketch);
    let end = this.#end;
    for (let i = store.start[group]!; i < store.start[group + 1]!; i++) {
      this.#code[end] = store.code[i]!;
      this.#count[end] = store.count[i]!;
      this.#errors[end++] = store.errors[i]!;
    }
    this.#end = end;
    this.#start[++this.#group] = end;
  }

  #unite(sketch: ClientSketch): void {
    if (!this.#registers) this.#condense();
    const mine = this.#registers!;
    for (let i = 0; i < REGISTER_COUNT; i++) if (sketch.registers[i]! > mine[i]!) mine[i] = sketch.registers[i]!;
    this.#bound += sketch.bound;
  }

  /** Starts registers from all that the table holds. */
  #condense(): void {
    this.#registers = new Uint8Array(REGISTER_COUNT);
    for (let row = 0; row < this.#table.size; row++) this.#raise(this.#table.keys[row]!);
  }

  #raise(code: number): void {
    raise(this.#registers!, this.#codes.hashLow(code), this.#codes.hashHigh(code));
  }

  #close(): void {
    const table = this.#table;
    if (!this.#registers && table.size > EXACT_DISTINCT) this.#condense();
    if (this.#registers) {
      const bound = this.#bound + keepHeaviest(table, BUSIEST_KEPT);
      this.#sketches.set(this.#group, { registers: this.#registers, bound });
    }
    for (let row = 0; row < table.size; row++) {
      this.#code[this.#end] = table.keys[row]!;
      this.#count[this.#end] = table.counts[row]!;
      this.#errors[this.#end++] = table.errors[row]!;
    }
    table.clear();
    this.#registers = null;
    this.#bound = 0;
    this.#start[++this.#group] = this.#end;
  }
}
