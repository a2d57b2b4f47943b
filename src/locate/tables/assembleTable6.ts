import { type LevelPlace, table6Filler } from "./fillTable6.js";
import { hasNoId, idAt } from "./packedEntries.js";
import { CHILD, type PackedTrie, type TrieLevel } from "./packedTrie.js";
import { IS_LIST, IS_NODE, LISTED, NODE_WORDS, SLOT_BITS, type Table6 } from "./table6.js";
import type { TableMemory } from "./tableMemory.js";

/** From this level on nodes of few entries are lists. */
const FIRST_LISTS = 6;
/** After how many entries the work pauses. */
const ENTRIES_A_STEP = 80_000;

/**
 * The table of a trie, in steps, so that the caller can let others run in between. The trie is trusted; its ids lie
 * below 2^30.
 */
export function* assembleTable6(trie: PackedTrie, memory: TableMemory): Generator<undefined, Table6> {
  const plan: LevelPlan[] = [];
  for (const [level, columns] of trie.entries()) {
    plan.push(planOf(columns, level));
    yield;
  }
  let [nodes, entries] = [1, 1]; // a node and an entry that nothing leads to, for rows that are done
  for (const level of plan.slice(2)) {
    level.nodesStart = nodes;
    level.entriesStart = entries;
    nodes += level.nodes;
    entries += level.entries;
  }
  const table: Table6 = {
    root: memory.uint32(65_536),
    nodes: memory.uint32(NODE_WORDS * nodes),
    entries: memory.uint32(entries),
  };
  fillRoot(table.root, trie, new Children(trie[2]!, plan[2]!, 2));
  yield;
  const filler = table6Filler(memory);
  for (let level = 2; level < trie.length; level++) {
    const below = level + 1 < trie.length ? level + 1 : level; // the last level has no children
    if (filler === undefined) yield* fillLevel(table, trie, plan, level, below);
    else yield* filler.fill(table, trie[level]!, plan[level]!, trie[below]!.counts, plan[below]!);
  }
  return table;
}

/** What a level takes and where it lies in the table. */
interface LevelPlan extends LevelPlace {
  readonly nodes: number;
  readonly entries: number;
  nodesStart: number;
  entriesStart: number;
}

function planOf({ counts, slots }: TrieLevel, level: number): LevelPlan {
  let lists = 0;
  for (let k = 0; k < counts.length; k++) if (isList(level, counts[k]!)) lists++;
  const haveLists = level >= FIRST_LISTS;
  return { nodes: counts.length - lists, entries: slots.length + lists, nodesStart: 0, entriesStart: 0, haveLists };
}

const isList = (level: number, count: number): boolean => level >= FIRST_LISTS && count < LISTED;

/** Gives the nodes of a level out in their order. */
class Children {
  readonly #counts: Uint8Array;
  readonly #level: number;
  #next = 0;
  #node: number;
  #entry: number;

  constructor({ counts }: TrieLevel, { nodesStart, entriesStart }: LevelPlan, level: number) {
    this.#counts = counts;
    this.#level = level;
    this.#node = nodesStart;
    this.#entry = entriesStart;
  }

  /** The entry that leads to the next node. */
  next(): number {
    const count = this.#counts[this.#next++]!;
    const entry = isList(this.#level, count) ? IS_LIST + this.#entry++ : IS_NODE + this.#node++;
    this.#entry += count + 1;
    return entry;
  }
}

/** Spreads the first two levels over the index. */
function fillRoot(root: Uint32Array, trie: PackedTrie, children: Children): void {
  const [first, second] = trie as [TrieLevel, TrieLevel];
  let node = 0;
  let from = 0;
  for (let i = 0; i < first.slots.length; i++) {
    const start = 256 * first.slots[i]!;
    if (!hasNoId(first, i)) {
      root.fill(idAt(first, i), start, 256 * (first.slots[i + 1] ?? 256));
      continue;
    }
    const to = from + second.counts[node++]! + 1;
    for (let k = from; k < to; k++) {
      const entry = hasNoId(second, k) ? children.next() : idAt(second, k);
      root.fill(entry, start + second.slots[k]!, start + (k + 1 < to ? second.slots[k + 1]! : 256));
    }
    from = to;
  }
}

/** Fills a level by loops, which run everywhere. */
function* fillLevel(
  { nodes, entries }: Table6,
  trie: PackedTrie,
  plan: readonly LevelPlan[],
  level: number,
  below: number,
): Generator<undefined, void> {
  const { counts, slots, low, high } = trie[level]!;
  const children = new Children(trie[below]!, plan[below]!, below);
  let node = NODE_WORDS * plan[level]!.nodesStart;
  let to = plan[level]!.entriesStart;
  let pause = ENTRIES_A_STEP;
  for (let k = 0, from = 0; k < counts.length; k++) {
    const end = from + counts[k]! + 1;
    if (isList(level, counts[k]!)) entries[to++] = listSlots(slots, from, end);
    else {
      fillNode(nodes, node, slots, from, end, to - 1);
      node += NODE_WORDS;
    }
    for (let i = from; i < end; i++) {
      const entry = low[i]! + 65_536 * high[i]!;
      entries[to++] = entry === CHILD ? children.next() : entry - 1;
    }
    from = end;
    if (from > pause) {
      pause = from + ENTRIES_A_STEP;
      yield;
    }
  }
}

/** Marks where entries begin, and counts those before each quarter from `before` on. */
function fillNode(
  nodes: Uint32Array,
  node: number,
  slots: Uint8Array,
  from: number,
  end: number,
  before: number,
): void {
  let quarter = 0;
  nodes[node + 2] = before;
  for (let i = from; i < end; i++) {
    const slot = slots[i]!;
    while (quarter < slot >>> 6) nodes[node + 3 * ++quarter + 2] = before + i - from;
    nodes[node + 3 * (slot >>> 6) + ((slot >>> 5) & 1)]! |= 1 << (slot & 31);
  }
  while (quarter < 3) nodes[node + 3 * ++quarter + 2] = before + end - from;
}

/** The slots of a list's entries but the first. */
function listSlots(slots: Uint8Array, from: number, end: number): number {
  let word = 0;
  for (let i = 1; i < LISTED; i++) word |= (from + i < end ? slots[from + i]! : 256) << (SLOT_BITS * (i - 1));
  return word;
}
