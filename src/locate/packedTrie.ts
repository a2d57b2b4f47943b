import { grown } from "../core/grown.js";
import type { Ranges4 } from "./ranges4.js";
import type { Ranges6 } from "./ranges6.js";

/**
 * Ranges of an address space as a tree over the bytes of addresses, which is how a saved table holds them. Level L has
 * a node for each prefix of L bytes within which a range begins after the prefix does; level 0 has one node.
 *
 * Nodes of a level are in address order, and so are their children in the next: no node says where its children lie.
 */
export type PackedTrie = readonly TrieLevel[];

export interface TrieLevel {
  /** Of each node the number of its entries, less 1: the first is at slot 0. */
  readonly counts: Uint8Array;
  /** Of each entry the byte of the address from which on it holds; ascending within a node. */
  readonly slots: Uint8Array;
  /** Of each entry its id plus 1, or {@link CHILD}: the lowest 16 bits, and those above them, in 8 bits where that is enough. */
  readonly low: Uint16Array;
  readonly high: Uint8Array | Uint16Array;
}

/** An entry that holds for one slot, of which the next level has a node. */
export const CHILD = 0;

/** Whether entry i of a level is a child. */
export function isChild({ low, high }: TrieLevel, i: number): boolean {
  return low[i]! + 65_536 * high[i]! === CHILD;
}

/** The id of entry i of a level, which is no child. */
export function idAt({ low, high }: TrieLevel, i: number): number {
  return low[i]! + 65_536 * high[i]! - 1;
}

/** After how many ranges the building pauses. */
const RANGES_A_STEP = 20_000;

/** The trie of IPv4 ranges, in steps; 4 levels. */
export function* trieOf4({ starts, ids, length }: Ranges4): Generator<undefined, PackedTrie> {
  const builder = new TrieBuilder(4, length);
  for (let i = 0; i < length; i++) {
    builder.add(starts[i]!, 0, 0, 0, ids[i]!);
    if (i % RANGES_A_STEP === 0) yield;
  }
  return builder.trie();
}

/** The trie of IPv6 ranges, in steps; 16 levels. */
export function* trieOf6({ starts, ids, length }: Ranges6): Generator<undefined, PackedTrie> {
  const builder = new TrieBuilder(16, length);
  for (let i = 0; i < length; i++) {
    const at = 4 * i;
    builder.add(starts[at]!, starts[at + 1]!, starts[at + 2]!, starts[at + 3]!, ids[i]!);
    if (i % RANGES_A_STEP === 0) yield;
  }
  return builder.trie();
}

/** Takes ranges in ascending order; only the nodes on the way to the last one are still open. */
class TrieBuilder {
  readonly #levels: LevelBuilder[];
  /** The start of the last range, its id, and the lowest level with an open node. */
  #w0 = 0;
  #w1 = 0;
  #w2 = 0;
  #w3 = 0;
  #id = 0;
  #depth = -1;

  /** @param expected - how many ranges there will be; most begin at one and the same level */
  constructor(levels: number, expected: number) {
    this.#levels = Array.from({ length: levels }, () => new LevelBuilder(Math.min(1024, expected)));
  }

