import type { Allocate, Column } from "../../core/grown.js";
import type { ClientSketch } from "../measures/clientStore.js";
import type { Segment } from "./segment.js";
import { roomOf, type SegmentCapacity, type SegmentColumns, segmentColumns, widened } from "./segmentCapacity.js";

const ownMemory: Allocate = (bytes) => new ArrayBuffer(bytes);

/** A segment at whose end groups are added and taken away, in memory with room for more. */
export class SegmentBuffer {
  #firstBucket: number;
  readonly #allocate: Allocate;
  #length = 0;
  #room: SegmentCapacity;
  #columns: SegmentColumns;
  readonly #clientSketches = new Map<number, ClientSketch>();
  readonly #userSketches = new Map<number, Uint8Array>();

  /**
   * @param dimensions - how many there are
   * @param firstBucket - bucket 0, counted from 1970; nothing that is added may be before it
   * @param room - what there is room for at first
   * @param allocate - where memory comes from; default this thread's
   */
  constructor(dimensions: number, firstBucket: number, room: SegmentCapacity, allocate: Allocate = ownMemory) {
    this.#firstBucket = firstBucket;
    this.#allocate = allocate;
    this.#room = room;
    this.#columns = segmentColumns(dimensions, room, allocate);
  }

  /** How many dimensions it has columns for. */
  get dimensions(): number {
    return this.#columns.groups.codes.length;
  }

  /** Takes all groups away, to begin with those of another time. */
  begin(firstBucket: number): void {
    this.truncate(0);
    this.#firstBucket = firstBucket;
  }

  /** Adds the groups of a segment, or of a slice of one. */
  append(more: Segment): void {
    const used = this.#used;
    this.#makeRoom(used, more);
    const { groups, words, clients, users } = this.#columns;
    const at = used.groups;
    const later = more.firstBucket - this.#firstBucket;
    for (let i = 0; i < more.length; i++) groups.bucket[at + i] = more.bucket[i]! + later;
    groups.place.set(more.place, at);
    for (const [d, codes] of groups.codes.entries()) codes.set(more.codes[d]!, at);
    groups.count.set(more.count, at);
    groups.errors.set(more.errors, at);
    groups.clientErrors.set(more.clientErrors, at);
    groups.denied.set(more.denied, at);
    groups.bytes.set(more.bytes, at);
    groups.latencyCount.set(more.latencyCount, at);
    addStarts(groups.latencyStart, at, more.latencies.start);
    addStarts(groups.clientStart, at, more.clients.start);
    addStarts(groups.userStart, at, more.users.start);
    words.latencies.set(more.latencies.words, used.words);
    clients.code.set(more.clients.code, used.clients);
    clients.count.set(more.clients.count, used.clients);
    clients.errors.set(more.clients.errors, used.clients);
    users.low.set(more.users.low, used.users);
    users.high.set(more.users.high, used.users);
    for (const [group, sketch] of more.clients.sketches) this.#clientSketches.set(at + group, sketch);
    for (const [group, sketch] of more.users.sketches) this.#userSketches.set(at + group, sketch);
    this.#length = at + more.length;
  }

  /** Takes all groups but the first `length` away. */
  truncate(length: number): void {
    this.#length = length;
    for (const sketches of [this.#clientSketches, this.#userSketches])
      for (const group of sketches.keys()) if (group >= length) sketches.delete(group);
  }

  /** The groups as they are now: views, which what is added later may overwrite once groups are taken away. */
  view(): Segment {
    const { groups, words, clients, users } = this.#columns;
    const used = this.#used;
    const rows = <T extends Column>(column: T, length = used.groups): T => column.subarray(0, length) as T;
    const starts = (column: Uint32Array): Uint32Array => rows(column, used.groups + 1);
    return {
      length: used.groups,
      firstBucket: this.#firstBucket,
      bucket: rows(groups.bucket),
      place: rows(groups.place),
      codes: groups.codes.map((column) => rows(column)),
      count: rows(groups.count),
      errors: rows(groups.errors),
      clientErrors: rows(groups.clientErrors),
      denied: rows(groups.denied),
      bytes: rows(groups.bytes),
      latencyCount: rows(groups.latencyCount),
      latencies: { start: starts(groups.latencyStart), words: rows(words.latencies, used.words) },
      clients: {
        start: starts(groups.clientStart),
        code: rows(clients.code, used.clients),
        count: rows(clients.count, used.clients),
        errors: rows(clients.errors, used.clients),
        sketches: this.#clientSketches,
      },
      users: {
        start: starts(groups.userStart),
        low: rows(users.low, used.users),
        high: rows(users.high, used.users),
        sketches: this.#userSketches,
      },
    };
  }

  get #used(): SegmentCapacity {
    const { latencyStart, clientStart, userStart } = this.#columns.groups;
    const groups = this.#length;
    return { groups, words: latencyStart[groups]!, clients: clientStart[groups]!, users: userStart[groups]! };
  }

  /** Makes twice the room for what there is too little of. */
  #makeRoom(used: SegmentCapacity, more: Segment): void {
    const before = this.#room;
    const added = roomOf([more]);
    const ensureCapacity = (of: keyof SegmentCapacity): number => {
      const needed = used[of] + added[of];
      return needed <= before[of] ? before[of] : Math.max(needed, 2 * before[of]);
    };
    this.#room = {
      groups: ensureCapacity("groups"),
      words: ensureCapacity("words"),
      clients: ensureCapacity("clients"),
      users: ensureCapacity("users"),
    };
    this.#columns = widened(this.#columns, used, before, this.#room, this.#allocate);
  }
}

/** Adds the starts of more lists behind those of the first `groups`. */
function addStarts(column: Uint32Array, groups: number, starts: Uint32Array): void {
  const moved = column[groups]! - starts[0]!;
  for (let i = 1; i < starts.length; i++) column[groups + i] = starts[i]! + moved;
}
