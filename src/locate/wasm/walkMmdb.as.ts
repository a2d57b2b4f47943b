// The walks of mmdb/walkMmdb.ts as a kernel, which also tells records apart. Pointers are byte offsets.

/** What {@link advance} returns where the tree is wrong. */
const TOO_DEEP = -1;
const IN_CIRCLES = -2;

/** The search tree: 24, 28 or 32 bits a record, the highest byte first. */
let tree: usize = 0;
let recordBits: u32 = 0;
let nodeCount: u32 = 0;
let opensLeft: i64 = 0;

/** Branches that are still to be walked, from `stack` to `top`: node, depth, and the four words of the first address. */
let stack: usize = 0;
let top: usize = 0;
const BRANCH: usize = 24;
let bits: u32 = 0;
/** In a walk of 128 bits the node of IPv4 networks, which is left out. */
let ipv4Root: u32 = 0;

/**
 * Leaves and their numbers alternately; leaf 0 is a free slot, because no leaf is. Records that lie side by side in the
 * file have slots that do, since neighbouring networks have neighbouring records; or slots all over the table.
 */
let slots: usize = 0;
let mask: u32 = 0;
let isMixed: bool = false;
let known: u32 = 0;
/** How many slots were found taken by other leaves. */
let taken: u32 = 0;

/**
 * Says where the tree lies, which has 4 bytes of anything behind it.
 *
 * @param opens - how many nodes may be opened in all walks together
 * @param stack_ - 129 × 24 bytes
 */
export function use(tree_: usize, recordBits_: u32, nodeCount_: u32, opens: f64, stack_: usize): void {
  tree = tree_;
  recordBits = recordBits_;
  nodeCount = nodeCount_;
  opensLeft = <i64>opens;
  stack = stack_;
}

/**
 * Keeps leaves from now on in so many slots, a power of two, whose bytes are 0. Those known so far are moved.
 *
 * @param isMixed_ - whether leaves that lie side by side are to be far apart
 */
export function keepIn(slots_: usize, count: u32, isMixed_: bool): void {
  const old = slots;
  const end: usize = old === 0 ? 0 : old + ((<usize>mask + 1) << 3);
  slots = slots_;
  mask = count - 1;
  isMixed = isMixed_;
  for (let at = old; at < end; at += 8) {
    const leaf = load<u32>(at);
    if (leaf !== 0) store<u64>(slotOf(leaf), load<u64>(at));
  }
  taken = 0;
}

/** How many slots were found taken since leaves are kept where they are. */
export function takenSlots(): u32 {
  return taken;
}

/** How many leaves have a number; the last has this. */
export function knownLeaves(): u32 {
  return known;
}

/** Begins a walk of 32 or 128 bits at a node or leaf. */
export function begin(bits_: u32, root: u32, ipv4Root_: u32): void {
  bits = bits_;
  ipv4Root = ipv4Root_;
  memory.fill(stack, 0, BRANCH);
  store<u32>(stack, root);
  top = stack + BRANCH;
}

/**
 * Lists the next networks in address order. There must be slots for twice as many leaves as may be known then.
 *
 * @param count - how many networks at most
 * @param starts - receives the first address of each: one word in a walk of 32 bits, four in one of 128
 * @param numbers - receives the number of the leaf of each: 0 for none, else from 1 on in the order of their first
 *   appearance
 * @param leaves - receives the leaves that appear for the first time
 * @returns how many networks it listed, fewer than `count` at the end only; or what is wrong with the tree
 */
export function advance(count: i32, starts: usize, numbers: usize, leaves: usize): i32 {
  const listed = list(count, starts, numbers);
  // A loop of its own: reads of slots, far apart, do not wait for the walk, nor for each other.
  let fresh = leaves;
  for (let at = numbers; at < numbers + ((<usize>max(listed, 0)) << 2); at += 4) {
    const leaf = load<u32>(at);
    if (leaf === 0) continue;
    const slot = slotOf(leaf);
    let number = load<u32>(slot, 4);
    if (number === 0) {
      number = ++known;
      store<u32>(slot, leaf);
      store<u32>(slot, number, 4);
      store<u32>(fresh, leaf);
      fresh += 4;
    }
    store<u32>(at, number);
  }
  return listed;
}

/** {@link advance} with leaves instead of numbers. */
function list(count: i32, starts: usize, leaves: usize): i32 {
  const words: usize = bits === 32 ? 1 : 4;
  for (let listed = 0; listed < count; listed++) {
    if (top === stack) return listed;
    top -= BRANCH;
    let node = load<u32>(top);
    let depth = load<u32>(top, 4);
    const start = starts + <usize>listed * (words << 2);
    if (words === 1) store<u32>(start, load<u32>(top, 8));
    else v128.store(start, v128.load(top, 8));
    while (node < nodeCount && (words === 1 || node !== ipv4Root)) {
      if (depth >= bits) return TOO_DEEP;
      if (opensLeft-- <= 0) return IN_CIRCLES;
      // The right branch begins where the left one does, but for one bit. The left one is walked now.
      const left = open(node);
      if (words === 1) store<u32>(top, load<u32>(start), 8);
      else v128.store(top, v128.load(start), 8);
      const word = top + 8 + ((depth >>> 5) << 2);
      store<u32>(word, load<u32>(word) | (0x80000000 >>> (depth & 31)));
      depth++;
      store<u32>(top, depth, 4);
      top += BRANCH;
      node = left;
    }
    const isNone = node <= nodeCount || (words === 4 && depth === 96 && (load<u64>(start) | load<u32>(start, 8)) === 0);
    store<u32>(leaves + ((<usize>listed) << 2), isNone ? 0 : node);
  }
  return count;
}

/** Bytes that a slot stands for, as a power of two; few records of a place are smaller. */
const RECORD_SHIFT: u32 = 5;

/** Returns the left record of a node and writes the right one to the top of the stack. */
function open(node: u32): u32 {
  if (recordBits === 28) {
    const at = tree + <usize>node * 7;
    const first = load<u32>(at);
    store<u32>(top, bswap<u32>(load<u32>(at, 3)) & 0x0fffffff);
    return (bswap<u32>(first) >>> 8) | ((first >>> 28) << 24);
  }
  if (recordBits === 24) {
    const at = tree + <usize>node * 6;
    store<u32>(top, bswap<u32>(load<u32>(at, 3)) >>> 8);
    return bswap<u32>(load<u32>(at)) >>> 8;
  }
  const at = tree + ((<usize>node) << 3);
  store<u32>(top, bswap<u32>(load<u32>(at, 4)));
  return bswap<u32>(load<u32>(at));
}

/** The slot of a leaf, or the free one where it belongs. */
function slotOf(leaf: u32): usize {
  const end = slots + ((<usize>mask + 1) << 3);
  const home = isMixed ? mixed(leaf) : (leaf - nodeCount) >>> RECORD_SHIFT;
  let slot = slots + ((<usize>(home & mask)) << 3);
  for (let there = load<u32>(slot); there !== 0 && there !== leaf; there = load<u32>(slot)) {
    taken++;
    slot += 8;
    if (slot === end) slot = slots;
  }
  return slot;
}

function mixed(leaf: u32): u32 {
  let hash = leaf * 0x9e3779b1;
  hash ^= hash >>> 15;
  hash *= 0x85ebca77;
  return hash ^ (hash >>> 13);
}
