// The loops of LatencyWriter, ClientWriter and UserWriter over records as a kernel. Pointers are byte offsets.
//
// Records of `stride` words lie group by group, those of group g from starts[g] to starts[g + 1]. Each function writes the
// lists of groups one behind the other, and for each group where its list ends, `base` added.

const NO_BIN: u32 = 0xffff;
const ALWAYS_LIST: usize = 32;
const EXACT_DISTINCT: u32 = 4096;
const SLOTS: u32 = 4 * EXACT_DISTINCT;
const RECORD_ERROR: u32 = 0x10000;
const HASH: u32 = 0x9e3779b1;

/**
 * Writes latencies, of 16 bits a word, and how many each group has; returns where the last word ends.
 *
 * @param histogram - 0 for each bin, and again afterwards
 */
export function latencies(
  records: usize,
  stride: i32,
  starts: usize,
  groups: i32,
  base: u32,
  words: usize,
  ends: usize,
  counts: usize,
  histogram: usize,
): usize {
  const step = (<usize>stride) << 2;
  const last = starts + ((<usize>groups) << 2);
  let out = words;
  let at = records;
  for (let group = starts; group < last; group += 4, ends += 4, counts += 4) {
    const begin = out;
    const end = records + <usize>load<u32>(group, 4) * step;
    for (; at < end; at += step) {
      const bin = <u32>load<u16>(at);
      store<u16>(out, bin);
      out += (<usize>u32(bin !== NO_BIN)) << 1;
    }
    const count = (out - begin) >> 1;
    store<u32>(counts, <u32>count);
    if (count > ALWAYS_LIST) out = condensed(begin, out, histogram);
    store<u32>(ends, base + <u32>((out - words) >> 1));
  }
  return out;
}

/** Makes pairs of a list where that is shorter; returns where it then ends. */
function condensed(begin: usize, end: usize, histogram: usize): usize {
  const enough = <u32>(((end - begin) >> 1) + 2) / 3;
  let found: u32 = 0;
  let low: u32 = NO_BIN;
  let high: u32 = 0;
  let at = begin;
  for (; at < end && found < enough; at += 2) {
    const bin = <u32>load<u16>(at);
    const counter = histogram + ((<usize>bin) << 2);
    const count = load<u32>(counter);
    store<u32>(counter, count + 1);
    found += u32(count === 0);
    low = min(low, bin);
    high = max(high, bin);
  }
  if (found >= enough) {
    for (let k = begin; k < at; k += 2) store<u32>(histogram + ((<usize>load<u16>(k)) << 2), 0);
    return end;
  }
  let out = begin;
  for (let bin = low; bin <= high; bin++) {
    const counter = histogram + ((<usize>bin) << 2);
    const count = load<u32>(counter);
    if (count === 0) continue;
    store<u32>(counter, 0);
    store<u16>(out, bin);
    store<u16>(out, count, 2);
    store<u16>(out, count >>> 16, 4);
    out += 6;
  }
  return out;
}

/** What is in a slot of the table counts only if it is above what this was when the group at hand began. */
let stamp: u32 = 0;

/** Makes sure that stamps for so many rows are to be had. */
function restamp(slots: usize, rows: u32): void {
  if (stamp < 0x7fffffff - rows) return;
  memory.fill(slots, 0, SLOTS << 2);
  stamp = 0;
}

/**
 * Writes the clients of groups from `from` on, until one that has more records than clients are kept; returns that group,
 * or `groups`.
 *
 * @param slots - SLOTS words, kept from call to call
 */
