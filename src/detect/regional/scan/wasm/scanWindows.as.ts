// The loops of WindowSums, ScanStatistic and Dispersion over sites and zones as a kernel. Pointers are byte offsets; columns of
// sums have 8 bytes a value, rows of buckets 4.

/** Kinds of evidence, as in scanKernel.ts. */
const DROP: i32 = 0;
const LATENCY: i32 = 2;
/** Variance classes, as in dispersion.ts. */
const CLASSES: usize = 26;
const CAP_SQUARED: f64 = 16;
const FORGET: f64 = 0.9995;

/** What is asked of a zone: see `staysBelow`, `matters` and ScanStatistic. */
let kind: i32 = 0;
let minimum: f64 = 0;
let ratio: f64 = 0;

/** Chooses the kind of evidence, the least count that is judged, and the ratio of observed to expected that matters. */
export function begin(kind_: i32, minimum_: f64, ratio_: f64): void {
  kind = kind_;
  minimum = minimum_;
  ratio = ratio_;
}

/** Adds the newest of a window's buckets to its sums and takes away the one that falls out; `length` is a multiple of 4. */
export function advance(sums: usize, newest: usize, oldest: usize, length: i32): void {
  const end = newest + ((<usize>length) << 2);
  for (; newest < end; newest += 16, oldest += 16, sums += 32) {
    const added = v128.load(newest);
    const gone = v128.load(oldest);
    v128.store(sums, moved(v128.load(sums), added, gone));
    v128.store(sums, moved(v128.load(sums, 16), upper(added), upper(gone)), 16);
  }
}

/** @inline */
function moved(sum: v128, added: v128, gone: v128): v128 {
  return f64x2.sub(f64x2.add(sum, f64x2.promote_low_f32x4(added)), f64x2.promote_low_f32x4(gone));
}

/** @inline */
function upper(four: v128): v128 {
  return i32x4.shuffle(four, four, 2, 3, 2, 3);
}

/**
 * Sums a window by zone: pairs of observed and expected.
 *
 * @param zone - offsets into `out` of the zones of each site, `width` a site
 */
export function sumZones(observed: usize, expected: usize, sites: i32, zone: usize, width: i32, out: usize): void {
  const end = expected + ((<usize>sites) << 3);
  const row = (<usize>width) << 2;
  for (; expected < end; expected += 8, observed += 8, zone += row) {
    const m = load<f64>(expected);
    if (m <= 0) continue;
    const pair = f64x2.replace_lane(f64x2.splat(load<f64>(observed)), 1, m);
    const last = zone + row;
    for (let at = zone; at < last; at += 4) {
      const sum = out + <usize>load<u32>(at);
      v128.store(sum, f64x2.add(v128.load(sum), pair));
    }
  }
}

/** Writes the numbers of the zones that may depart by more than a level and matter; returns how many there are. */
export function zonesAbove(pairs: usize, count: i32, level: f64, out: usize): i32 {
  const square = level * level;
  const begin = out;
  for (let z = 0; z < count; z++, pairs += 16) {
    const o = load<f64>(pairs);
    const e = load<f64>(pairs, 8);
    if (staysBelow(o, e, square) || !counts(o, e)) continue;
    store<i32>(out, z);
    out += 4;
  }
  return <i32>((out - begin) >> 2);
}

/** Writes the sites around which a circle may depart by more than `least`; returns how many there are. */
export function discsAbove(
  observed: usize,
  expected: usize,
  sites: i32,
  starts: usize,
  site: usize,
  starting: f64,
  growing: f64,
  first: i32,
  least: f64,
  out: usize,
): i32 {
  const square = starting * starting;
  const growingSquare = growing * growing;
  const leastSquare = least * least;
  const begin = out;
  for (let p = 0; p < sites; p++) {
    const e = load<f64>(expected + ((<usize>p) << 3));
    if (e <= 0) continue;
    const o = load<f64>(observed + ((<usize>p) << 3));
    if (staysBelow(o, e, square) || !matters(o, e)) continue;
    const list = starts + ((<usize>p) << 2);
    const from = site + ((<usize>load<u32>(list)) << 2);
    const to = site + ((<usize>load<u32>(list, 4)) << 2);
    if (!grows(observed, expected, from, to, (<usize>first) << 2, growingSquare, leastSquare)) continue;
    store<i32>(out, p);
    out += 4;
  }
  return <i32>((out - begin) >> 2);
}

/** Whether one of the circles of some neighbours may depart by `least`: beyond the first few only if these may by `growing`. */
function grows(observed: usize, expected: usize, from: usize, to: usize, first: usize, growing: f64, least: f64): bool {
  let o: f64 = 0;
  let e: f64 = 0;
  let end = min(to, from + first);
  let square = growing;
  for (let at = from; at < end; at += 4) {
    const s = (<usize>load<u32>(at)) << 3;
    const m = load<f64>(expected + s);
    if (m <= 0) continue;
    o += load<f64>(observed + s);
    e += m;
    if (staysBelow(o, e, square) || !counts(o, e)) continue;
    end = to;
    square = least;
    if (!staysBelow(o, e, least)) return true;
  }
  return false;
}

/**
 * As `staysBelow` of evidence.ts.
 *
 * @inline
 */
function staysBelow(o: f64, e: f64, square: f64): bool {
  if (kind === DROP) {
    const beyond = e - o - 0.25 * square;
    return beyond <= 0 || beyond * beyond <= square * (o + 0.375);
  }
  if (kind === LATENCY) return o <= 0 || o * o <= square * e;
  const excess = o - e;
  return excess <= 0 || 2 * excess * excess <= square * e;
}

/**
 * As `matters` of evidence.ts.
 *
 * @inline
 */
function matters(o: f64, e: f64): bool {
  return kind === DROP ? o <= ratio * e : o >= ratio * e;
}

/** @inline */
function counts(o: f64, e: f64): bool {
  return (kind === DROP || kind === LATENCY ? e : o) >= minimum && matters(o, e);
}

/** Takes a window's sums by zone into what is known of each class of expectations: see `Dispersion`. */
export function learn(pairs: usize, count: i32, squares: usize, windows: usize, factors: usize): void {
  for (let k: usize = 0; k < CLASSES << 3; k += 8) {
    store<f64>(squares + k, load<f64>(squares + k) * FORGET);
    store<f64>(windows + k, load<f64>(windows + k) * FORGET);
  }
  for (let z = 0; z < count; z++, pairs += 16) {
    const e = load<f64>(pairs, 8);
    if (!(e >= 0.125)) continue;
    const o = load<f64>(pairs);
    const k = min<usize>(CLASSES - 1, 31 - <usize>clz<u32>(<u32>min<f64>(8 * e, 2147483648))) << 3;
    const cap = CAP_SQUARED * load<f64>(factors + k) + CAP_SQUARED / e;
    const residual = kind === LATENCY ? o : o - e;
    let square = residual * residual;
    if (kind === DROP) square = residual < 0 ? 2 * residual * residual : 0;
    store<f64>(squares + k, load<f64>(squares + k) + min(cap, square / e));
    store<f64>(windows + k, load<f64>(windows + k) + 1);
  }
}
