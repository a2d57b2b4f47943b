import { type Ranges4, Ranges4Builder } from "./ranges4.js";
import { type Ranges6, Ranges6Builder } from "./ranges6.js";

/** The id of an address that one source gives id `upper` and another id `lower`, both not 0, which says nothing. */
export type Combine = (upper: number, lower: number) => number;

/** After how many ranges the work pauses. */
const RANGES_A_STEP = 50_000;
/** After how many ranges that are only copied. */
const RANGES_A_COPY = 300_000;

/** Lays one source's ranges over another's, in steps. */
export function* overlay4(upper: Ranges4, lower: Ranges4, combine: Combine): Generator<undefined, Ranges4> {
  if (saysNothing(upper)) return lower;
  if (saysNothing(lower)) return upper;
  const result = new Ranges4Builder(upper.length + lower.length);
  const combined = remembered(combine);
  let u = 0;
  let l = 0;
  for (let start = 0, steps = 1; start < 2 ** 32; steps++) {
    result.push(start, combined(upper.ids[u]!, lower.ids[l]!));
    // Over a stretch of which one source says nothing, the other's ranges are taken as they are.
    if (lower.ids[l] === 0) {
      const next = firstFrom(upper.length, u + 1, (i) => upper.starts[i]! >= startOf(lower, l + 1));
      yield* pushStretch(result, upper, u + 1, next);
      u = next - 1;
    } else if (upper.ids[u] === 0) {
      const next = firstFrom(lower.length, l + 1, (i) => lower.starts[i]! >= startOf(upper, u + 1));
      yield* pushStretch(result, lower, l + 1, next);
      l = next - 1;
    }
    start = Math.min(startOf(upper, u + 1), startOf(lower, l + 1));
    if (startOf(upper, u + 1) === start) u++;
    if (startOf(lower, l + 1) === start) l++;
    if (steps % RANGES_A_STEP === 0) yield;
  }
  return result.ranges();
}

/** {@link overlay4} for IPv6. */
export function* overlay6(upper: Ranges6, lower: Ranges6, combine: Combine): Generator<undefined, Ranges6> {
  if (saysNothing(upper)) return lower;
  if (saysNothing(lower)) return upper;
  const result = new Ranges6Builder(upper.length + lower.length);
  const combined = remembered(combine);
  let u = 0;
  let l = 0;
  let order = 0;
  for (let steps = 1; ; steps++) {
    const { starts } = order <= 0 ? upper : lower;
    const at = 4 * (order <= 0 ? u : l);
    const id = combined(upper.ids[u]!, lower.ids[l]!);
    result.push(starts[at]!, starts[at + 1]!, starts[at + 2]!, starts[at + 3]!, id);
    if (lower.ids[l] === 0) {
      const next = firstFrom(upper.length, u + 1, (i) => compareStarts(upper, i, lower, l + 1) >= 0);
      yield* pushStretch(result, upper, u + 1, next);
      u = next - 1;
    } else if (upper.ids[u] === 0) {
      const next = firstFrom(lower.length, l + 1, (i) => compareStarts(lower, i, upper, u + 1) >= 0);
      yield* pushStretch(result, lower, l + 1, next);
      l = next - 1;
    }
    if (u + 1 >= upper.length && l + 1 >= lower.length) return result.ranges();
    order = compareStarts(upper, u + 1, lower, l + 1);
    if (order <= 0) u++;
    if (order >= 0) l++;
    if (steps % RANGES_A_STEP === 0) yield;
  }
}

/** Takes the ranges [from, to) as they are, in steps. */
function* pushStretch<R>(
  result: { pushAll(ranges: R, from: number, to: number): void },
  ranges: R,
  from: number,
  to: number,
): Generator<undefined, void> {
  for (let at = from; at < to; at += RANGES_A_COPY) {
    result.pushAll(ranges, at, Math.min(at + RANGES_A_COPY, to));
    if (at + RANGES_A_COPY < to) yield;
  }
}

/** Where a range begins; the end of the address space for the one after the last. */
const startOf = ({ starts, length }: Ranges4, i: number): number => (i < length ? starts[i]! : 2 ** 32);

/** The first index in [from, length) that is late enough, which all after it are too; `length` if there is none. */
function firstFrom(length: number, from: number, isLate: (i: number) => boolean): number {
  // Leaps of doubling width, since the answer is mostly near.
  let early = from - 1;
  let late = from;
  for (let leap = 1; late < length && !isLate(late); leap *= 2) {
    early = late;
    late += leap;
  }
  late = Math.min(late, length);
  while (late - early > 1) {
    const middle = (early + late) >>> 1;
    if (isLate(middle)) late = middle;
    else early = middle;
  }
  return late;
}

/** Negative, 0 or positive as range i of `a` begins before, with or after range k of `b`; one after the last begins last. */
function compareStarts(a: Ranges6, i: number, b: Ranges6, k: number): number {
  if (i >= a.length || k >= b.length) return (i >= a.length ? 1 : 0) - (k >= b.length ? 1 : 0);
  for (let w = 0; w < 4; w++) {
    const difference = a.starts[4 * i + w]! - b.starts[4 * k + w]!;
    if (difference !== 0) return difference;
  }
  return 0;
}

const saysNothing = ({ length, ids }: Ranges4 | Ranges6): boolean => length === 1 && ids[0] === 0;

/** Asks once for each pair of ids. */
function remembered(combine: Combine): Combine {
  const known = new Map<number, number>();
  let lastKey = -1;
  let last = 0;
  return (upper, lower) => {
    // What says nothing changes nothing; most of a small source's ranges.
    if (lower === 0) return upper;
    if (upper === 0) return lower;
    // Ids lie below 2^26: a database has at most some millions of records.
    const key = upper * 0x4000000 + lower;
    if (key === lastKey) return last;
    let id = known.get(key);
    if (id === undefined) known.set(key, (id = combine(upper, lower)));
    lastKey = key;
    last = id;
    return id;
  };
}
