// The reading of records of mmdb/recordReader.ts as a kernel, for maps whose keys are pointers that were read before. What it
// cannot read or does not like it leaves to the reader, which says what is wrong. Pointers are byte offsets.

/** Types of values, as in mmdb/mmdbValue.ts. */
const POINTER: u32 = 1;
const STRING: u32 = 2;
const DOUBLE: u32 = 3;
const UINT16: u32 = 5;
const UINT32: u32 = 6;
const MAP: u32 = 7;
const INT32: u32 = 8;
const UINT64: u32 = 9;
const UINT128: u32 = 10;
const ARRAY: u32 = 11;
const BOOLEAN: u32 = 14;
const FLOAT: u32 = 15;

/** What a record may be made of: deeper or larger ones are left to the reader. */
const MAX_DEPTH: u32 = 16;
const MAX_VALUES: i32 = 2000;

/** Where the file is, and its data section within it. */
let file: usize = 0;
let base: usize = 0;
let end: usize = 0;
/** Of each step its field or -1, its rank, whether there are steps below it, and the step of an array's first entry. */
let steps: usize = 0;
/** Of each step a table of keys: their pointers as they stand in the file, and the step each leads to. */
let keys: usize = 0;
const KEY_BITS: u32 = 6;
const KEYS_MASK: u32 = (1 << KEY_BITS) - 1;
/** Of each field a column of where its texts begin, then of their sizes; of each field a column of numbers. */
let texts: usize = 0;
let numbers: usize = 0;
let rows: usize = 0;
/** Of each field a column of where values lie that are pointed at, 0 for none, which {@link follow} looks at. */
let targets: usize = 0;
/** Of each row whether some field of it was set twice, 1 if so. */
let contested: usize = 0;
/** The rank with which each field was set, by field. */
let ranks: usize = 0;
const NO_RANK: u32 = 255;

/** The row that is read, and how many values it may still have. */
let row: usize = 0;
let valuesLeft: i32 = 0;

/** The value that {@link head} looked at: its type, its size, its payload, and where the next one begins. */
let type: u32 = 0;
let size: u32 = 0;
let payload: usize = 0;
let next: usize = 0;

/**
 * Says where everything lies. There are 4 bytes of anything behind the data.
 *
 * @param rows_ - length of the columns
 */
export function use(
  file_: usize,
  base_: usize,
  end_: usize,
  steps_: usize,
  keys_: usize,
  texts_: usize,
  numbers_: usize,
  rows_: usize,
  targets_: usize,
  contested_: usize,
  ranks_: usize,
): void {
  file = file_;
  base = base_;
  end = end_;
  steps = steps_;
  keys = keys_;
  texts = texts_;
  numbers = numbers_;
  rows = rows_;
  targets = targets_;
  contested = contested_;
  ranks = ranks_;
}

/**
 * Reads records to rows of columns, which are clear, but for what is pointed at.
 *
 * @param starts - where each record begins in the file, for rows from 0 on
 * @param from - the first row to read
 * @param to - the row at which to end
 * @returns the first row that is left to the reader, whose columns may hold anything; `to` if there is none
 */
export function read(starts: usize, from: i32, to: i32): i32 {
  for (let i = from; i < to; i++) {
    row = <usize>i;
    valuesLeft = MAX_VALUES;
    v128.store(ranks, i8x16.splat(-1));
    v128.store(ranks, i8x16.splat(-1), 16);
    store<u8>(contested + row, 0);
    if (!record(file + <usize>load<u32>(starts + (row << 2)))) return i;
  }
  return to;
}

/**
 * Reads a field's values that are pointed at: a loop of its own, because they lie far apart, and waiting for one is not to
 * keep the next one waiting.
 *
 * @param failed - receives the rows that are left to the reader, whose columns may hold anything
 * @returns how many those are
 */
