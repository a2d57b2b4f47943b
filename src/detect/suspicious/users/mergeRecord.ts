import * as R from "./userRecord.js";

interface Place {
  readonly location: number;
  seen: number;
  state: number;
  address: number;
  /** The slot it had in each of the two records, or -1. */
  readonly from: [mine: number, theirs: number];
}

/**
 * Joins the record at `from[at]` into the one at `into[to]`, which is of the same user (or empty but for its key).
 *
 * @param spotOf - the location in the receiving table of each location of the other
 * @param countryOf - likewise for country codes
 */
export function mergeRecord(
  into: Uint32Array,
  to: number,
  from: Uint32Array,
  at: number,
  spotOf: Uint32Array,
  countryOf: Uint8Array,
): void {
  const first = [into[to + R.FIRST_SEEN]!, from[at + R.FIRST_SEEN]!].filter((s) => s > 0);
  into[to + R.FIRST_SEEN] = first.length > 0 ? Math.min(...first) : 0;
  for (const word of [R.LAST_SEEN, R.LAST_UNLOCATED]) into[to + word] = Math.max(into[to + word]!, from[at + word]!);
  into[to + R.EVENTS] = Math.min(0xffffffff, into[to + R.EVENTS]! + from[at + R.EVENTS]!);
  into[to + R.CLASSES]! |= from[at + R.CLASSES]! & 0x7fffffff;
  joinBytes(into, to + R.COUNTRIES, from, at + R.COUNTRIES, countryOf);
  for (const word of [R.REGIONS, R.NETWORKS, R.DEVICES]) joinHalves(into, to + word, from, at + word);
  joinPlaces(into, to, from, at, spotOf);
}

function joinBytes(into: Uint32Array, to: number, from: Uint32Array, at: number, codeOf: Uint8Array): void {
  for (let k = 0; k < 8; k++) {
    const theirs = (from[at + (k >> 2)]! >>> (8 * (k & 3))) & 255;
    if (theirs !== 0) R.addByte(into, to, codeOf[theirs]!);
  }
}

function joinHalves(into: Uint32Array, to: number, from: Uint32Array, at: number): void {
  for (let k = 0; k < 4; k++) {
    const theirs = (from[at + (k >> 1)]! >>> (16 * (k & 1))) & 0xffff;
    if (theirs !== 0) R.addHalf(into, to, theirs);
  }
}

/** Keeps the four places of both that are worth most, with the hops between them. */
function joinPlaces(into: Uint32Array, to: number, from: Uint32Array, at: number, spotOf: Uint32Array): void {
  const places = new Map<number, Place>();
  for (let k = 0; k < R.SLOT_COUNT; k++) {
    addPlace(places, into, to, k, (location) => location, 0);
    addPlace(places, from, at, k, (location) => spotOf[location]!, 1);
  }
  const kept = [...places.values()]
    .sort((a, b) => worth(b) - worth(a) || a.location - b.location)
    .slice(0, R.SLOT_COUNT);
  const [mine, theirs] = [into[to + R.PAIRS]!, from[at + R.PAIRS]!];
  let pairs = 0;
  kept.forEach((a, i) => {
    kept.slice(i + 1).forEach((b, rest) => {
      const hops = hopsOf(mine, a.from[0], b.from[0]) + hopsOf(theirs, a.from[1], b.from[1]);
      pairs |= Math.min(15, hops) << R.pairShift(i, i + 1 + rest);
    });
  });
  into[to + R.PAIRS] = pairs;
  into.fill(0, to + R.SLOTS, to + R.SLOTS + R.SLOT_COUNT * R.SLOT_WORDS);
  kept.forEach((p, k) => {
    into.set([p.location, p.seen, p.state, p.address], to + R.SLOTS + k * R.SLOT_WORDS);
  });
}

function addPlace(
  places: Map<number, Place>,
  block: Uint32Array,
  at: number,
  k: number,
  spotOf: (location: number) => number,
  side: 0 | 1,
): void {
  const slot = at + R.SLOTS + k * R.SLOT_WORDS;
  if (block[slot] === 0) return;
  const location = spotOf(block[slot]!);
  const [seen, state, address] = [
    block[slot + R.SLOT_SEEN]!,
    block[slot + R.SLOT_STATE]!,
    block[slot + R.SLOT_ADDRESS]!,
  ];
  const known = places.get(location);
  if (known === undefined) {
    places.set(location, { location, seen, state, address, from: side === 0 ? [k, -1] : [-1, k] });
    return;
  }
  known.from[side] = k;
  const isLater = seen > known.seen || (seen === known.seen && address > known.address);
  const later = isLater ? state : known.state;
  const hopped = R.slotFlags(state) & R.slotFlags(known.state) & R.FLAG_HOPPED;
  const flags = hopped | (R.slotFlags(later) & R.FLAG_NO_IPV4);
  if (isLater) known.address = address;
  known.state = R.slotState(
    R.slotEvents(state) + R.slotEvents(known.state),
    R.slotDays(state) + R.slotDays(known.state),
    R.slotClass(later),
    flags,
  );
  known.seen = Math.max(known.seen, seen);
}

const worth = (p: Place): number => p.seen + 2 * 86_400 * R.slotDays(p.state);
const hopsOf = (pairs: number, a: number, b: number): number => (a < 0 || b < 0 ? 0 : R.pairHops(pairs, a, b));
