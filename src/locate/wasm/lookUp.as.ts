// memory: shared
// The loops of scalarLookUp.ts as a kernel. Pointers are byte offsets; columns hold 32-bit words unless said otherwise.

let direct: usize = 0;
let lows: usize = 0;
let ids: usize = 0;
let root: usize = 0;
let nodes: usize = 0;
let entries: usize = 0;
let pairPlace: usize = 0;
let pairNetwork: usize = 0;
let plainPairs: i32 = 0;
let othersHavePlaces: bool = false;
let lanes: usize = 0;

/**
 * Says where the columns of the table lie that the other functions read; see CompiledTable.
 *
 * @param othersHavePlaces_ - whether a pair that is not plain has a place
 * @param lanes_ - 256 bytes for {@link listNegative}, aligned to 16
 */
export function use(
  direct_: usize,
  lows_: usize,
  ids_: usize,
  root_: usize,
  nodes_: usize,
  entries_: usize,
  pairPlace_: usize,
  pairNetwork_: usize,
  plainPairs_: i32,
  othersHavePlaces_: bool,
  lanes_: usize,
): void {
  direct = direct_;
  lows = lows_;
  ids = ids_;
  root = root_;
  nodes = nodes_;
  entries = entries_;
  pairPlace = pairPlace_;
  pairNetwork = pairNetwork_;
  plainPairs = plainPairs_;
  othersHavePlaces = othersHavePlaces_;
  lanes = lanes_;
  for (let mask: u32 = 0; mask < 16; mask++) {
    let at = lanes + (mask << 4);
    for (let lane: u32 = 0; lane < 4; lane++) {
      if (((mask >>> lane) & 1) === 0) continue;
      store<u32>(at, lane << 2);
      at += 4;
    }
  }
}

/**
 * Writes the place id and the network id of each address, as if all were IPv4, and returns whether all are. Columns
 * but `families` are read and written up to a multiple of four rows.
 *
 * @param families - a byte a row
 * @param networks - 0 if not wanted
 * @param scratch - a word a row and three more
 */
export function findIpv4s(
  families: usize,
  addresses: usize,
  count: i32,
  places: usize,
  networks: usize,
  scratch: usize,
): bool {
  const size = ((<usize>count + 3) & ~3) << 2;
  readIndex(addresses, size, places);
  const divided = listNegative(places, size, scratch);
  for (let at = scratch; at < divided; at += 4) {
    const offset = load<u32>(at);
    store<u32>(places + offset, inDivided(load<u32>(places + offset) & 0x7fffffff, load<u8>(addresses + offset)));
  }
  split(places, size, networks);
  return areAll(families, count, 4);
}

/** Nothing else happens in this loop: the fewer instructions a row, the more reads are under way at once. */
function readIndex(addresses: usize, size: usize, entries: usize): void {
  const index = direct;
  const mask = i32x4.splat(~3);
  for (let offset: usize = 0; offset < size; offset += 16) {
    const at = v128.and(i32x4.shr_u(v128.load(addresses + offset), 6), mask);
    const entry0 = load<u32>(index + <usize>i32x4.extract_lane(at, 0));
    const entry1 = load<u32>(index + <usize>i32x4.extract_lane(at, 1));
    const entry2 = load<u32>(index + <usize>i32x4.extract_lane(at, 2));
    const entry3 = load<u32>(index + <usize>i32x4.extract_lane(at, 3));
    store<u32>(entries + offset, entry0);
    store<u32>(entries + offset, entry1, 4);
    store<u32>(entries + offset, entry2, 8);
    store<u32>(entries + offset, entry3, 12);
  }
}

/**
 * Lists the offsets of entries that are negative, four at a time: `lanes` has the offsets of the set bits of each
 * mask, and what is written behind them is overwritten by the next. Without branches: no processor could guess them.
 *
 * @returns where the list ends
 */
function listNegative(entries: usize, size: usize, list: usize): usize {
  const offsets = lanes;
  let end = list;
  for (let offset: usize = 0; offset < size; offset += 16) {
    const mask = <u32>i32x4.bitmask(v128.load(entries + offset));
    v128.store(end, i32x4.add(i32x4.splat(<i32>offset), v128.load(offsets + (mask << 4))));
    end += popcnt<u32>(mask) << 2;
  }
  return end;
}

/** The id of the address with the last octet `low` among the ranges of a divided /24. */
function inDivided(first: u32, low: u8): u32 {
  let at = first;
  let begun = begunBy(lows + at + 1, low);
  while (begun === 16) begun = begunBy(lows + (at += 16) + 1, low);
  return load<u32>(ids + ((at + begun) << 2));
}

/** How many of sixteen ranges, the next ones of a /24, begin at or before the last octet `low`. */
function begunBy(next: usize, low: u8): u32 {
  // The next /24 begins at 0, which less 1 is above every octet.
  const earlier = i8x16.lt_u(i8x16.sub(v128.load(next), i8x16.splat(1)), i8x16.splat(low));
  return ctz<u32>(~(<u32>i8x16.bitmask(earlier)));
}

function areAll(bytes: usize, count: i32, wanted: u8): bool {
  const expected = i8x16.splat(wanted);
  let others = i8x16.splat(0);
  const whole = count & ~15;
  for (let i = 0; i < whole; i += 16) others = v128.or(others, v128.xor(v128.load(bytes + i), expected));
  let rest: u32 = 0;
  for (let i = whole; i < count; i++) rest |= load<u8>(bytes + i) ^ wanted;
  return !v128.any_true(others) && rest === 0;
}