export function follow(field: i32, to: i32, failed: usize): i32 {
  let failures = 0;
  const column = targets + ((<usize>field * rows) << 2);
  for (let i = 0; i < to; i++) {
    const target = load<u32>(column + ((<usize>i) << 2));
    if (target === 0) continue;
    row = <usize>i;
    const isThere = head(<usize>target) && type !== POINTER && type !== MAP && type !== ARRAY;
    // An empty text does not count, and what else there was is forgotten.
    const isEmpty = type === STRING && size === 0;
    if (isThere && (isEmpty ? load<u8>(contested + row) === 0 : write(field))) continue;
    store<u32>(failed + ((<usize>failures) << 2), i);
    failures++;
  }
  return failures;
}

function record(at: usize): bool {
  if (!head(at)) return false;
  if (type === POINTER && (!head(payload) || type === POINTER)) return false;
  return type !== MAP || map(payload, size, 0, 0) !== 0;
}

/** Reads a map's entries and returns where the next value begins; 0 where the kernel gives up. */
function map(first: usize, entries: u32, step: u32, depth: u32): usize {
  let at = first;
  for (let left = entries; left > 0; left--) {
    if (at + 4 > end || valuesLeft-- <= 0) return 0;
    const word = load<u32>(at);
    const bytes = ((word >>> 3) & 3) + 2;
    if (((word >>> 5) & 7) !== POINTER || bytes > 4) return 0;
    const below = stepOf(step, word & (0xffffffff >>> (32 - (bytes << 3))));
    if (below < 0) return 0;
    at += <usize>bytes;
    at = below === 0 ? skip(at, 0) : take(at, <u32>below, depth + 1);
    if (at === 0) return 0;
  }
  return at;
}

/** The step that a key leads to, 0 for none; -1 for a key that was never read. */
function stepOf(step: u32, word: u32): i32 {
  const table = keys + ((<usize>step) << (KEY_BITS + 3));
  let slot = (word * 0x9e3779b1) >>> (32 - KEY_BITS);
  let there = load<u32>(table + ((<usize>slot) << 3));
  // One slot at least is free.
  while (there !== word && there !== 0) {
    slot = (slot + 1) & KEYS_MASK;
    there = load<u32>(table + ((<usize>slot) << 3));
  }
  return there === 0 ? -1 : load<i32>(table + ((<usize>slot) << 3), 4);
}

/** Takes the fields of a value and returns where the next one begins; 0 where the kernel gives up. */
function take(at: usize, step: u32, depth: u32): usize {
  if (depth > MAX_DEPTH || !head(at)) return 0;
  const about = steps + ((<usize>step) << 4);
  const field = load<i32>(about);
  let after: usize = 0;
  if (type === POINTER) {
    after = next;
    if (load<i32>(about, 8) === 0) {
      if (field >= 0 && claims(field, load<u8>(about, 4))) {
        store<u32>(targets + ((<usize>field * rows + row) << 2), <u32>payload);
      }
      return after;
    }
    if (!head(payload) || type === POINTER) return 0;
  }
  if (type === MAP) {
    if (load<i32>(about, 8) === 0) return after !== 0 ? after : skip(at, 0);
    const to = map(payload, size, step, depth);
    return to !== 0 && after !== 0 ? after : to;
  }
  if (type === ARRAY) {
    const first = load<u32>(about, 12);
    if (size > 0 && first !== 0 && take(payload, first, depth + 1) === 0) return 0;
    return after !== 0 ? after : skip(at, 0);
  }
  const to = after !== 0 ? after : next;
  if (field < 0 || (type === STRING && size === 0) || !claims(field, load<u8>(about, 4))) return to;
  store<u32>(targets + ((<usize>field * rows + row) << 2), 0);
  return write(field) ? to : 0;
}

/** Whether nothing of the same or a lower rank is in the row's field already; it has this rank then. */
function claims(field: i32, rank: u32): bool {
  const ranked = ranks + <usize>field;
  const before = load<u8>(ranked);
  if (before !== NO_RANK) store<u8>(contested + row, 1);
  if (before <= rank) return false;
  store<u8>(ranked, rank);
  return true;
}

