import type { Allocate, Column } from "../core/grown.js";
import type { Segment } from "./segment.js";

/** How many groups, and how many rows of their lists, there is room for. */
export interface SegmentRoom {
  readonly groups: number;
  /** Words of latencies. */
  readonly words: number;
  readonly clients: number;
  readonly users: number;
}

export const NO_ROOM: SegmentRoom = { groups: 0, words: 0, clients: 0, users: 0 };

/** The room that some segments, or slices of some, take together. */
export function roomOf(segments: readonly Segment[]): SegmentRoom {
  const sum = (of: (segment: Segment) => number): number => segments.reduce((total, segment) => total + of(segment), 0);
  return {
    groups: sum((s) => s.length),
    words: sum((s) => s.latencies.words.length),
    clients: sum((s) => s.clients.code.length),
    users: sum((s) => s.users.low.length),
  };
}

export function mapRoom(room: SegmentRoom, to: (rows: number, of: keyof SegmentRoom) => number): SegmentRoom {
  return {
    groups: to(room.groups, "groups"),
    words: to(room.words, "words"),
    clients: to(room.clients, "clients"),
    users: to(room.users, "users"),
  };
}

/** All columns of a segment, some rows longer than what they hold. */
export interface SegmentColumns {
  readonly bucket: Uint32Array;
  readonly place: Uint32Array;
  readonly codes: readonly Uint32Array[];
  readonly count: Uint32Array;
  readonly errors: Uint32Array;
  readonly clientErrors: Uint32Array;
  readonly denied: Uint32Array;
  readonly bytes: Float64Array;
  readonly latencyCount: Uint32Array;
  readonly latencyStart: Uint32Array;
  readonly latencyWords: Uint16Array;
  readonly clientStart: Uint32Array;
  readonly clientCode: Uint32Array;
  readonly clientCount: Uint32Array;
  readonly clientErrorCount: Uint32Array;
  readonly userStart: Uint32Array;
  readonly userLow: Uint32Array;
  readonly userHigh: Uint32Array;
}

/**
 * Columns of so many rows, all 0, in one piece of memory: a collection of garbage begins with every few megabytes of new
 * pieces, and a large piece goes back to the system as a whole.
 */
export function segmentColumns(dimensions: number, room: SegmentRoom, allocate: Allocate): SegmentColumns {
  const { groups, words, clients, users } = room;
  const starts = groups + 1;
  const longs = (7 + dimensions) * groups + 3 * starts + 3 * clients + 2 * users;
  const memory = allocate(8 * groups + 4 * longs + 2 * words);
  let at = 0;
  const column = <T extends Column>(Kind: ColumnKind<T>, length: number): T => {
    const made = new Kind(memory, at, length);
    at += made.byteLength;
    return made;
  };
  const bytes = column(Float64Array, groups);
  const long = (length: number): Uint32Array => column(Uint32Array, length);
  return {
    bytes,
    bucket: long(groups),
    place: long(groups),
    codes: Array.from({ length: dimensions }, () => long(groups)),
    count: long(groups),
    errors: long(groups),
    clientErrors: long(groups),
    denied: long(groups),
    latencyCount: long(groups),
    latencyStart: long(starts),
    clientStart: long(starts),
    clientCode: long(clients),
    clientCount: long(clients),
    clientErrorCount: long(clients),
    userStart: long(starts),
    userLow: long(users),
    userHigh: long(users),
    latencyWords: column(Uint16Array, words),
  };
}

type ColumnKind<T> = new (memory: ArrayBufferLike, at: number, length: number) => T;
