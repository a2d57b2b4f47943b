import { NO_BIN } from "../../../stats/logBins.js";
import type { EncodedEvents } from "../../keys/encodedEvents.js";
import { LATENCY_BINS, type LatencyStore } from "../latencyStore.js";
import { ensureCapacity, firstRows } from "./columnRows.js";
import { countBins } from "./countBins.js";
import type { GroupRecords, RecordLayout } from "./eventRecord.js";

/** Groups with no more latencies than this keep their bins as a plain list. */
const ALWAYS_LIST = 32;
/** From so many on, all bins between the least and the greatest are looked at; with fewer, the ones that occur are sorted. */
const MANY = 128;

/** Writes stores, one after the other, group by group. */
export class LatencyWriter {
  #start = new Uint32Array(1);
  #count = new Uint32Array(0);
  #words = new Uint16Array(0);
  readonly #histogram = new Uint32Array(LATENCY_BINS.count);
  readonly #touched = new Uint16Array(LATENCY_BINS.count);
  #touchedCount = 0;
  #group = 0;
  #end = 0;

  get memoryBytes(): number {
    return 8 * this.#start.length + this.#words.byteLength;
  }

  /** How many words are written. */
  get length(): number {
    return this.#end;
  }

  /** Makes room for more groups, and for the most words that they will be: no group needs more than it has latencies. */
  reserve(groups: number, words: number): void {
    this.#start = ensureCapacity(this.#start, this.#group + 1, this.#group + 1 + groups);
    this.#count = ensureCapacity(this.#count, this.#group, this.#group + groups);
    this.#words = ensureCapacity(this.#words, this.#end, this.#end + words);
  }

