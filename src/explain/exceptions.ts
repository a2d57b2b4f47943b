import { type Children, childrenOf, type Evidence, openAttributes, type SliceLeaves, type Sums } from "./evidence.js";

/** Values of one attribute that a slice is told without: all of Europe except Germany. */
export interface Exceptions {
  readonly attribute: number;
  /** Codes of the values. */
  readonly codes: readonly number[];
  /** The slice's leaves without theirs. */
  readonly leaves: Uint32Array;
  /** What naming them costs, in nats. */
  readonly price: number;
}

/** At most this part of a slice's children may be exceptions. */
const MOST_EXCEPTED = 1 / 3;
/** What is left out gains at least this part: less is no news to a reader. */
const LEAST_PART = 0.02;
/** So many of the others must have moved by what they say themselves. */
const FEWEST_MOVED = 2;

/**
 * The few values of one further attribute without which a slice moves more as one, each worth the words that name it; null
 * where there are none. A value that did not move at all gains by going, one that moved half as far as the others does not.
 */
export function exceptionsOf(
  evidence: Evidence,
  inside: SliceLeaves,
  pricePerException: (values: number) => number,
): Exceptions | null {
  let best: { exceptions: Exceptions; worth: number } | null = null;
  for (const attribute of openAttributes(inside)) {
    const children = childrenOf(evidence.columns, inside, attribute);
    const price = pricePerException(children.length);
    const { excepted, worth } = leftOut(evidence, children.sums, price, Math.floor(MOST_EXCEPTED * children.length));
    if (excepted.length === 0 || (best !== null && worth <= best.worth)) continue;
    // Named one by one, what moved would be the shorter list.
    if (movedBesides(evidence, children, excepted, price) < Math.max(FEWEST_MOVED, excepted.length + 1)) continue;
    const codes = inside.table.codes[attribute]!;
    const leaves = inside.leaves.filter((_, i) => !excepted.includes(children.childOf[i]!));
    const codeOf = (child: number): number => codes[inside.leaves[children.childOf.indexOf(child)]!]!;
    best = { worth, exceptions: { attribute, codes: excepted.map(codeOf), leaves, price: price * excepted.length } };
  }
  return best?.exceptions ?? null;
}

/** How many children besides exceptions are worth their price by themselves. */
function movedBesides(evidence: Evidence, { sums, length }: Children, excepted: readonly number[], price: number) {
  let moved = 0;
  for (let child = 0; child < length; child++)
    if (!excepted.includes(child) && evidence.gain(sums, child) > price) moved++;
  return moved;
}

/** Children that are worth leaving out, one after the other, and what is gained by it beyond its price. */
function leftOut(evidence: Evidence, children: Sums, price: number, most: number) {
  const inflation = most > 0 ? evidence.inflation(children) : 1;
  const excepted: number[] = [];
  let rest = children.map((column) => column.reduce((sum, value) => sum + value, 0));
  let gain = evidence.gain(
    rest.map((value) => Float64Array.of(value)),
    0,
  );
  let worth = 0;
  while (excepted.length < most) {
    const without = children.map((column, c) => column.map((value) => rest[c]! - value));
    let next = -1;
    let nextGain = gain;
    for (let child = 0; child < children[0]!.length; child++) {
      const gainWithout = evidence.gain(without, child);
      if (gainWithout > nextGain && !excepted.includes(child)) [next, nextGain] = [child, gainWithout];
    }
    if (next < 0) break;
    // What did not move at all is an exception however differently the others moved.
    const isStill = evidence.gain(children, next) < evidence.leastGain;
    const improved = (nextGain - gain) / (isStill ? 1 : inflation) - price;
    if (improved <= 0 || nextGain - gain < LEAST_PART * gain) break;
    excepted.push(next);
    worth += improved;
    gain = nextGain;
    rest = without.map((column) => column[next]!);
  }
  return { excepted, worth };
}
