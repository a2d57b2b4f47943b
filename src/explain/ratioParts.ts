import {
  type Children,
  childrenOf,
  type Evidence,
  openAttributes,
  type SliceLeaves,
  type Sums,
  sumOf,
} from "./evidence.js";

type Price = (attributes: number, slices: number) => number;

/** Children of one attribute that are tried together, the densest first, at the most. */
const MOST_CHILDREN = 6;
/** What is left without its parts holds so little of the excess … */
const LITTLE_LEFT = 0.05;
/** … or this much, where it gains less than a cause must. */
const LITTLE_LEFT_BY_CHANCE = 0.15;
/** Parts by whatever attributes hold no more of what is expected than this … */
const MOST_EXPECTED = 0.8;
/** … and are so many at the most. */
const MOST_PARTS = 4;

/**
 * Whether a slice of a ratio is told better by parts of it: children of one further attribute, or parts by whatever
 * attributes (one service, and one version of the rest). All of these say what the same events are worth under one null
 * hypothesis, so that their gains may be compared as likelihoods, each less the price of its words.
 */
export function isTakenApart(evidence: Evidence, inside: SliceLeaves, price: Price): boolean {
  return (
    openAttributes(inside).some((a) => isConcentrated(evidence, inside, a, price)) ||
    isUneven(evidence, inside, price) ||
    isCovered(evidence, inside, price)
  );
}

/**
 * One child holds what moved, and the others had chances enough to do so, too, had the slice been the cause: of a version
 * whose requests fail in one service, those of the others went well. That holds however little is known of the usual.
 */
function isUneven(evidence: Evidence, inside: SliceLeaves, price: Price): boolean {
  if (evidence.apart === undefined) return false;
  const whole = sumOf(evidence.columns, inside.leaves);
  const depth = inside.attributes.length;
  const least = depth === 0 ? 0 : evidence.leastGain;
  for (const attribute of openAttributes(inside)) {
    const children = childrenOf(evidence.columns, inside, attribute);
    if (children.length < 2) continue;
    const child = densestFirst(children)[0]!;
    const held = children.sums.map((column) => Float64Array.of(column[child]!));
    const words = price(depth + 1, inside.size * children.length) - price(depth, inside.size);
    const isOne = isAlone(evidence, whole, held) && excessOf(whole) > 0;
    if (isOne && evidence.discounted(evidence.apart(whole, held)) > words + least) return true;
  }
  return false;
}

/** Whether nothing moved beside some parts of a whole. */
function isAlone(evidence: Evidence, whole: Sums, held: Sums): boolean {
  const rest = whole.map((column, c) => Float64Array.of(column[0]! - held[c]![0]!));
  return excessOf(rest) <= LITTLE_LEFT * excessOf(whole) || evidence.gain(rest, 0) < evidence.leastGain;
}

/**
 * A few children are the cause where they are likelier than the whole, by as much as a cause must gain, in units of the noise
 * within them, and nothing moved beside them. Everything together is no cause of its own: any likelihood more will do.
 */
function isConcentrated(evidence: Evidence, inside: SliceLeaves, attribute: number, price: Price): boolean {
  const children = childrenOf(evidence.columns, inside, attribute);
  const { sums, length, childOf } = children;
  if (length < 2) return false;
  const depth = inside.attributes.length;
  const whole = sumOf(evidence.columns, inside.leaves);
  const own = evidence.discounted(evidence.gain(whole, 0));
  const least = depth === 0 ? 0 : evidence.leastGain;
  const order = densestFirst(children);
  const held = sums.map(() => new Float64Array(1));
  for (let k = 0; k < Math.min(length - 1, MOST_CHILDREN); k++) {
    for (const [c, column] of held.entries()) column[0]! += sums[c]![order[k]!]!;
    const words = price(depth + 1, inside.size * length) - price(depth, inside.size) + k * Math.log(length);
    const better = evidence.discounted(evidence.gain(held, 0)) - own;
    if (better <= words + least) continue;
    if (!isAlone(evidence, whole, held)) continue;
    const isHeld = new Uint8Array(length);
    for (const child of order.slice(0, k + 1)) isHeld[child] = 1;
    const leaves = inside.leaves.filter((_, i) => isHeld[childOf[i]!] === 1);
    const closed = k === 0 ? [...(inside.closed ?? []), attribute] : inside.closed;
    const inflation = usualInflation(evidence, { ...inside, leaves, ...(closed && { closed }) });
    if (better > (words + least) * inflation) return true;
  }
  return false;
}

