import type { Allocate, Column } from "../core/grown.js";
import type { ClientSketch } from "./clientStore.js";
import type { Segment } from "./segment.js";
import { mapRoom, roomOf, type SegmentColumns, type SegmentRoom, segmentColumns } from "./segmentRoom.js";

const ownMemory: Allocate = (bytes) => new ArrayBuffer(bytes);

/** A segment at whose end groups are added and taken away, in memory with room for more. */
export class GrowingSegment {
  readonly #dimensions: number;
  #firstBucket: number;
  readonly #allocate: Allocate;
  #length = 0;
  #room: SegmentRoom;
  #columns: SegmentColumns;
  readonly #clientSketches = new Map<number, ClientSketch>();
  readonly #userSketches = new Map<number, Uint8Array>();

  /**
   * @param dimensions - how many there are
   * @param firstBucket - bucket 0, counted from 1970; nothing that is added may be before it
   * @param room - what there is room for at first
   * @param allocate - where memory comes from; default this thread's
   */
  constructor(dimensions: number, firstBucket: number, room: SegmentRoom, allocate: Allocate = ownMemory) {
    this.#dimensions = dimensions;
    this.#firstBucket = firstBucket;
    this.#allocate = allocate;
    this.#room = room;
    this.#columns = segmentColumns(dimensions, room, allocate);
  }

  /** Takes all groups away, to begin with those of another time. */
  begin(firstBucket: number): void {
    this.truncate(0);
    this.#firstBucket = firstBucket;
  }

  /** Adds the groups of a segment, or of a slice of one. */
  append(more: Segment): void {
    const used = this.#used;
    this.#makeRoom(more);
    const columns = this.#columns;
    const { latencies, clients, users } = more;
    const { groups } = used;
    const later = more.firstBucket - this.#firstBucket;
    for (let i = 0; i < more.length; i++) columns.bucket[groups + i] = more.bucket[i]! + later;
    columns.place.set(more.place, groups);
    for (const [d, codes] of columns.codes.entries()) codes.set(more.codes[d]!, groups);
    columns.count.set(more.count, groups);
    columns.errors.set(more.errors, groups);
    columns.clientErrors.set(more.clientErrors, groups);
    columns.denied.set(more.denied, groups);
    columns.bytes.set(more.bytes, groups);
    columns.latencyCount.set(more.latencyCount, groups);
    addStarts(columns.latencyStart, groups, latencies.start);
    columns.latencyWords.set(latencies.words, used.words);
    addStarts(columns.clientStart, groups, clients.start);
    columns.clientCode.set(clients.code, used.clients);
    columns.clientCount.set(clients.count, used.clients);
    columns.clientErrorCount.set(clients.errors, used.clients);
    addStarts(columns.userStart, groups, users.start);
    columns.userLow.set(users.low, used.users);
    columns.userHigh.set(users.high, used.users);
    for (const [group, sketch] of clients.sketches) this.#clientSketches.set(groups + group, sketch);
    for (const [group, sketch] of users.sketches) this.#userSketches.set(groups + group, sketch);
    this.#length = groups + more.length;
  }

  /** Takes all groups but the first `length` away. */
  truncate(length: number): void {
    this.#length = length;
    for (const sketches of [this.#clientSketches, this.#userSketches])
      for (const group of sketches.keys()) if (group >= length) sketches.delete(group);
  }

  /** The groups as they are now: views, which what is added later may overwrite once groups are taken away. */
  view(): Segment {
    const { groups, words, clients, users } = this.#used;
    const columns = this.#columns;
    const rows = <T extends Column>(column: T, length = groups): T => column.subarray(0, length) as T;
    return {
      length: groups,
      firstBucket: this.#firstBucket,
      bucket: rows(columns.bucket),
      place: rows(columns.place),
      codes: columns.codes.map((column) => rows(column)),
      count: rows(columns.count),
      errors: rows(columns.errors),
      clientErrors: rows(columns.clientErrors),
      denied: rows(columns.denied),
      bytes: rows(columns.bytes),
      latencyCount: rows(columns.latencyCount),
      latencies: { start: rows(columns.latencyStart, groups + 1), words: rows(columns.latencyWords, words) },
      clients: {
        start: rows(columns.clientStart, groups + 1),
        code: rows(columns.clientCode, clients),
        count: rows(columns.clientCount, clients),
        errors: rows(columns.clientErrorCount, clients),
        sketches: this.#clientSketches,
      },
      users: {
        start: rows(columns.userStart, groups + 1),
        low: rows(columns.userLow, users),
        high: rows(columns.userHigh, users),
        sketches: this.#userSketches,
      },
    };
  }

  get #used(): SegmentRoom {
    const { latencyStart, clientStart, userStart } = this.#columns;
    const groups = this.#length;
    return { groups, words: latencyStart[groups]!, clients: clientStart[groups]!, users: userStart[groups]! };
  }

  /** Makes twice the room for what there is too little of. */
  #makeRoom(more: Segment): void {
    const used = this.#used;
    const added = roomOf([more]);
    const room = mapRoom(used, (rows, of) => {
      const needed = rows + added[of];
      return needed <= this.#room[of] ? this.#room[of] : Math.max(needed, 2 * this.#room[of]);
    });
    if (room.groups === this.#room.groups && room.words === this.#room.words)
      if (room.clients === this.#room.clients && room.users === this.#room.users) return;
    const before = this.view();
    this.#room = room;
    this.#columns = segmentColumns(this.#dimensions, room, this.#allocate);
    this.#length = 0;
    this.append(before);
  }
}

/** Adds the starts of more lists behind those of the first `groups`. */
function addStarts(column: Uint32Array, groups: number, starts: Uint32Array): void {
  const moved = column[groups]! - starts[0]!;
  for (let i = 1; i < starts.length; i++) column[groups + i] = starts[i]! + moved;
}
