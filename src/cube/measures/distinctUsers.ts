import { type DistinctSketch, EXACT_DISTINCT, REGISTER_COUNT, raise } from "../../stats/distinctSketch.js";
import type { EncodedEvents } from "../keys/encodedEvents.js";
import { ensureCapacity, firstRows } from "./lists/columnRows.js";
import type { GroupRecords, RecordLayout } from "./lists/eventRecord.js";
import { slotMask } from "./lists/slotMask.js";

/**
 * The distinct users of every group, as 64-bit hashes: those of group g are rows [start[g], start[g + 1]) of the halves,
 * or, where there are more than the sketch keeps exactly, the registers in `sketches`.
 */
export interface DistinctUsers {
  readonly start: Uint32Array;
  readonly low: Uint32Array;
  readonly high: Uint32Array;
  readonly sketches: ReadonlyMap<number, Uint8Array>;
}

/** A store without groups. */
export const NO_USERS: DistinctUsers = {
  start: new Uint32Array(1),
  low: new Uint32Array(0),
  high: new Uint32Array(0),
  sketches: new Map(),
};

/** Adds the users of a group to a sketch. */
export function addUsers(store: DistinctUsers, group: number, sketch: DistinctSketch): void {
  const registers = store.sketches.get(group);
  if (registers) sketch.mergeRegisters(registers);
  const to = store.start[group + 1]!;
  for (let i = store.start[group]!; i < to; i++) sketch.add(store.low[i]!, store.high[i]!);
}

/** Up to so many records, looking through those before costs less than a table. */
const FEW_RECORDS = 12;

/** Writes stores, one after the other, group by group. */
export class UserWriter {
  #start = new Uint32Array(1);
  #low = new Uint32Array(0);
  #high = new Uint32Array(0);
  #sketches = new Map<number, Uint8Array>();
  /** An open-addressing table of row + 1 of the group at hand. What is not above `#begin` is of groups before. */
  readonly #slots = new Uint32Array(4 * EXACT_DISTINCT);
  #registers: Uint8Array | null = null;
  #mask = 0;
  #group = 0;
  #begin = 0;
  #end = 0;

  get memoryBytes(): number {
    return 4 * this.#start.length + 8 * this.#low.length;
  }

  /** How many hashes are written. */
  get length(): number {
    return this.#end;
  }

  /** Makes room for more groups, and for the most hashes that they will have. */
  reserve(groups: number, hashes: number): void {
    const end = this.#end;
    this.#start = ensureCapacity(this.#start, this.#group + 1, this.#group + 1 + groups);
    this.#low = ensureCapacity(this.#low, end, end + hashes);
    this.#high = ensureCapacity(this.#high, end, end + hashes);
  }

  /** Writes the next groups from records. */
  addRecords({ words, starts, groups }: GroupRecords, { stride, user }: RecordLayout, first = 0, last = groups): void {
    this.reserve(last - first, starts[last]! - starts[first]!);
    for (let g = first; g < last; g++) {
      const rows = starts[g + 1]! - starts[g]!;
      const end = Math.imul(starts[g + 1]!, stride) + user;
      let at = Math.imul(starts[g]!, stride) + user;
      if (rows <= FEW_RECORDS) {
        this.#addHandful(words, stride, at, end);
        continue;
      }
      this.#open(rows);
      if (rows <= EXACT_DISTINCT) this.#addFew(words, stride, at, end);
      else for (; at < end; at += stride) this.#add(words[at]!, words[at + 1]!);
      this.#close();
    }
  }

  /** Writes the next groups as they are; group i ends at ends[i], counted from the first of all. */
  append(lows: Uint32Array, highs: Uint32Array, ends: Uint32Array): void {
    this.reserve(ends.length, lows.length);
    this.#low.set(lows, this.#end);
    this.#high.set(highs, this.#end);
    this.#start.set(ends, this.#group + 1);
    this.#end += lows.length;
    this.#group += ends.length;
  }

  /** {@link addRecords} without a table. */
  #addHandful(records: Uint32Array, stride: number, from: number, to: number): void {
    const [lows, highs] = [this.#low, this.#high];
    const begin = this.#end;
    let end = begin;
    // A bit for each 32nd of all hashes: while it is 0 there is no need to look.
    let seen = 0;
    for (let at = from; at < to; at += stride) {
      const low = records[at]!;
      const high = records[at + 1]!;
      if (low === 0 && high === 0) continue;
      const bit = 1 << (low & 31);
      let row = end;
      if ((seen & bit) !== 0) for (row = begin; row < end && (lows[row] !== low || highs[row] !== high); ) row++;
      seen |= bit;
      if (row < end) continue;
      lows[end] = low;
      highs[end++] = high;
    }
    this.#end = end;
    this.#start[++this.#group] = end;
  }

