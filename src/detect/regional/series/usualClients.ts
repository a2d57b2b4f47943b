import { DAY_MS, HOUR_MS } from "../../../core/time.js";
import type { Cube } from "../../../cube/cube.js";
import { DistinctSketch } from "../../../stats/distinctSketch.js";

/** Of so many comparable days, one may be out of the ordinary itself. */
const MANY_DAYS = 4;

/** The sun is so far from the clocks: at the edge of a weekend both kinds of day count. */
const UNSURE_MS = 3 * HOUR_MS;

/** A value of a dimension, and the buckets in which nothing came from it. */
interface Silent {
  readonly dimension: number;
  readonly code: number;
  readonly from: number;
  readonly to: number;
}

/**
 * How many distinct clients a source has at the hours of a silence on other days: on the least busy of those of the same
 * kind (working days, weekends), or, of four and more, the second. Requests tell less: few clients that poll make many,
 * and at a morning's edge the mean of an hour is not what comes in its first half. Infinite where no other day is there.
 */
export function usualClients(cube: Cube, bucketCount: number, silent: Silent): number {
  const { from, to } = silent;
  const perDay = Math.max(1, Math.round(DAY_MS / cube.bucketMs));
  const days: { readonly clients: number; readonly sameKind: boolean }[] = [];
  const offsetMs = solarOffsetMs(cube, silent);
  const kindsAt = (bucket: number): readonly boolean[] =>
    [-UNSURE_MS, UNSURE_MS].map((by) => isWeekend(cube.originMs + (bucket + 0.5) * cube.bucketMs + offsetMs + by));
  const kinds = new Set([...kindsAt(from), ...kindsAt(to)]);
  for (let shift = -perDay * Math.floor(from / perDay); to + shift < bucketCount; shift += perDay) {
    if (Math.abs(shift) <= to - from) continue;
    const clients = clientsOf(cube, silent, from + shift, to + shift);
    days.push({ clients, sameKind: kindsAt((from + to) / 2 + shift).some((kind) => kinds.has(kind)) });
  }
  const alike = days.filter(({ sameKind }) => sameKind);
  const counts = (alike.length > 0 ? alike : days).map(({ clients }) => clients).sort((a, b) => a - b);
  return counts[counts.length >= MANY_DAYS ? 1 : 0] ?? Number.POSITIVE_INFINITY;
}

/** 1970 began on a Thursday. @param localMs - milliseconds since then by a place's own time */
function isWeekend(localMs: number): boolean {
  const day = Math.floor(localMs / DAY_MS) % 7;
  return day === 2 || day === 3;
}

/** By how much the sun is ahead of UTC where a source's requests come from. */
function solarOffsetMs({ groups, places }: Cube, { dimension, code }: Silent): number {
  const codes = groups.codes[dimension]!;
  let [east, north] = [0, 0];
  for (let g = 0; g < groups.length; g++) {
    const lon = (places.lon[groups.place[g]!]! * Math.PI) / 180;
    if (codes[g] !== code || Number.isNaN(lon)) continue;
    east += groups.count[g]! * Math.sin(lon);
    north += groups.count[g]! * Math.cos(lon);
  }
  return (Math.atan2(east, north) / (2 * Math.PI)) * DAY_MS;
}

/** Distinct clients of a source in buckets [from, to]. */
function clientsOf(cube: Cube, { dimension, code }: Silent, from: number, to: number): number {
  const { groups } = cube;
  const codes = groups.codes[dimension]!;
  const sketch = new DistinctSketch();
  for (let g = firstGroup(groups.bucket, groups.length, from); g < groups.length && groups.bucket[g]! <= to; g++)
    if (codes[g] === code) cube.clientsInto(g, sketch);
  return sketch.count();
}

/** The first group of a bucket or a later one: groups ascend by bucket. */
function firstGroup(bucket: ArrayLike<number>, length: number, from: number): number {
  let [low, high] = [0, length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (bucket[middle]! < from) low = middle + 1;
    else high = middle;
  }
  return low;
}
