import type { Segment } from "./segment.js";

/**
 * Groups [from, to) of a segment, as views of its columns. Lists still begin where they did in the segment, not at 0, unless
 * it is the whole of it: fit for `concatSegments` only.
 */
export function segmentSlice(segment: Segment, from: number, to: number): Segment {
  if (from === 0 && to === segment.length) return segment;
  const { latencies, clients, users } = segment;
  const rows = <T extends Uint32Array | Float64Array>(column: T): T => column.subarray(from, to) as T;
  const lists = <T extends Uint16Array | Uint32Array>({ start }: { readonly start: Uint32Array }, column: T): T =>
    column.subarray(start[from]!, start[to]!) as T;
  const start = ({ start }: { readonly start: Uint32Array }): Uint32Array => start.subarray(from, to + 1);
  return {
    length: to - from,
    firstBucket: segment.firstBucket,
    bucket: rows(segment.bucket),
    place: rows(segment.place),
    codes: segment.codes.map(rows),
    count: rows(segment.count),
    errors: rows(segment.errors),
    clientErrors: rows(segment.clientErrors),
    denied: rows(segment.denied),
    bytes: rows(segment.bytes),
    latencyCount: rows(segment.latencyCount),
    latencies: { start: start(latencies), words: lists(latencies, latencies.words) },
    clients: {
      start: start(clients),
      code: lists(clients, clients.code),
      count: lists(clients, clients.count),
      errors: lists(clients, clients.errors),
      sketches: within(clients.sketches, from, to),
    },
    users: {
      start: start(users),
      low: lists(users, users.low),
      high: lists(users, users.high),
      sketches: within(users.sketches, from, to),
    },
  };
}

function within<T>(sketches: ReadonlyMap<number, T>, from: number, to: number): ReadonlyMap<number, T> {
  const found = new Map<number, T>();
  for (const [group, sketch] of sketches) if (group >= from && group < to) found.set(group - from, sketch);
  return found;
}