  /** {@link addRecords} where there cannot be too many to keep: the same loop, with nothing but locals in it. */
  #addFew(records: Uint32Array, stride: number, from: number, to: number): void {
    const [lows, highs, slots] = [this.#low, this.#high, this.#slots];
    const begin = this.#begin;
    const mask = this.#mask;
    let end = this.#end;
    next: for (let at = from; at < to; at += stride) {
      const low = records[at]!;
      const high = records[at + 1]!;
      if (low === 0 && high === 0) continue;
      let slot = low & mask;
      for (let row = slots[slot]!; row > begin; row = slots[slot]!) {
        if (lows[row - 1] === low && highs[row - 1] === high) continue next;
        slot = (slot + 1) & mask;
      }
      lows[end] = low;
      highs[end++] = high;
      slots[slot] = end;
    }
    this.#end = end;
  }

  /** Writes the next group from rows[from, to) of events. */
  addEvents({ userLow, userHigh }: EncodedEvents, rows: Uint32Array, from: number, to: number): void {
    this.reserve(1, Math.min(to - from, EXACT_DISTINCT));
    this.#open(to - from);
    for (let k = from; k < to; k++) this.#add(userLow[rows[k]!]!, userHigh[rows[k]!]!);
    this.#close();
  }

  /** Writes the next group as the union of the given groups of another store. */
  addGroups(store: DistinctUsers, groups: Uint32Array, from: number, to: number): void {
    const first = groups[from]!;
    // A list that an engine has made may be longer than is kept: then it is added like any other.
    if (to - from === 1 && store.start[first + 1]! - store.start[first]! <= EXACT_DISTINCT) {
      this.#copy(store, first);
      return;
    }
    let most = 0;
    for (let k = from; k < to; k++) most += store.start[groups[k]! + 1]! - store.start[groups[k]!]!;
    this.#open(most);
    for (let k = from; k < to; k++) {
      const group = groups[k]!;
      const registers = store.sketches.get(group);
      if (registers) this.#unite(registers);
      for (let i = store.start[group]!; i < store.start[group + 1]!; i++) this.#add(store.low[i]!, store.high[i]!);
    }
    this.#close();
  }

  /** The groups written, as views until others are written; none are from then on. */
  finish(): DistinctUsers {
    const start = firstRows(this.#start, this.#group + 1);
    const low = firstRows(this.#low, this.#end);
    const high = firstRows(this.#high, this.#end);
    const sketches = this.#sketches;
    this.#sketches = new Map();
    this.#slots.fill(0);
    this.#group = 0;
    this.#end = 0;
    return { start, low, high, sketches };
  }

  /** Writes the next group as one of another store is. */
  #copy(store: DistinctUsers, group: number): void {
    const registers = store.sketches.get(group);
    if (registers) this.#sketches.set(this.#group, registers);
    let end = this.#end;
    for (let i = store.start[group]!; i < store.start[group + 1]!; i++) {
      this.#low[end] = store.low[i]!;
      this.#high[end++] = store.high[i]!;
    }
    this.#end = end;
    this.#start[++this.#group] = end;
  }

  #open(most: number): void {
    this.#mask = slotMask(Math.min(most, EXACT_DISTINCT + 1));
    this.#begin = this.#end;
    this.#registers = null;
  }

  #add(low: number, high: number): void {
    if (low === 0 && high === 0) return;
    if (this.#registers) {
      raise(this.#registers, low, high);
      return;
    }
    let slot = low & this.#mask;
    for (let row = this.#slots[slot]!; row > this.#begin; row = this.#slots[slot]!) {
      if (this.#low[row - 1] === low && this.#high[row - 1] === high) return;
      slot = (slot + 1) & this.#mask;
    }
    if (this.#end - this.#begin === EXACT_DISTINCT) {
      raise(this.#condense(), low, high);
      return;
    }
    this.#low[this.#end] = low;
    this.#high[this.#end++] = high;
    this.#slots[slot] = this.#end;
  }

  #unite(registers: Uint8Array): void {
    const mine = this.#registers ?? this.#condense();
    for (let i = 0; i < REGISTER_COUNT; i++) if (registers[i]! > mine[i]!) mine[i] = registers[i]!;
  }

  #condense(): Uint8Array {
    const registers = new Uint8Array(REGISTER_COUNT);
    for (let i = this.#begin; i < this.#end; i++) raise(registers, this.#low[i]!, this.#high[i]!);
    this.#end = this.#begin;
    this.#slots.fill(0);
    this.#registers = registers;
    return registers;
  }

  #close(): void {
    if (this.#registers) this.#sketches.set(this.#group, this.#registers);
    this.#start[++this.#group] = this.#end;
  }
}
