import { type Ranges4, Ranges4Builder } from "./ranges4.js";
import { type Ranges6, Ranges6Builder } from "./ranges6.js";

/** The id of an address that one source gives id `upper` and another id `lower`, both not 0, which says nothing. */
export type Combine = (upper: number, lower: number) => number;

/** After how many ranges the work pauses. */
const RANGES_A_STEP = 50_000;

/** Lays one source's ranges over another's, in steps. */
export function* overlay4(upper: Ranges4, lower: Ranges4, combine: Combine): Generator<undefined, Ranges4> {
  if (saysNothing(upper)) return lower;
  if (saysNothing(lower)) return upper;
  const result = new Ranges4Builder(upper.length + lower.length);
  const combined = remembered(combine);
  let u = 0;
  let l = 0;
  let steps = 0;
  for (let start = 0; ; ) {
    result.push(start, combined(upper.ids[u]!, lower.ids[l]!));
    const nextUpper = u + 1 < upper.length ? upper.starts[u + 1]! : Number.POSITIVE_INFINITY;
    const nextLower = l + 1 < lower.length ? lower.starts[l + 1]! : Number.POSITIVE_INFINITY;
    start = Math.min(nextUpper, nextLower);
    if (start === Number.POSITIVE_INFINITY) return result.ranges();
    if (nextUpper === start) u++;
    if (nextLower === start) l++;
    if (++steps % RANGES_A_STEP === 0) yield;
  }
}

/** {@link overlay4} for IPv6. */
export function* overlay6(upper: Ranges6, lower: Ranges6, combine: Combine): Generator<undefined, Ranges6> {
  if (saysNothing(upper)) return lower;
  if (saysNothing(lower)) return upper;
  const result = new Ranges6Builder(upper.length + lower.length);
  const combined = remembered(combine);
  let u = 0;
  let l = 0;
  let steps = 0;
  for (let from = upper, at = 0; ; ) {
    const { starts } = from;
    const id = combined(upper.ids[u]!, lower.ids[l]!);
    result.push(starts[at]!, starts[at + 1]!, starts[at + 2]!, starts[at + 3]!, id);
    const moreUpper = u + 1 < upper.length;
    const moreLower = l + 1 < lower.length;
    if (!moreUpper && !moreLower) return result.ranges();
    const order = !moreUpper ? 1 : !moreLower ? -1 : compareStarts(upper, u + 1, lower, l + 1);
    if (order <= 0) u++;
    if (order >= 0) l++;
    from = order <= 0 ? upper : lower;
    at = 4 * (order <= 0 ? u : l);
    if (++steps % RANGES_A_STEP === 0) yield;
  }
}

/** Negative, 0 or positive as range i of `a` begins before, with or after range k of `b`. */
function compareStarts(a: Ranges6, i: number, b: Ranges6, k: number): number {
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
