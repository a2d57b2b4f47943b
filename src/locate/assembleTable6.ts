import { CHILD, type PackedTrie, type TrieLevel } from "./packedTrie.js";
import { IS_LIST, IS_NODE, LISTED, NODE_WORDS, SLOT_BITS, type Table6 } from "./table6.js";
import type { TableMemory } from "./tableMemory.js";

/** From this level on nodes of few entries are lists. */
const FIRST_LISTS = 6;
/** After how many entries the work pauses. */
const ENTRIES_A_STEP = 200_000;

/**
 * The table of a trie, in steps, so that the caller can let others run in between. Ids must lie below 2^30.
 *
 * @param ids - how many there are. Throws a plain Error where the trie has others or makes no sense
 */
export function* assembleTable6(trie: PackedTrie, memory: TableMemory, ids: number): Generator<undefined, Table6> {
  const plan = trie.map(planOf);
  let [nodes, entries] = [1, 1]; // a node and an entry that nothing leads to, for rows that are done
  for (const level of plan.slice(2)) {
    level.nodesStart = nodes;
    level.entriesStart = entries;
    nodes += level.nodes;
    entries += level.entries;
  }
  yield;
  const table: Table6 = {
    root: memory.uint32(65_536),
    nodes: memory.uint32(NODE_WORDS * nodes),
    entries: memory.uint32(entries),
  };
  fillRoot(table.root, trie, new Children(trie[2], plan[2]!, 2), ids);
  for (let level = 2; level < trie.length; level++) yield* fillLevel(table, trie, plan, level, ids);
  return table;
}

/** What a level takes and where it lies in the table. */
interface LevelPlan {
  readonly nodes: number;
  readonly entries: number;
  nodesStart: number;
  entriesStart: number;
}

function planOf({ counts, slots, entries }: TrieLevel, level: number): LevelPlan {
  let lists = 0;
  let total = counts.length;
  for (let k = 0; k < counts.length; k++) {
    total += counts[k]!;
    if (isList(level, counts[k]!)) lists++;
  }
  if (total !== slots.length || total !== entries.length) throw new Error("its IPv6 levels differ in length");
  return { nodes: counts.length - lists, entries: total + lists, nodesStart: 0, entriesStart: 0 };
}

const isList = (level: number, count: number): boolean => level >= FIRST_LISTS && count < LISTED;

/** Gives the nodes of a level out in their order. */
class Children {
  readonly #counts: Uint8Array;
  readonly #level: number;
  #next = 0;
  #node: number;
  #entry: number;

  constructor(level: TrieLevel | undefined, plan: LevelPlan | undefined, number: number) {
    this.#counts = level?.counts ?? new Uint8Array();
    this.#level = number;
    this.#node = plan?.nodesStart ?? 0;
    this.#entry = plan?.entriesStart ?? 0;
  }

  /** The entry that leads to the next node. */
  next(): number {
    if (this.#next === this.#counts.length) throw new Error("its IPv6 tree lacks nodes");
    const count = this.#counts[this.#next++]!;
    const entry = isList(this.#level, count) ? IS_LIST + this.#entry++ : IS_NODE + this.#node++;
    this.#entry += count + 1;
    return entry;
  }

  /** Says that there are no others. */
  end(): void {
    if (this.#next !== this.#counts.length) throw new Error("its IPv6 tree has nodes that nothing leads to");
  }
}

/** Spreads the first two levels over the index. */
function fillRoot(root: Uint32Array, [first, second]: PackedTrie, children: Children, ids: number): void {
  if (first === undefined || second === undefined || first.counts.length !== 1) {
    throw new Error("its IPv6 tree has no root");
  }
  let node = 0;
  let from = 0;
  for (let i = 0; i < first.slots.length; i++) {
    const start = 256 * slotAt(first, i, 0);
    const end = 256 * (i + 1 < first.slots.length ? slotAt(first, i + 1, 0) : 256);
    if (first.entries[i] !== CHILD) {
      root.fill(idOf(first.entries[i]!, ids), start, end);
      continue;
    }
    if (node === second.counts.length) throw new Error("its IPv6 tree lacks nodes");
    const to = from + second.counts[node++]! + 1;
    for (let k = from; k < to; k++) {
      const entry = second.entries[k]!;
      const value = entry === CHILD ? children.next() : idOf(entry, ids);
      root.fill(value, start + slotAt(second, k, from), start + (k + 1 < to ? second.slots[k + 1]! : 256));
    }
    from = to;
  }
  if (node !== second.counts.length) throw new Error("its IPv6 tree has nodes that nothing leads to");
  children.end();
}

function* fillLevel(
  { nodes, entries }: Table6,
  trie: PackedTrie,
  plan: readonly LevelPlan[],
  level: number,
  ids: number,
): Generator<undefined, void> {
  const { counts, slots, entries: packed } = trie[level]!;
  const children = new Children(trie[level + 1], plan[level + 1], level + 1);
  let node = NODE_WORDS * plan[level]!.nodesStart;
  let to = plan[level]!.entriesStart;
  let pause = ENTRIES_A_STEP;
  for (let k = 0, from = 0; k < counts.length; k++) {
    const end = from + counts[k]! + 1;
    if (slots[from] !== 0) throw new Error("an IPv6 node does not begin at its start");
    if (isList(level, counts[k]!)) entries[to++] = listSlots(slots, from, end);
    else {
      fillNode(nodes, node, slots, from, end, to - 1);
      node += NODE_WORDS;
    }
    for (let i = from; i < end; i++) {
      if (i > from && slots[i]! <= slots[i - 1]!) throw new Error("an IPv6 node is out of order");
      const entry = packed[i]!;
      entries[to++] = entry === CHILD ? children.next() : idOf(entry, ids);
    }
    from = end;
    if (from > pause) {
      pause = from + ENTRIES_A_STEP;
      yield;
    }
  }
  children.end();
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

function slotAt({ slots }: TrieLevel, i: number, first: number): number {
  const slot = slots[i]!;
  if (i === first ? slot !== 0 : slot <= slots[i - 1]!) throw new Error("an IPv6 node is out of order");
  return slot;
}

function idOf(entry: number, ids: number): number {
  if (entry > ids) throw new Error("an IPv6 range has no pair");
  return entry - 1;
}
