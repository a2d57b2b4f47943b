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
 * Leaves and their ids alternately; leaf 0 is a free slot, because no leaf is. Records that lie side by side in the
 * file have slots that do, since neighbouring networks have neighbouring records; or slots all over the table.
 */
let slots: usize = 0;
let mask: u32 = 0;
let isMixed: bool = false;
let known: u32 = 0;
/** Instead of an id: which of the leaves that appear for the first time it is. Ids lie below. */
const PENDING: u32 = 0x80000000;
/** The id of no record. */
let none: u32 = 0;
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

/** How many leaves have appeared. */
export function knownLeaves(): u32 {
  return known;
}

/** Begins a walk of 32 or 128 bits at a node or leaf. */
export function begin(bits_: u32, root: u32, ipv4Root_: u32, none_: u32): void {
  bits = bits_;
  ipv4Root = ipv4Root_;
  none = none_;
  memory.fill(stack, 0, BRANCH);
  store<u32>(stack, root);
  top = stack + BRANCH;
}

/**
 * Lists the next networks in address order. There must be slots for twice as many leaves as may be known then.
 *
 * @param count - how many networks at most
 * @param starts - receives the first address of each: one word in a walk of 32 bits, four in one of 128
 * @param ids - receives the id of each, for {@link settle} to complete
 * @param leaves - receives the leaves that appear for the first time
 * @param freshSlots - receives the slot of each of them
 * @returns how many networks it listed, fewer than `count` at the end only; or what is wrong with the tree
 */
export function advance(count: i32, starts: usize, ids: usize, leaves: usize, freshSlots: usize): i32 {
  const listed = list(count, starts, ids);
  // A loop of its own: reads of slots, far apart, do not wait for the walk, nor for each other.
  let fresh: u32 = 0;
  for (let at = ids; at < ids + ((<usize>max(listed, 0)) << 2); at += 4) {
    const leaf = load<u32>(at);
    if (leaf === 0) {
      store<u32>(at, none);
      continue;
    }
    const slot = slotOf(leaf);
    if (load<u32>(slot) === 0) {
      store<u32>(slot, leaf);
      store<u32>(slot, PENDING | fresh, 4);
      store<u32>(leaves + ((<usize>fresh) << 2), leaf);
      store<u32>(freshSlots + ((<usize>fresh) << 2), <u32>slot);
      fresh++;
    }
    store<u32>(at, load<u32>(slot, 4));
  }
  known += fresh;
  return listed;
}

/**
 * Completes the ids of networks that {@link advance} listed, and makes one range of neighbours that have the same.
 *
 * @param freshIds - the ids of the leaves that appeared for the first time, as many as `fresh`
 * @returns how many ranges there are, whose starts and ids are then the first ones
 */
export function settle(count: i32, starts: usize, ids: usize, freshSlots: usize, freshIds: usize, fresh: i32): i32 {
  for (let i: usize = 0; i < <usize>fresh; i++) {
    store<u32>(<usize>load<u32>(freshSlots + (i << 2)), load<u32>(freshIds + (i << 2)), 4);
  }
  let last: u32 = PENDING;
  let kept: usize = 0;
  for (let i: usize = 0; i < <usize>count; i++) {
    let id = load<u32>(ids + (i << 2));
    if ((id & PENDING) !== 0) id = load<u32>(freshIds + ((<usize>(id ^ PENDING)) << 2));
    // Without a branch: what is not kept is overwritten.
    store<u32>(ids + (kept << 2), id);
    if (bits === 32) store<u32>(starts + (kept << 2), load<u32>(starts + (i << 2)));
    else v128.store(starts + (kept << 4), v128.load(starts + (i << 4)));
    kept += <usize>(id !== last);
    last = id;
  }
  return <i32>kept;
}

/** {@link advance} with leaves instead of ids. */
function list(count: i32, starts: usize, leaves: usize): i32 {
  if (bits === 128) return list128(count, starts, leaves);
  if (recordBits === 28) return list32<Size28>(count, starts, leaves);
  return recordBits === 24 ? list32<Size24>(count, starts, leaves) : list32<Size32>(count, starts, leaves);
}

