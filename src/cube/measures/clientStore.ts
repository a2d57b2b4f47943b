import { type DistinctSketch, EXACT_DISTINCT, REGISTER_COUNT, raise } from "../../stats/distinctSketch.js";
import { CountTable, keepHeaviest } from "../../stats/heavyHitters.js";
import { type ClientCodes, NO_CLIENT } from "../keys/clientCodes.js";
import type { EncodedEvents } from "../keys/encodedEvents.js";
import { ensureCapacity, firstRows } from "./lists/columnRows.js";
import { type GroupRecords, RECORD_ERROR, type RecordLayout } from "./lists/eventRecord.js";
import { slotMask } from "./lists/slotMask.js";
import { ERROR } from "./statusFlags.js";

/** Up to so many records, looking through those before costs less than a table. */
const FEW_RECORDS = 12;

/** The golden ratio's bits spread those of codes. */
const HASH = 0x9e3779b1;

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

/** Writes stores, one after the other, group by group. */
export class ClientWriter {
  readonly #codes: ClientCodes;
  #start = new Uint32Array(1);
  #code = new Uint32Array(0);
  #count = new Uint32Array(0);
  #errors = new Uint32Array(0);
  #sketches = new Map<number, ClientSketch>();
  readonly #table = new CountTable();
  /** An open-addressing table of row + 1 of the group at hand. What is not above the group's first row is of groups before. */
  readonly #slots = new Uint32Array(4 * EXACT_DISTINCT);
  #registers: Uint8Array | null = null;
  #bound = 0;
  #group = 0;
  #end = 0;

  constructor(codes: ClientCodes) {
    this.#codes = codes;
  }

  get memoryBytes(): number {
    return 4 * this.#start.length + 12 * this.#code.length;
  }

  /** How many rows are written. */
  get length(): number {
    return this.#end;
  }

  /** Makes room for more groups, and for the most rows that they will be. */
  reserve(groups: number, rows: number): void {
    const end = this.#end;
    this.#start = ensureCapacity(this.#start, this.#group + 1, this.#group + 1 + groups);
    this.#code = ensureCapacity(this.#code, end, end + rows);
    this.#count = ensureCapacity(this.#count, end, end + rows);
    this.#errors = ensureCapacity(this.#errors, end, end + rows);
  }

  /** Writes the next groups from records. */
  addRecords(
    { words, starts, groups }: GroupRecords,
    { stride, client }: RecordLayout,
    first = 0,
    last = groups,
  ): void {
    this.reserve(last - first, starts[last]! - starts[first]!);
    for (let g = first; g < last; g++) {
      const rows = starts[g + 1]! - starts[g]!;
      const from = Math.imul(starts[g]!, stride);
      const to = Math.imul(starts[g + 1]!, stride);
      if (rows <= FEW_RECORDS) this.#addFew(words, stride, client, from, to);
      else if (rows <= EXACT_DISTINCT) this.#addSome(words, stride, client, from, to);
      else this.#addMany(words, stride, client, from, to);
    }
  }

  /** Writes the next groups as they are; group i ends at ends[i], counted from the first of all. */
  append(codes: Uint32Array, counts: Uint32Array, errors: Uint32Array, ends: Uint32Array): void {
    this.reserve(ends.length, codes.length);
    this.#code.set(codes, this.#end);
    this.#count.set(counts, this.#end);
    this.#errors.set(errors, this.#end);
    this.#start.set(ends, this.#group + 1);
    this.#end += codes.length;
    this.#group += ends.length;
  }

  #addFew(records: Uint32Array, stride: number, client: number, from: number, to: number): void {
    const [codes, counts, errors] = [this.#code, this.#count, this.#errors];
    const begin = this.#end;
    let end = begin;
    // A bit for each 32nd of all codes: while it is 0 there is no need to look.
    let seen = 0;
    for (let at = from; at < to; at += stride) {
      const code = records[at + client]!;
      if (code === NO_CLIENT) continue;
      const failed = (records[at]! & RECORD_ERROR) >>> 16;
      const bit = 1 << (Math.imul(code, HASH) >>> 27);
      let row = end;
      if ((seen & bit) !== 0) for (row = begin; row < end && codes[row] !== code; ) row++;
      seen |= bit;
      if (row < end) {
        counts[row]!++;
        errors[row]! += failed;
      } else {
        codes[end] = code;
        counts[end] = 1;
        errors[end++] = failed;
      }
    }
    this.#end = end;
    this.#start[++this.#group] = end;
  }

  /** {@link #addFew} with a table, where there cannot be too many clients to keep. */
  #addSome(records: Uint32Array, stride: number, client: number, from: number, to: number): void {
    const [codes, counts, errors, slots] = [this.#code, this.#count, this.#errors, this.#slots];
    const mask = slotMask((to - from) / stride);
    const begin = this.#end;
    let end = begin;
    for (let at = from; at < to; at += stride) {
      const code = records[at + client]!;
      if (code === NO_CLIENT) continue;
      const failed = (records[at]! & RECORD_ERROR) >>> 16;
      let slot = (Math.imul(code, HASH) >>> 7) & mask;
      let row = slots[slot]! - 1;
      while (row >= begin && codes[row] !== code) {
        slot = (slot + 1) & mask;
        row = slots[slot]! - 1;
      }
      if (row >= begin) {
        counts[row]!++;
        errors[row]! += failed;
      } else {
        codes[end] = code;
        counts[end] = 1;
        errors[end++] = failed;
        slots[slot] = end;
      }
    }
    this.#end = end;
    this.#start[++this.#group] = end;
  }

  #addMany(records: Uint32Array, stride: number, client: number, from: number, to: number): void {
    for (let at = from; at < to; at += stride) {
      const code = records[at + client]!;
      if (code !== NO_CLIENT) this.#table.add(code, 1, (records[at]! & RECORD_ERROR) >>> 16);
    }
    this.#close();
  }

  /** Writes the next group from rows[from, to) of events, each as often as it stands for a request. */
  addEvents(
    { client, status, weights }: EncodedEvents,
    meaning: Uint8Array,
    rows: Uint32Array,
    from: number,
    to: number,
  ) {
    for (let k = from; k < to; k++) {
      const row = rows[k]!;
      const times = weights ? weights.whole[row]! : 1;
      if (client[row] !== NO_CLIENT) this.#table.add(client[row]!, times, times * (meaning[status[row]!]! & ERROR));
    }
    this.reserve(1, this.#table.size);
    this.#close();
  }

  /** Writes the next group as the sum of the given groups of another store. */
  addGroups(store: ClientStore, groups: Uint32Array, from: number, to: number): void {
    const first = groups[from]!;
    // A list that an engine has made may be longer than is kept: then it is added like any other.
    if (to - from === 1 && store.start[first + 1]! - store.start[first]! <= EXACT_DISTINCT) {
      this.#copy(store, first);
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

  /** The groups written, as views until others are written; none are from then on. */
  finish(): ClientStore {
    const start = firstRows(this.#start, this.#group + 1);
    const code = firstRows(this.#code, this.#end);
    const count = firstRows(this.#count, this.#end);
    const errors = firstRows(this.#errors, this.#end);
    const sketches = this.#sketches;
    this.#sketches = new Map();
    this.#slots.fill(0);
    this.#group = 0;
    this.#end = 0;
    return { start, code, count, errors, sketches };
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
