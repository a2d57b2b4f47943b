import type { Allocate, Column } from "../../core/grown.js";
import type { CubeGroups, Segment } from "./segment.js";

/** How many groups, and how many rows of their lists, there is room for. */
export interface SegmentCapacity {
  readonly groups: number;
  /** Words of latencies. */
  readonly words: number;
  readonly clients: number;
  readonly users: number;
}

export const NO_ROOM: SegmentCapacity = { groups: 0, words: 0, clients: 0, users: 0 };

/** The room that some segments, or slices of some, take together. */
export function roomOf(segments: readonly Segment[]): SegmentCapacity {
  const sum = (of: (segment: Segment) => number): number => segments.reduce((total, segment) => total + of(segment), 0);
  return {
    groups: sum((s) => s.length),
    words: sum((s) => s.latencies.words.length),
    clients: sum((s) => s.clients.code.length),
    users: sum((s) => s.users.low.length),
  };
}

/** So many times the room. */
export function scaledRoom(room: SegmentCapacity, factor: number): SegmentCapacity {
  const scaled = (rows: number): number => Math.ceil(factor * rows);
  return {
    groups: scaled(room.groups),
    words: scaled(room.words),
    clients: scaled(room.clients),
    users: scaled(room.users),
  };
}

/** Columns with a row a group, the first of the starts being that of no group. */
export interface GroupRows extends Omit<CubeGroups, "length"> {
  readonly latencyStart: Uint32Array;
  readonly clientStart: Uint32Array;
  readonly userStart: Uint32Array;
}

export interface ClientRows {
  readonly code: Uint32Array;
  readonly count: Uint32Array;
  readonly errors: Uint32Array;
}

export interface UserRows {
  readonly low: Uint32Array;
  readonly high: Uint32Array;
}

/** All columns of a segment, with room for more than they hold. */
export interface SegmentColumns {
  readonly groups: GroupRows;
  readonly words: { readonly latencies: Uint16Array };
  readonly clients: ClientRows;
  readonly users: UserRows;
}

/**
 * Columns of 0 for so many groups and rows of lists, in one piece of memory: small pieces that come and go leave gaps, and
 * a large one goes back to the system as a whole.
 */
export function segmentColumns(dimensions: number, room: SegmentCapacity, allocate: Allocate): SegmentColumns {
  const groupsEnd = groupBytes(dimensions, room.groups);
  const clientsEnd = groupsEnd + 12 * room.clients;
  const usersEnd = clientsEnd + 8 * room.users;
  const memory = allocate(usersEnd + 2 * room.words);
  return {
    groups: groupRows(dimensions, room.groups, memory),
    clients: clientRows(room.clients, memory, groupsEnd),
    users: userRows(room.users, memory, clientsEnd),
    words: { latencies: new Uint16Array(memory, usersEnd, room.words) },
  };
}

/** Columns with more room: those that there was room enough for as they are, the others as copies. */
export function widened(
  columns: SegmentColumns,
  used: SegmentCapacity,
  before: SegmentCapacity,
  room: SegmentCapacity,
  allocate: Allocate,
): SegmentColumns {
  const dimensions = columns.groups.codes.length;
  const wide = <K extends keyof SegmentColumns>(of: K, make: (rows: number) => SegmentColumns[K]): SegmentColumns[K] =>
    room[of] === before[of] ? columns[of] : copiedTo(make(room[of]), columns[of], used[of] + 1);
  return {
    groups: wide("groups", (rows) => groupRows(dimensions, rows, allocate(groupBytes(dimensions, rows)))),
    clients: wide("clients", (rows) => clientRows(rows, allocate(12 * rows), 0)),
    users: wide("users", (rows) => userRows(rows, allocate(8 * rows), 0)),
    words: wide("words", (rows) => ({ latencies: new Uint16Array(allocate(2 * rows)) })),
  };
}

/** Columns after others of the same names were copied into them, up to so many rows. */
function copiedTo<T extends object>(to: T, from: T, rows: number): T {
  const columns = (all: T): Column[] => Object.values(all).flat();
  const wide = columns(to);
  for (const [c, column] of columns(from).entries()) wide[c]!.set(column.subarray(0, rows));
  return to;
}

const groupBytes = (dimensions: number, rows: number): number => (36 + 4 * dimensions) * rows + 12 * (rows + 1);

function groupRows(dimensions: number, rows: number, memory: ArrayBufferLike): GroupRows {
  let at = 8 * rows;
  const column = (length = rows): Uint32Array => {
    at += 4 * length;
    return new Uint32Array(memory, at - 4 * length, length);
  };
  return {
    bytes: new Float64Array(memory, 0, rows),
    bucket: column(),
    place: column(),
    codes: Array.from({ length: dimensions }, () => column()),
    count: column(),
    errors: column(),
    clientErrors: column(),
    denied: column(),
    latencyCount: column(),
    latencyStart: column(rows + 1),
    clientStart: column(rows + 1),
    userStart: column(rows + 1),
  };
}

function clientRows(rows: number, memory: ArrayBufferLike, at: number): ClientRows {
  const column = (c: number): Uint32Array => new Uint32Array(memory, at + 4 * c * rows, rows);
  return { code: column(0), count: column(1), errors: column(2) };
}

function userRows(rows: number, memory: ArrayBufferLike, at: number): UserRows {
  return { low: new Uint32Array(memory, at, rows), high: new Uint32Array(memory, at + 4 * rows, rows) };
}