/**
 * {@link findIpv4s} for IPv6 addresses of four words each; places are written up to a multiple of four rows.
 *
 * @param scratch - three words a row
 */
export function findIpv6s(addresses: usize, count: i32, places: usize, networks: usize, scratch: usize): void {
  for (let i: usize = 0; i < <usize>count; i++) {
    store<u32>(places + (i << 2), load<u32>(root + ((load<u32>(addresses + (i << 4)) >>> 16) << 2)));
  }
  // Words lie in memory with their last byte first.
  descend(addresses + 1, count, places, scratch);
  descend(addresses, count, places, scratch);
  descend(addresses + 7, count, places, scratch);
  descend(addresses + 6, count, places, scratch);
  for (let i: usize = 0; i < <usize>count; i++) {
    let entry = load<u32>(places + (i << 2));
    if (entry < IS_LIST) continue;
    for (let level: usize = 6; entry >= IS_LIST; level++) {
      const slot = load<u8>(addresses + (i << 4) + (level ^ 3));
      entry = entry >= IS_NODE ? inNode(entry & REST, slot) : inList(entry & REST, slot);
    }
    store<u32>(places + (i << 2), entry);
  }
  split(places, (<usize>count) << 2, networks);
}

const IS_NODE: u32 = 0x80000000;
const IS_LIST: u32 = 0x40000000;
const REST: u32 = 0x3fffffff;

/**
 * One step down for every row that leads to a node; rows that are done look into node 0, which spares branches. First
 * nodes are copied, then entries: while a read waits for memory, little else should wait for it.
 */
function descend(bytes: usize, count: i32, places: usize, scratch: usize): void {
  const bits = scratch;
  const before = scratch + ((<usize>count) << 3);
  for (let i: usize = 0; i < <usize>count; i++) {
    const entry = load<i32>(places + (i << 2));
    const quarter = quarterOf(select<i32>(entry, 0, entry < 0) & REST, load<u8>(bytes + (i << 4)));
    store<u64>(bits + (i << 3), load<u64>(quarter));
    store<u32>(before + (i << 2), load<u32>(quarter + 8));
  }
  for (let i: usize = 0; i < <usize>count; i++) {
    const entry = load<i32>(places + (i << 2));
    const at = entryAt(load<u64>(bits + (i << 3)), load<u32>(before + (i << 2)), load<u8>(bytes + (i << 4)));
    store<u32>(places + (i << 2), select<u32>(load<u32>(at), entry, entry < 0));
  }
}

/** Where the 64 slots of a node lie that a slot is one of. */
function quarterOf(node: u32, slot: u32): usize {
  return nodes + node * 48 + (slot >>> 6) * 12;
}

/** Where the entry of a slot lies, by the bits of its quarter and the number of entries before that. */
function entryAt(bits: u64, before: u32, slot: u32): usize {
  return entries + ((before + <u32>popcnt<u64>(bits << (63 - (slot & 63)))) << 2);
}

function inNode(node: u32, slot: u32): u32 {
  const quarter = quarterOf(node, slot);
  return load<u32>(entryAt(load<u64>(quarter), load<u32>(quarter + 8), slot));
}

function inList(list: u32, slot: u32): u32 {
  const slots = load<u32>(entries + (list << 2));
  const at = list + 1 + u32(slot >= (slots & 511)) + u32(slot >= ((slots >>> 9) & 511)) + u32(slot >= slots >>> 18);
  return load<u32>(entries + (at << 2));
}

/**
 * Replaces pair ids by place ids and writes network ids. Without branches: pairs of no place or with a network come
 * in no order that a processor could guess.
 */
function split(pairs: usize, size: usize, networks: usize): void {
  if (networks !== 0) splitBoth(pairs, size, networks);
  else if (othersHavePlaces) splitPlaces(pairs, size);
  else keepPlain(pairs, size);
}

function splitBoth(pairs: usize, size: usize, networks: usize): void {
  const plain = plainPairs;
  const places = pairPlace;
  const others = pairNetwork;
  for (let offset: usize = 0; offset < size; offset += 4) {
    const pair = load<i32>(pairs + offset);
    const at = (<usize>select<i32>(pair - plain, 0, pair >= plain)) << 2;
    store<i32>(pairs + offset, select<i32>(load<i32>(places + at), pair, pair >= plain));
    store<i32>(networks + offset, select<i32>(load<i32>(others + at), 0, pair >= plain));
  }
}

function splitPlaces(pairs: usize, size: usize): void {
  const plain = plainPairs;
  const places = pairPlace;
  for (let offset: usize = 0; offset < size; offset += 4) {
    const pair = load<i32>(pairs + offset);
    const read = load<i32>(places + ((<usize>select<i32>(pair - plain, 0, pair >= plain)) << 2));
    store<i32>(pairs + offset, select<i32>(read, pair, pair >= plain));
  }
}

/** {@link splitPlaces} where pairs that are not plain have no place; up to a multiple of four rows. */
function keepPlain(pairs: usize, size: usize): void {
  const plain = i32x4.splat(plainPairs);
  for (let offset: usize = 0; offset < size; offset += 16) {
    const four = v128.load(pairs + offset);
    v128.store(pairs + offset, v128.and(four, i32x4.lt_s(four, plain)));
  }
}
