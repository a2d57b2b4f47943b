// memory: shared
// The plain loops of assembleTable6.ts as a kernel, which takes the nodes of a level in pieces. Pointers are byte offsets;
// `low` is of 16 bits, `high` of 16 or 8.

/** See table6.ts. */
const IS_NODE: u32 = 0x80000000;
const IS_LIST: u32 = 0x40000000;
const NODE_BYTES: usize = 48;
const LISTED: u32 = 4;
const SLOT_BITS: u32 = 9;

let entries: usize = 0;
/** Where the next node and the next entry of the level go. */
let node: usize = 0;
let to: usize = 0;
/** Whether nodes of few entries are lists: in the level, and in the one below. */
let haveLists: bool = false;
let childrenHaveLists: bool = false;
/** Where the next node and the next entry of the level below are, by their numbers. */
let childNode: u32 = 0;
let childEntry: u32 = 0;

/** Begins a level. Nodes and entries are numbers; all bits of its nodes are 0. */
export function use(
  nodes: usize,
  entries_: usize,
  firstNode: u32,
  firstEntry: u32,
  haveLists_: bool,
  childNode_: u32,
  childEntry_: u32,
  childrenHaveLists_: bool,
): void {
  entries = entries_;
  node = nodes + <usize>firstNode * NODE_BYTES;
  to = entries_ + ((<usize>firstEntry) << 2);
  haveLists = haveLists_;
  childNode = childNode_;
  childEntry = childEntry_;
  childrenHaveLists = childrenHaveLists_;
}

/**
 * Fills the next nodes of the level. They are trusted: each begins at slot 0, and slots ascend within it.
 *
 * @param counts - a byte a node: the number of its entries, less 1
 * @param children - the same for the nodes of the level below, from the first to which these lead
 * @returns to how many of those they led
 */
export function fill(
  counts: usize,
  size: i32,
  slots: usize,
  low: usize,
  high: usize,
  isWide: bool,
  children: usize,
): i32 {
  return isWide
    ? fillOf<u16>(counts, size, slots, low, high, children)
    : fillOf<u8>(counts, size, slots, low, high, children);
}

function fillOf<High>(counts: usize, size: i32, slots: usize, low: usize, high: usize, children: usize): i32 {
  let next = to;
  let child = children;
  let belowNode = childNode;
  let belowEntry = childEntry;
  let from: usize = 0;
  for (let k: usize = 0; k < <usize>size; k++) {
    const count = <u32>load<u8>(counts + k);
    const end = from + <usize>count + 1;
    if (haveLists && count < LISTED) {
      store<u32>(next, listSlots(slots + from, count));
      next += 4;
    } else {
      fillNode(slots + from, count + 1, <u32>((next - entries) >>> 2) - 1);
    }
    for (let i = from; i < end; i++) {
      let entry = <u32>load<u16>(low + (i << 1)) | ((<u32>load<High>(high + i * sizeof<High>())) << 16);
      if (entry !== 0) entry--;
      else {
        const below = <u32>load<u8>(child++);
        entry = childrenHaveLists && below < LISTED ? IS_LIST + belowEntry++ : IS_NODE + belowNode++;
        belowEntry += below + 1;
      }
      store<u32>(next, entry);
      next += 4;
    }
    from = end;
  }
  to = next;
  childNode = belowNode;
  childEntry = belowEntry;
  return <i32>(child - children);
}

/** Marks where entries begin, and counts those before each quarter from `before` on. */
function fillNode(slots: usize, count: u32, before: u32): void {
  const first = node;
  let quarter: u32 = 0;
  store<u32>(first, before, 8);
  for (let i: u32 = 0; i < count; i++) {
    const slot = <u32>load<u8>(slots + <usize>i);
    while (quarter < slot >>> 6) {
      quarter++;
      store<u32>(first + <usize>quarter * 12, before + i, 8);
    }
    const word = first + <usize>(slot >>> 6) * 12 + ((<usize>((slot >>> 5) & 1)) << 2);
    store<u32>(word, load<u32>(word) | (1 << (slot & 31)));
  }
  while (quarter < 3) {
    quarter++;
    store<u32>(first + <usize>quarter * 12, before + count, 8);
  }
  node = first + NODE_BYTES;
}

/** The slots of a list's entries but the first, of which there are `count`. */
function listSlots(slots: usize, count: u32): u32 {
  let word: u32 = 0;
  for (let i: u32 = 1; i < LISTED; i++) {
    const slot: u32 = i <= count ? <u32>load<u8>(slots + <usize>i) : 256;
    word |= slot << (SLOT_BITS * (i - 1));
  }
  return word;
}