export function clients(
  records: usize,
  stride: i32,
  client: i32,
  starts: usize,
  from: i32,
  groups: i32,
  base: u32,
  codes: usize,
  counts: usize,
  errors: usize,
  ends: usize,
  slots: usize,
): i32 {
  const step = (<usize>stride) << 2;
  const word = (<usize>client) << 2;
  let row: usize = 0;
  let at = records + <usize>load<u32>(starts + ((<usize>from) << 2)) * step;
  for (let g = from; g < groups; g++) {
    const start = starts + ((<usize>g) << 2);
    const rows = load<u32>(start, 4) - load<u32>(start);
    if (rows > EXACT_DISTINCT) return g;
    restamp(slots, rows);
    const mask = min<u32>(<u32>-1 >>> clz<u32>(4 * rows), SLOTS - 1);
    const begun = stamp;
    const begin = row;
    const end = at + <usize>rows * step;
    for (; at < end; at += step) {
      const code = load<u32>(at + word);
      if (code === 0) continue;
      const failed = (load<u32>(at) & RECORD_ERROR) >>> 16;
      let slot = ((code * HASH) >>> 7) & mask;
      let entry = load<u32>(slots + ((<usize>slot) << 2));
      // All 1 if there is none. Whether a client is new is anybody's guess, and the processor's would be wrong every other
      // time: so no branch depends on that alone.
      let isNew = <i32>(entry - begun - 1) >> 31;
      let met = (row & isNew) | ((begin + ((entry - begun - 1) << 2)) & ~isNew);
      while ((isNew === 0) & (load<u32>(codes + met) !== code)) {
        slot = (slot + 1) & mask;
        entry = load<u32>(slots + ((<usize>slot) << 2));
        isNew = <i32>(entry - begun - 1) >> 31;
        met = (row & isNew) | ((begin + ((entry - begun - 1) << 2)) & ~isNew);
      }
      store<u32>(codes + met, code);
      store<u32>(counts + met, (load<u32>(counts + met) & ~isNew) + 1);
      store<u32>(errors + met, (load<u32>(errors + met) & ~isNew) + failed);
      stamp -= isNew;
      row -= isNew << 2;
      store<u32>(slots + ((<usize>slot) << 2), begun + 1 + ((met - begin) >> 2));
    }
    store<u32>(ends + ((<usize>g) << 2), base + <u32>(row >> 2));
  }
  return groups;
}

/** {@link clients} for users, whose hashes are in words `user` and `user` + 1. */
export function users(
  records: usize,
  stride: i32,
  user: i32,
  starts: usize,
  from: i32,
  groups: i32,
  base: u32,
  lows: usize,
  highs: usize,
  ends: usize,
  slots: usize,
): i32 {
  const step = (<usize>stride) << 2;
  const word = (<usize>user) << 2;
  let row: usize = 0;
  let at = records + <usize>load<u32>(starts + ((<usize>from) << 2)) * step;
  for (let g = from; g < groups; g++) {
    const start = starts + ((<usize>g) << 2);
    const rows = load<u32>(start, 4) - load<u32>(start);
    if (rows > EXACT_DISTINCT) return g;
    restamp(slots, rows);
    const mask = min<u32>(<u32>-1 >>> clz<u32>(4 * rows), SLOTS - 1);
    const begun = stamp;
    const begin = row;
    const end = at + <usize>rows * step;
    for (; at < end; at += step) {
      const low = load<u32>(at + word);
      const high = load<u32>(at + word, 4);
      if ((low | high) === 0) continue;
      let slot = low & mask;
      let entry = load<u32>(slots + ((<usize>slot) << 2));
      let met = begin + ((<usize>(entry - begun - 1)) << 2);
      while (entry > begun && (load<u32>(lows + met) !== low || load<u32>(highs + met) !== high)) {
        slot = (slot + 1) & mask;
        entry = load<u32>(slots + ((<usize>slot) << 2));
        met = begin + ((<usize>(entry - begun - 1)) << 2);
      }
      if (entry > begun) continue;
      store<u32>(lows + row, low);
      store<u32>(highs + row, high);
      row += 4;
      store<u32>(slots + ((<usize>slot) << 2), ++stamp);
    }
    store<u32>(ends + ((<usize>g) << 2), base + <u32>(row >> 2));
  }
  return groups;
}