/** Writes the value to its field's columns. */
function write(field: i32): bool {
  const text = texts + ((<usize>field * 2 * rows + row) << 2);
  const value = numbers + ((<usize>field * rows + row) << 3);
  if (type === STRING) {
    store<u32>(text, <u32>(payload - file));
    store<u32>(text + (rows << 2), size);
    store<f64>(value, NaN);
    return true;
  }
  store<u32>(text, 0);
  store<u32>(text + (rows << 2), 0);
  return number(value);
}

/** Writes the value as a number, NaN if it is none. */
function number(to: usize): bool {
  if (type === DOUBLE || type === FLOAT) {
    if (size !== (type === DOUBLE ? 8 : 4)) return false;
    if (size === 8) store<u64>(to, bswap<u64>(load<u64>(payload)));
    else store<f64>(to, <f64>reinterpret<f32>(bswap<u32>(load<u32>(payload))));
    return true;
  }
  if (type === BOOLEAN) {
    store<f64>(to, <f64>size);
    return true;
  }
  const isInteger = type === UINT16 || type === UINT32 || type === INT32 || type === UINT64 || type === UINT128;
  if (isInteger && size > (type === UINT128 ? 16 : type === UINT64 ? 8 : type === UINT16 ? 2 : 4)) return false;
  let value: f64 = isInteger ? 0 : NaN;
  if (isInteger) for (let at = payload; at < next; at++) value = value * 256 + <f64>load<u8>(at);
  store<f64>(to, type === INT32 && size === 4 ? <f64>(<i32>bswap<u32>(load<u32>(payload))) : value);
  return true;
}

/** Returns where the value after this one begins, without following pointers; 0 where the kernel gives up. */
function skip(at: usize, depth: u32): usize {
  if (depth > MAX_DEPTH || valuesLeft-- <= 0 || !head(at)) return 0;
  if (type !== MAP && type !== ARRAY) return next;
  let to = payload;
  for (let left = type === MAP ? size << 1 : size; left > 0 && to !== 0; left--) to = skip(to, depth + 1);
  return to;
}

/** Looks at a value, or at the pointer to one; returns whether it lies within the data. */
function head(at: usize): bool {
  if (at < base || at >= end) return false;
  const control = <u32>load<u8>(at);
  let to = at + 1;
  let kind = control >>> 5;
  if (kind === POINTER) return pointer(control, to);
  if (kind === 0) {
    if (to >= end) return false;
    kind = <u32>load<u8>(to++) + 7;
    if (kind < INT32 || kind > FLOAT || kind === 12 || kind === 13) return false;
  }
  let length = control & 31;
  if (length >= 29) {
    const extra = length - 28;
    if (to + <usize>extra > end) return false;
    const more = bswap<u32>(load<u32>(to)) >>> (32 - (extra << 3));
    length = more + (length === 29 ? 29 : length === 30 ? 285 : 65821);
    to += <usize>extra;
  }
  type = kind;
  size = length;
  payload = to;
  next = kind === BOOLEAN ? to : to + <usize>length;
  // Each entry takes at least one byte.
  return kind === MAP || kind === ARRAY ? <usize>length <= end - to : next <= end;
}

function pointer(control: u32, at: usize): bool {
  const bytes = ((control >>> 3) & 3) + 1;
  if (at + <usize>bytes > end) return false;
  const word = bswap<u32>(load<u32>(at));
  const high = control & 7;
  let target: u32 = word;
  if (bytes === 1) target = (high << 8) | (word >>> 24);
  else if (bytes === 2) target = ((high << 16) | (word >>> 16)) + 2048;
  else if (bytes === 3) target = ((high << 24) | (word >>> 8)) + 526336;
  if (<usize>target >= end - base) return false;
  type = POINTER;
  payload = base + <usize>target;
  next = at + <usize>bytes;
  return true;
}
