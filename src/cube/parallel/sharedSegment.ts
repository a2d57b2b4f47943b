import type { Column } from "../../core/grown.js";
import type { Segment } from "../segment.js";

/** A copy of a segment whose columns lie in one piece of memory that threads share, so that posting it copies nothing. */
export function sharedSegment(segment: Segment): Segment {
  const { latencies, clients, users } = segment;
  const columns: Column[] = [segment.bucket, segment.place, ...segment.codes, segment.count, segment.errors];
  columns.push(segment.clientErrors, segment.denied, segment.bytes, segment.latencyCount);
  columns.push(latencies.start, latencies.words, clients.start, clients.code, clients.count, clients.errors);
  columns.push(users.start, users.low, users.high);
  const memory = new SharedArrayBuffer(columns.reduce((bytes, column) => bytes + aligned(column.byteLength), 0));
  let at = 0;
  const shared = <T extends Column>(column: T): T => {
    const Kind = column.constructor as new (buffer: SharedArrayBuffer, at: number, length: number) => T;
    const copy = new Kind(memory, at, column.length);
    copy.set(column);
    at += aligned(column.byteLength);
    return copy;
  };
  return {
    length: segment.length,
    firstBucket: segment.firstBucket,
    bucket: shared(segment.bucket),
    place: shared(segment.place),
    codes: segment.codes.map(shared),
    count: shared(segment.count),
    errors: shared(segment.errors),
    clientErrors: shared(segment.clientErrors),
    denied: shared(segment.denied),
    bytes: shared(segment.bytes),
    latencyCount: shared(segment.latencyCount),
    latencies: { start: shared(latencies.start), words: shared(latencies.words) },
    clients: {
      start: shared(clients.start),
      code: shared(clients.code),
      count: shared(clients.count),
      errors: shared(clients.errors),
      sketches: clients.sketches,
    },
    users: {
      start: shared(users.start),
      low: shared(users.low),
      high: shared(users.high),
      sketches: users.sketches,
    },
  };
}

const aligned = (bytes: number): number => Math.ceil(bytes / 8) * 8;
