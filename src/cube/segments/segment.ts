import { type ClientStore, NO_CLIENTS } from "../measures/clientStore.js";
import { type DistinctUsers, NO_USERS } from "../measures/distinctUsers.js";
import { type LatencyStore, NO_LATENCIES } from "../measures/latencyStore.js";

/** What a group is: one bucket, one place, one value of each dimension. */
export interface GroupKeys {
  /** Bucket number; that of the segment's or cube's first bucket is 0. */
  readonly bucket: Uint32Array;
  /** Rows of the cube's places. */
  readonly place: Uint32Array;
  /** One column a dimension, codes of its dictionary. */
  readonly codes: readonly Uint32Array[];
}

/** The groups that occur, each once, ascending by bucket, place and codes: one row each in columns of `length` rows. */
export interface CubeGroups extends GroupKeys {
  readonly length: number;
  readonly count: Uint32Array;
  /** Requests whose status is an error by the cube's rule. */
  readonly errors: Uint32Array;
  /** Requests with a status from 400 to 499. */
  readonly clientErrors: Uint32Array;
  /** Requests with status 401, 403 or 429; they are among `clientErrors` too. */
  readonly denied: Uint32Array;
  /** Sum of the known response sizes. */
  readonly bytes: Float64Array;
  /** Requests whose latency is known. */
  readonly latencyCount: Uint32Array;
}

/** A finished piece of a cube. */
export interface Segment extends CubeGroups {
  /** Bucket 0 of `bucket`, counted from 1970. */
  readonly firstBucket: number;
  readonly latencies: LatencyStore;
  readonly clients: ClientStore;
  readonly users: DistinctUsers;
}

/** A segment that a cube is to take. */
export interface AddedSegment {
  readonly segment: Segment;
  /** Whether its memory is written to again afterwards. Default false. */
  readonly isBorrowed?: boolean;
}

/** Events that were summed elsewhere; without a segment if none of them is within the cube's window. */
export type SummedEvents = { readonly outside: number } & (
  | { readonly segment: null }
  | (AddedSegment & { readonly firstTimeMs: number; readonly lastTimeMs: number })
);

/** A segment without groups. */
export function emptySegment(dimensions: number): Segment {
  const none = new Uint32Array(0);
  return {
    length: 0,
    firstBucket: 0,
    bucket: none,
    place: none,
    codes: Array.from({ length: dimensions }, () => none),
    count: none,
    errors: none,
    clientErrors: none,
    denied: none,
    bytes: new Float64Array(0),
    latencyCount: none,
    latencies: NO_LATENCIES,
    clients: NO_CLIENTS,
    users: NO_USERS,
  };
}

/** One more than the last bucket of groups in any order. */
export function bucketSpan({ bucket }: GroupKeys): number {
  let last = -1;
  for (let g = 0; g < bucket.length; g++) if (bucket[g]! > last) last = bucket[g]!;
  return last + 1;
}

/** Bytes that the columns of a segment take. */
export function segmentBytes(segment: Segment): number {
  const { latencies, clients, users } = segment;
  const perGroup = 4 * (7 + segment.codes.length) + 8 + 12;
  return (
    perGroup * segment.length +
    latencies.words.byteLength +
    12 * clients.code.length +
    8 * users.low.length +
    32_768 * (clients.sketches.size + users.sketches.size)
  );
}
