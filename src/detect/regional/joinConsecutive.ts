import type { CountOutage, PlaceOutage } from "./countOutage.js";

/** Outages that follow each other within so many buckets, at mostly the same places, are one. */
const LULL_BUCKETS = 3;
const SAME_PLACES = 0.5;

/** Joins outages that were told in pieces: one of many places that recovers slowly is told anew while it lasts. */
export function joinConsecutive(outages: readonly CountOutage[], bucketMs: number): CountOutage[] {
  const joined: CountOutage[] = [];
  for (const outage of outages) {
    const at = joined.findIndex((before) => isContinued(before, outage, bucketMs));
    if (at < 0) joined.push(outage);
    else joined[at] = join(joined[at]!, outage);
  }
  return joined;
}

function isContinued(before: CountOutage, after: CountOutage, bucketMs: number): boolean {
  const endMs = before.endMs ?? Number.POSITIVE_INFINITY;
  if (after.startMs > endMs + LULL_BUCKETS * bucketMs) return false;
  const both = after.places.filter((p) => before.places.includes(p)).length;
  return both >= SAME_PLACES * Math.min(before.places.length, after.places.length);
}

function join(a: CountOutage, b: CountOutage): CountOutage {
  const parts = new Map<number, PlaceOutage>(a.parts.map((part) => [part.place, part]));
  for (const part of b.parts) {
    const known = parts.get(part.place);
    parts.set(part.place, known === undefined ? part : joinParts(known, part));
  }
  const all = [...parts.values()].sort((x, y) => x.place - y.place);
  return {
    places: all.map((part) => part.place),
    parts: all,
    startMs: Math.min(a.startMs, b.startMs),
    endMs: later(a.endMs, b.endMs),
    detectedAtMs: Math.min(a.detectedAtMs, b.detectedAtMs),
    observed: all.reduce((sum, part) => sum + part.observed, 0),
    expected: all.reduce((sum, part) => sum + part.expected, 0),
  };
}

/** The place's stretches as one; where they overlap, the longer speaks for both. */
function joinParts(a: PlaceOutage, b: PlaceOutage): PlaceOutage {
  const overlap =
    b.startMs < (a.endMs ?? Number.POSITIVE_INFINITY) && a.startMs < (b.endMs ?? Number.POSITIVE_INFINITY);
  const sums = overlap ? (a.expected >= b.expected ? a : b) : null;
  return {
    place: a.place,
    startMs: Math.min(a.startMs, b.startMs),
    endMs: later(a.endMs, b.endMs),
    observed: sums?.observed ?? a.observed + b.observed,
    expected: sums?.expected ?? a.expected + b.expected,
  };
}

const later = (a: number | null, b: number | null): number | null => (a === null || b === null ? null : Math.max(a, b));
