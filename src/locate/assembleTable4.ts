import { table4Filler } from "./fillTable4.js";
import { idAt, isChild, type PackedTrie, type TrieLevel } from "./packedTrie.js";
import { INDEX4_ENTRIES, INNER, type Table4 } from "./table4.js";
import type { TableMemory } from "./tableMemory.js";

/** After how many entries the work pauses. */
const ENTRIES_A_STEP = 100_000;

/** The table of a trie, in steps, so that the caller can let others run in between. The trie is trusted; its ids lie below 2^31. */
export function* assembleTable4(trie: PackedTrie, memory: TableMemory): Generator<undefined, Table4> {
  const { slots } = trie[3]!;
  const table = {
    direct: memory.uint32(INDEX4_ENTRIES),
    lows: memory.uint8(slots.length + 1),
    ids: memory.uint32(slots.length),
  };
  yield;
  table.lows.set(slots);
  yield;
  const filler = table4Filler(trie, memory);
  if (filler !== undefined) yield* filler.fill(table, trie);
  else yield* fillPlain(table, trie);
  return table;
}

/** Fills the index and the ids of ranges within divided /24s by loops, which run everywhere. */
function* fillPlain(table: Table4, trie: PackedTrie): Generator<undefined, void> {
  const [first, second, third, fourth] = trie as [TrieLevel, TrieLevel, TrieLevel, TrieLevel];
  for (let i = 0; i < table.ids.length; i++) table.ids[i] = idAt(fourth, i);
  yield;
  const leaves = new Filler(table.direct, third, fourth);
  const { direct } = table;
  let node = 0;
  let from = 0;
  for (let i = 0; i < first.slots.length; i++) {
    const start = 65_536 * first.slots[i]!;
    if (!isChild(first, i)) {
      direct.fill(idAt(first, i), start, 65_536 * (first.slots[i + 1] ?? 256));
      continue;
    }
    const to = from + second.counts[node++]! + 1;
    for (let k = from; k < to; k++) {
      const at = start + 256 * second.slots[k]!;
      if (isChild(second, k)) leaves.fillNext(at);
      else direct.fill(idAt(second, k), at, start + 256 * (k + 1 < to ? second.slots[k + 1]! : 256));
      if (leaves.hasFilled(ENTRIES_A_STEP)) yield;
    }
    from = to;
  }
}

/** Fills the /24s of divided /16s, one /16 after the other. */
class Filler {
  readonly #direct: Uint32Array;
  readonly #level: TrieLevel;
  readonly #below: TrieLevel;
  #node = 0;
  #from = 0;
  /** The next divided /24 and where its ranges begin. */
  #child = 0;
  #inner = 0;
  #filled = 0;

  constructor(direct: Uint32Array, level: TrieLevel, below: TrieLevel) {
    this.#direct = direct;
    this.#level = level;
    this.#below = below;
  }

  /** Whether so many entries were filled since this was last true. */
  hasFilled(count: number): boolean {
    const isMany = this.#from - this.#filled >= count;
    if (isMany) this.#filled = this.#from;
    return isMany;
  }

  /** Fills the next divided /16, whose first /24 is at `start`. */
  fillNext(start: number): void {
    const { counts, slots, low, high } = this.#level;
    const direct = this.#direct;
    const end = this.#from + counts[this.#node++]! + 1;
    for (let i = this.#from; i < end; i++) {
      const entry = low[i]! + 65_536 * high[i]!;
      const value = entry === 0 ? this.#nextInner() : entry - 1;
      const stop = start + (i + 1 < end ? slots[i + 1]! : 256);
      for (let at = start + slots[i]!; at < stop; at++) direct[at] = value;
    }
    this.#from = end;
  }

  #nextInner(): number {
    const first = this.#inner;
    this.#inner += this.#below.counts[this.#child++]! + 1;
    return INNER + first;
  }
}
