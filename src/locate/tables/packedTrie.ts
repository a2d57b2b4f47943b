import { grown } from "../../core/grown.js";
import type { Ranges6 } from "../ranges/ranges6.js";
import { EntryBuilder, type PackedIds } from "./packedEntries.js";

/**
 * IPv6 ranges as a tree over the bytes of addresses, which is how a saved table holds them. Level L has a node for each
 * prefix of L bytes within which a range begins after the prefix does; level 0 has one node.
 *
 * Nodes of a level are in address order, and so are their children in the next: no node says where its children lie.
 */
export type PackedTrie = readonly TrieLevel[];

/** Nodes with their entries. An entry without an id is a child: it holds for one slot, of which the next level has a node. */
export interface TrieLevel extends PackedIds {
  /** Of each node the number of its entries, less 1: the first is at slot 0. */
  readonly counts: Uint8Array;
  /** Of each entry the byte of the address from which on it holds; ascending within a node. */
  readonly slots: Uint8Array;
}

/** What a child has instead of its id plus 1. */
export const CHILD = 0;

/** One for each byte of an address. */
export const LEVELS6 = 16;

/** After how many ranges the building pauses. */
const RANGES_A_STEP = 20_000;

/** The trie of ranges, in steps. */
export function* trieOf6({ starts, ids, length }: Ranges6): Generator<undefined, PackedTrie> {
  const builder = new TrieBuilder(LEVELS6, length);
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

/** Collects the nodes of a level. */
export class LevelBuilder {
  #nodes = 0;
  #counts = new Uint8Array(256);
  readonly #entries: EntryBuilder;

  /** @param capacity - how many entries to make room for at first */
  constructor(capacity: number) {
    this.#entries = new EntryBuilder(capacity);
  }

  /** Begins a node with the entry of slot 0. Entries are ids plus 1. */
  open(entry: number): void {
    if (this.#nodes === this.#counts.length) this.#counts = grown(this.#counts, 2 * this.#nodes);
    this.#nodes++;
    this.#entries.add(0, entry);
  }

  /** Adds an entry to the open node. */
  add(slot: number, entry: number): void {
    this.#counts[this.#nodes - 1]!++;
    this.#entries.add(slot, entry);
  }

  /** Makes a slot, the last one or one behind it, a child. */
  divide(slot: number): void {
    if (this.#entries.lastByte === slot) this.#entries.setLast(CHILD);
    else this.add(slot, CHILD);
  }

  done(): TrieLevel {
    const { bytes, low, high } = this.#entries.done();
    return { counts: this.#counts.subarray(0, this.#nodes), slots: bytes, low, high };
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