  /** Says that from the address w0 … w3 on, the id is `id`. The first address must be 0. */
  add(w0: number, w1: number, w2: number, w3: number, id: number): void {
    if (this.#depth < 0) this.#open(0, id);
    else {
      const shared = firstDifference(w0 ^ this.#w0, w1 ^ this.#w1, w2 ^ this.#w2, w3 ^ this.#w3);
      if (shared < this.#depth) this.#close(shared, byteOf(shared, w0, w1, w2, w3));
      const level = lastByte(w0, w1, w2, w3);
      while (this.#depth < level) {
        const slot = byteOf(this.#depth, w0, w1, w2, w3);
        this.#levels[this.#depth]!.divide(slot);
        this.#open(this.#depth + 1, this.#id);
      }
      this.#levels[level]!.add(byteOf(level, w0, w1, w2, w3), id + 1);
    }
    this.#w0 = w0;
    this.#w1 = w1;
    this.#w2 = w2;
    this.#w3 = w3;
    this.#id = id;
  }

  trie(): PackedTrie {
    this.#close(0, 256);
    return this.#levels.map((level) => level.done());
  }

  #open(level: number, id: number): void {
    this.#levels[level]!.open(id + 1);
    this.#depth = level;
  }

  /** Ends the nodes below a level, whose next entry will be at `slot`: behind each child its last id goes on. */
  #close(level: number, slot: number): void {
    for (let above = this.#depth - 1; above >= level; above--) {
      const next = byteOf(above, this.#w0, this.#w1, this.#w2, this.#w3) + 1;
      if (next < (above === level ? slot : 256)) this.#levels[above]!.add(next, this.#id + 1);
    }
    this.#depth = level;
  }
}

class LevelBuilder {
  #nodes = 0;
  #length = 0;
  #counts = new Uint8Array(256);
  #slots: Uint8Array;
  #low: Uint16Array;
  #high: Uint8Array | Uint16Array;

  constructor(capacity: number) {
    this.#slots = new Uint8Array(capacity);
    this.#low = new Uint16Array(capacity);
    this.#high = new Uint8Array(capacity);
  }

  /** Begins a node with the entry of slot 0. */
  open(entry: number): void {
    if (this.#nodes === this.#counts.length) this.#counts = grown(this.#counts, 2 * this.#nodes);
    this.#nodes++;
    this.#append(0, entry);
  }

  /** Adds an entry to the open node. */
  add(slot: number, entry: number): void {
    this.#counts[this.#nodes - 1]!++;
    this.#append(slot, entry);
  }

  /** Makes a slot, the last one or one behind it, a child. */
  divide(slot: number): void {
    if (this.#slots[this.#length - 1] === slot) this.#set(this.#length - 1, CHILD);
    else this.add(slot, CHILD);
  }

  done(): TrieLevel {
    return {
      counts: this.#counts.subarray(0, this.#nodes),
      slots: this.#slots.subarray(0, this.#length),
      low: this.#low.subarray(0, this.#length),
      high: this.#high.subarray(0, this.#length),
    };
  }

  #append(slot: number, entry: number): void {
    const at = this.#length++;
    if (at === this.#slots.length) {
      this.#slots = grown(this.#slots, 2 * at + 16);
      this.#low = grown(this.#low, 2 * at + 16);
      this.#high = grown(this.#high, 2 * at + 16);
    }
    this.#slots[at] = slot;
    this.#set(at, entry);
  }

  #set(at: number, entry: number): void {
    if (entry >= 2 ** 24 && this.#high instanceof Uint8Array) this.#high = Uint16Array.from(this.#high);
    this.#low[at] = entry;
    this.#high[at] = entry >>> 16;
  }
}

/** The byte of an address that a level goes by. */
function byteOf(level: number, w0: number, w1: number, w2: number, w3: number): number {
  const word = level < 4 ? w0 : level < 8 ? w1 : level < 12 ? w2 : w3;
  return (word >>> (24 - 8 * (level & 3))) & 255;
}

/** The first byte that is not 0. */
function firstDifference(w0: number, w1: number, w2: number, w3: number): number {
  if (w0 !== 0) return Math.clz32(w0) >>> 3;
  if (w1 !== 0) return 4 + (Math.clz32(w1) >>> 3);
  if (w2 !== 0) return 8 + (Math.clz32(w2) >>> 3);
  return 12 + (Math.clz32(w3) >>> 3);
}

/** The last byte that is not 0. */
function lastByte(w0: number, w1: number, w2: number, w3: number): number {
  if (w3 !== 0) return 12 + lastOf(w3);
  if (w2 !== 0) return 8 + lastOf(w2);
  return w1 !== 0 ? 4 + lastOf(w1) : lastOf(w0);
}

/** The last of a word's four bytes that is not 0. */
const lastOf = (word: number): number => Math.clz32(word & -word) >>> 3;