  /** Writes the next groups from records, of which the lower half of the first word is the bin or {@link NO_BIN}. */
  addRecords({ words: records, starts, groups }: GroupRecords, { stride }: RecordLayout): void {
    this.reserve(groups, starts[groups]!);
    const [start, words, counts] = [this.#start, this.#words, this.#count];
    let end = this.#end;
    for (let g = 0; g < groups; g++) {
      const begin = end;
      const to = Math.imul(starts[g + 1]!, stride);
      for (let at = Math.imul(starts[g]!, stride); at < to; at += stride) {
        const bin = records[at]! & 0xffff;
        if (bin !== NO_BIN) words[end++] = bin;
      }
      const count = end - begin;
      counts[this.#group + g] = count;
      if (count > ALWAYS_LIST) end = this.#condensed(begin, end);
      start[this.#group + g + 1] = end;
    }
    this.#group += groups;
    this.#end = end;
  }

  /** Writes the next groups as they are; group i ends at ends[i], counted from the first of all. */
  append(words: Uint16Array, ends: Uint32Array, counts: Uint32Array): void {
    this.reserve(ends.length, words.length);
    this.#count.set(counts, this.#group);
    this.#words.set(words, this.#end);
    this.#start.set(ends, this.#group + 1);
    this.#end += words.length;
    this.#group += ends.length;
  }

  /** Makes pairs of a group's list where that is shorter; returns where the group then ends. */
  #condensed(begin: number, end: number): number {
    this.#end = begin;
    // Mostly there are bins enough, as the first few latencies tell.
    const enough = (end - begin) / 3;
    const looked = Math.min(end, begin + MANY);
    this.#touchSome(this.#words, begin, looked, enough);
    if (looked === end && this.#touchedCount < enough) return this.#pairs();
    const stays = this.#touchedCount >= enough;
    this.#forget();
    return stays ? end : this.#condensedMany(end);
  }

  /** Writes the next group as the sum of the given groups of another store. */
  addGroups(store: LatencyStore, groups: Uint32Array, from: number, to: number): void {
    let count = 0;
    for (let k = from; k < to; k++) count += store.count[groups[k]!]!;
    this.#count[this.#group] = count;
    if (to - from === 1 || count <= ALWAYS_LIST) {
      for (let k = from; k < to; k++) this.#copy(store, groups[k]!);
      this.#close(this.#end);
      return;
    }
    for (let k = from; k < to; k++) this.#touchGroup(store, groups[k]!);
    this.#writeTouched(count);
  }

  /** Writes the next group from rows[from, to) of events, each as often as it stands for a request. */
  addEvents({ latencyMs, weights }: EncodedEvents, rows: Uint32Array, from: number, to: number): void {
    let count = 0;
    for (let k = from; k < to; k++) {
      const bin = LATENCY_BINS.binOf(latencyMs[rows[k]!]!);
      const times = weights ? weights.whole[rows[k]!]! : 1;
      if (bin === NO_BIN || times === 0) continue;
      this.#touch(bin, times);
      count += times;
    }
    this.reserve(1, Math.min(count, Math.max(ALWAYS_LIST, 3 * this.#touchedCount)));
    this.#count[this.#group] = count;
    this.#writeTouched(count);
  }

  /** Ends the group with what was touched, in the shorter form. */
  #writeTouched(count: number): void {
    if (count <= ALWAYS_LIST || 3 * this.#touchedCount >= count) this.#writeList();
    else this.#close(this.#pairs());
  }

  /** The groups written, as views until others are written; none are from then on. */
  finish(): LatencyStore {
    const start = firstRows(this.#start, this.#group + 1);
    const count = firstRows(this.#count, this.#group);
    const words = firstRows(this.#words, this.#end);
    this.#group = 0;
    this.#end = 0;
    return { count, start, words };
  }

  #copy(store: LatencyStore, group: number): void {
    const words = store.words;
    let end = this.#end;
    for (let i = store.start[group]!; i < store.start[group + 1]!; i++) this.#words[end++] = words[i]!;
    this.#end = end;
  }

  #touchGroup(store: LatencyStore, group: number): void {
    const { words } = store;
    const from = store.start[group]!;
    const to = store.start[group + 1]!;
    if (to - from === store.count[group]) for (let i = from; i < to; i++) this.#touch(words[i]!, 1);
    else for (let i = from; i < to; i += 3) this.#touch(words[i]!, words[i + 1]! + 65536 * words[i + 2]!);
  }

  /** Counts the bins of a list until there are `enough` different ones. */
  #touchSome(words: Uint16Array, from: number, to: number, enough: number): void {
    const histogram = this.#histogram;
    const touched = this.#touched;
    let count = 0;
    for (let i = from; i < to && count < enough; i++) {
      const bin = words[i]!;
      if (histogram[bin]!++ === 0) touched[count++] = bin;
    }
    this.#touchedCount = count;
  }

  /** {@link #condensed} for a list so long that looking at all bins between its ends costs less than sorting. */
  #condensedMany(end: number): number {
    const [words, histogram] = [this.#words, this.#histogram];
    const begin = this.#end;
    let low = words[begin]!;
    let high = low;
    for (let i = begin; i < end; i++) {
      low = Math.min(low, words[i]!);
      high = Math.max(high, words[i]!);
    }
    countBins(words, begin, end, histogram);
    let distinct = 0;
    for (let bin = low; bin <= high; bin++) if (histogram[bin] !== 0) distinct++;
    const shorter = 3 * distinct >= end - begin ? end : this.#pairsInto(begin, low, high);
    histogram.fill(0, low, high + 1);
    return shorter;
  }

  #pairsInto(begin: number, low: number, high: number): number {
    const [words, histogram] = [this.#words, this.#histogram];
    let at = begin;
    for (let bin = low; bin <= high; bin++) {
      const weight = histogram[bin]!;
      if (weight === 0) continue;
      words[at++] = bin;
      words[at++] = weight & 0xffff;
      words[at++] = weight >>> 16;
    }
    return at;
  }

  #touch(bin: number, weight: number): void {
    if (this.#histogram[bin] === 0) this.#touched[this.#touchedCount++] = bin;
    this.#histogram[bin]! += weight;
  }

  /** Writes what was touched as pairs; returns where they end. */
  #pairs(): number {
    let end = this.#end;
    for (const bin of this.#touched.subarray(0, this.#touchedCount).sort()) {
      const weight = this.#histogram[bin]!;
      this.#words[end++] = bin;
      this.#words[end++] = weight & 0xffff;
      this.#words[end++] = weight >>> 16;
    }
    this.#forget();
    return end;
  }

  #writeList(): void {
    let end = this.#end;
    for (let t = 0; t < this.#touchedCount; t++) {
      const bin = this.#touched[t]!;
      for (let left = this.#histogram[bin]!; left > 0; left--) this.#words[end++] = bin;
    }
    this.#forget();
    this.#close(end);
  }

  #forget(): void {
    for (let t = 0; t < this.#touchedCount; t++) this.#histogram[this.#touched[t]!] = 0;
    this.#touchedCount = 0;
  }

  #close(end: number): void {
    this.#end = end;
    this.#start[++this.#group] = end;
  }
}