/** {@link list} through 32 bits, in locals, because a global is in memory. */
function list32<Size>(count: i32, starts: usize, leaves: usize): i32 {
  const nodes = nodeCount;
  const bottom = stack;
  let branch = top;
  let opens = opensLeft;
  let listed = 0;
  while (listed < count && branch !== bottom) {
    branch -= BRANCH;
    let node = load<u32>(branch);
    let depth = load<u32>(branch, 4);
    const start = load<u32>(branch, 8);
    while (node < nodes) {
      if (depth >= 32) return TOO_DEEP;
      if (opens-- <= 0) return IN_CIRCLES;
      // The right branch begins where the left one does, but for one bit. The left one is walked now.
      store<u32>(branch, rightOf<Size>(node));
      store<u32>(branch, depth + 1, 4);
      store<u32>(branch, start | (0x80000000 >>> depth), 8);
      branch += BRANCH;
      node = leftOf<Size>(node);
      depth++;
    }
    const at = (<usize>listed) << 2;
    store<u32>(starts + at, start);
    store<u32>(leaves + at, node === nodes ? 0 : node);
    listed++;
  }
  top = branch;
  opensLeft = opens;
  return listed;
}

/** {@link list} through 128 bits. */
function list128(count: i32, starts: usize, leaves: usize): i32 {
  for (let listed = 0; listed < count; listed++) {
    if (top === stack) return listed;
    top -= BRANCH;
    let node = load<u32>(top);
    let depth = load<u32>(top, 4);
    const start = v128.load(top, 8);
    const begin = starts + ((<usize>listed) << 4);
    while (node < nodeCount && node !== ipv4Root) {
      if (depth >= 128) return TOO_DEEP;
      if (opensLeft-- <= 0) return IN_CIRCLES;
      const left = open(node);
      v128.store(top, start, 8);
      const word = top + 8 + ((depth >>> 5) << 2);
      store<u32>(word, load<u32>(word) | (0x80000000 >>> (depth & 31)));
      depth++;
      store<u32>(top, depth, 4);
      top += BRANCH;
      node = left;
    }
    v128.store(begin, start);
    const isNone = node <= nodeCount || (depth === 96 && (load<u64>(begin) | load<u32>(begin, 8)) === 0);
    store<u32>(leaves + ((<usize>listed) << 2), isNone ? 0 : node);
  }
  return count;
}

/** Returns the left record of a node and writes the right one to the top of the stack. */
function open(node: u32): u32 {
  if (recordBits === 28) {
    store<u32>(top, rightOf<Size28>(node));
    return leftOf<Size28>(node);
  }
  if (recordBits === 24) {
    store<u32>(top, rightOf<Size24>(node));
    return leftOf<Size24>(node);
  }
  store<u32>(top, rightOf<Size32>(node));
  return leftOf<Size32>(node);
}

/** Sizes of records, as types of which functions are compiled for each. */
type Size24 = u8;
type Size28 = u16;
type Size32 = u32;

/** The left record of a node. */
function leftOf<Size>(node: u32): u32 {
  if (sizeof<Size>() === 2) {
    const first = load<u32>(tree + <usize>node * 7);
    return (bswap<u32>(first) >>> 8) | ((first >>> 28) << 24);
  }
  return sizeof<Size>() === 1
    ? bswap<u32>(load<u32>(tree + <usize>node * 6)) >>> 8
    : bswap<u32>(load<u32>(tree + ((<usize>node) << 3)));
}

/** The right record of a node. */
function rightOf<Size>(node: u32): u32 {
  if (sizeof<Size>() === 2) return bswap<u32>(load<u32>(tree + <usize>node * 7, 3)) & 0x0fffffff;
  return sizeof<Size>() === 1
    ? bswap<u32>(load<u32>(tree + <usize>node * 6, 3)) >>> 8
    : bswap<u32>(load<u32>(tree + ((<usize>node) << 3), 4));
}

/** Bytes that a slot stands for, as a power of two; few records of a place are smaller. */
const RECORD_SHIFT: u32 = 5;

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