/** Greedy cover: the strongest child of any attribute, then the strongest of what is left … */
function isCovered(evidence: Evidence, inside: SliceLeaves, price: Price): boolean {
  const { columns, leastGain } = evidence;
  const whole = sumOf(columns, inside.leaves);
  const inflation = usualInflation(evidence, inside);
  let gain = -evidence.gain(whole, 0);
  let rest = inside.leaves;
  const left = { excess: 1, expected: 1, gain: Number.POSITIVE_INFINITY };
  const isLittle = (): boolean =>
    left.excess <= LITTLE_LEFT || (left.excess <= LITTLE_LEFT_BY_CHANCE && left.gain < leastGain);
  for (let parts = 0; parts < MOST_PARTS && !isLittle(); parts++) {
    const best = strongestChild(evidence, { ...inside, leaves: rest }, Math.sign(excessOf(whole)));
    if (best === null) return false;
    gain += best.gain - price(1, best.siblings) * inflation;
    rest = rest.filter((_, i) => best.childOf[i] !== best.child);
    const remaining = sumOf(columns, rest);
    left.excess = excessOf(remaining) / excessOf(whole);
    left.expected = remaining[1]![0]! / whole[1]![0]!;
    left.gain = evidence.gain(remaining, 0);
  }
  return isLittle() && left.expected >= 1 - MOST_EXPECTED && gain > 0;
}

/** Noise within a slice: the middle one by attribute, as by the one that tells a cause apart children differ for a reason. */
function usualInflation(evidence: Evidence, inside: SliceLeaves): number {
  const inflations = openAttributes(inside)
    .map((attribute) => childrenOf(evidence.columns, inside, attribute))
    .filter(({ length }) => length > 1)
    .map(({ sums }) => evidence.inflation(sums))
    .sort((a, b) => a - b);
  return inflations[(inflations.length - 1) >> 1] ?? 1;
}

interface Part {
  readonly child: number;
  readonly childOf: Uint32Array;
  readonly siblings: number;
  readonly gain: number;
  readonly score: number;
}

function strongestChild(evidence: Evidence, inside: SliceLeaves, sign: number): Part | null {
  let best: Part | null = null;
  for (const attribute of openAttributes(inside)) {
    const { sums, length, childOf } = childrenOf(evidence.columns, inside, attribute);
    for (let child = 0; length > 1 && child < length; child++) {
      if (sign * (sums[0]![child]! - sums[1]![child]!) <= 0) continue;
      const score = evidence.score(sums, child);
      if (best === null || score > best.score)
        best = { child, childOf, siblings: length, gain: evidence.gain(sums, child), score };
    }
  }
  return best;
}

/** Children by the part of their events that is excess of the slice's direction. */
function densestFirst({ sums, length }: Children): number[] {
  const [events, expected] = sums;
  const total = { events: 0, expected: 0 };
  for (let child = 0; child < length; child++) {
    total.events += events![child]!;
    total.expected += expected![child]!;
  }
  const sign = Math.sign(total.events - total.expected);
  const density = Float64Array.from({ length }, (_, child) => {
    const [seen, usual] = [events![child]!, expected![child]!];
    return (sign * (seen - usual)) / Math.max(seen, usual, Number.MIN_VALUE);
  });
  return Array.from({ length }, (_, child) => child).sort((a, b) => density[b]! - density[a]!);
}

/** Events beyond what is expected, of sums of one slice. */
const excessOf = ([events, expected]: readonly Float64Array[]): number => events![0]! - expected![0]!;
