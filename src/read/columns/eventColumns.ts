import { IPV4, IPV6 } from "../../core/addressColumn.js";
import { Dictionary } from "../../core/dictionary.js";
import type { CodeColumn, Events } from "../../core/events.js";
import { copyAndHash, hashHigh, hashLow } from "../../core/hash.js";
import { ColumnPool, clearRows } from "../../core/pools/columnPool.js";
import { routeOf } from "../fields/routeOf.js";
import { clearStreamLatencies } from "./clearStreamLatencies.js";
import type { ColumnLocator } from "./columnLocator.js";
import { DimensionCodes, SHORT_BYTES } from "./dimensionCodes.js";
import { LoggedPlaces } from "./loggedPlaces.js";
import { clearNetworks } from "./pseudonym.js";
import { withoutRows } from "./withoutRows.js";

export type { ColumnLocator };

/** One dimension of the events being read. */
export interface DimensionBuilder {
  readonly name: string;
  readonly values: DimensionCodes;
  codes: Uint32Array;
  /** The dimension `route`, of the dimension `path` where routes are made. */
  route: DimensionBuilder | undefined;
}

export interface ColumnOptions {
  /** Rows of a batch, at most. */
  readonly capacity: number;
  /** How many values of a dimension are kept apart. */
  readonly maxValues: number;
  /** Whether the dimension `route` is made of the dimension `path`. */
  readonly routes: boolean;
  /** Whether the names of users are kept, and not just their hashes. Default true. */
  readonly keepsNames?: boolean;
  /** Where the memory of columns is from; by default new, and this thread's. */
  readonly memory?: ColumnPool | undefined;
  /** Whether rows may tell their place themselves. Default true; not where the locator's tables are another thread's. */
  readonly takesPlaces?: boolean;
}

/** More dimensions than this are not made, whatever fields a file holds. */
export const MAX_DIMENSIONS = 256;

/** What a row stands for at most; more is taken for no weight. */
const MAX_WEIGHT = 2 ** 31;

const FIRST_ROWS = 4096;
/** Rows that are made absent at a time: few enough to be in the processor's cache still when they are written. */
const CLEARED_ROWS = 4096;
/** Bytes of a user's name that there is room for at first. */
const NAME_BYTES = 8;
/** Rows times columns of a batch, at most. */
const MAX_CELLS = 1 << 23;

/**
 * The columns of a batch while it is read, row by row. Rows begin as "absent" in every column, but for those that a kernel
 * writes whole.
 *
 * Scanners write the typed arrays directly; `length` is the row being written.
 */
export class EventColumns {
  /** Rows that may be written value by value: those from `length` on are absent. {@link grow} makes more. */
  capacity = 0;
  /** Rows that there is memory for, in the next batch. */
  room: number;
  length = 0;
  timeMs!: Float64Array;
  family!: Uint8Array;
  address!: Uint32Array;
  words!: Uint32Array;
  /** IPv6 addresses so far. */
  wide = 0;
  status!: Uint16Array;
  latencyMs!: Float32Array;
  bytes!: Float64Array;
  /** How many requests each row stands for; undefined while no row has said so. */
  weight: Float64Array | undefined;
  /** Codes in `logged` of what rows tell of their place; undefined while no row has. */
  told: Uint32Array | undefined;
  readonly logged = new LoggedPlaces();
  userLow!: Uint32Array;
  userHigh!: Uint32Array;
  userStart!: Uint32Array;
  userEnd!: Uint32Array;
  names!: Uint8Array;
  nameBytes = 0;
  /** Rows so far, of all batches, in which a proxy names its client. */
  forwarded = 0;
  readonly dimensions: DimensionBuilder[] = [];
  /** Whether names are kept; where they are not, where they begin and end means nothing. */
  readonly keepsNames: boolean;
  /** Where the columns of the next batch are from: what is given back to it is used again. */
  readonly memory: ColumnPool;
  /** Room for names and for IPv6 addresses that batches have needed. */
  #nameRoom = 0;
  #wordRoom = 256;
  #isTaken = false;
  readonly #options: ColumnOptions;
  readonly #byName = new Map<string, number>();
  #place!: Uint32Array;
  #network!: Uint32Array;

  constructor(options: ColumnOptions) {
    this.room = Math.min(options.capacity, FIRST_ROWS);
    this.#options = options;
    this.keepsNames = options.keepsNames ?? true;
    this.memory = options.memory ?? new ColumnPool();
    this.#allocate();
  }

  /** Whether the rows are a batch: as many as asked for, or fewer where many dimensions make them large. */
  get isFull(): boolean {
    return this.length >= this.#batchRows;
  }

  /** Rows that may be written whole, each in every column: {@link append} tells of them. */
  get wholeCapacity(): number {
    return Math.max(this.capacity, Math.min(this.room, this.#batchRows));
  }

  get #batchRows(): number {
    const rows = Math.max(FIRST_ROWS, Math.floor(MAX_CELLS / (this.dimensions.length + 16)));
    return Math.min(this.#options.capacity, rows);
  }

  /** Adds rows that have been written whole. */
  append(rows: number): void {
    this.weight?.fill(1, this.length, this.length + rows);
    this.told?.fill(0, this.length, this.length + rows);
    this.length += rows;
    this.capacity = Math.max(this.capacity, this.length);
  }

  /** The index of a dimension, made if there is none of that name; -1 if there are too many. */
  dimension(name: string): number {
    const known = this.#byName.get(name);
    if (known !== undefined) return known;
    if (this.dimensions.length === MAX_DIMENSIONS) return -1;
    const index = this.dimensions.length;
    const { maxValues, routes } = this.#options;
    this.#byName.set(name, index);
    const isPath = name === "path" && routes;
    const toRoute = (path: string): number => dimension.route?.values.codeOfText(routeOf(path)) ?? 0;
    const values = new DimensionCodes(new Dictionary(), maxValues, isPath ? toRoute : undefined);
    const codes = this.memory.take(Uint32Array, this.room);
    clearRows(codes, 0, this.capacity);
    const dimension: DimensionBuilder = { name, values, codes, route: undefined };
    this.dimensions.push(dimension);
    if (isPath) dimension.route = this.dimensions[this.dimension("route")];
    return index;
  }

  /** Sets the row's value of a dimension to bytes[start, end), behind which 16 bytes may be read through `view`. */
  setValue(dimension: number, bytes: Uint8Array, view: DataView, start: number, end: number): void {
    const { values, codes, route } = this.dimensions[dimension]!;
    const row = this.length;
    codes[row] =
      end - start <= SHORT_BYTES ? values.codeOfShort(bytes, view, start, end) : values.codeOf(bytes, start, end);
    if (route !== undefined && route.codes[row] === 0) route.codes[row] = values.derived;
  }

  /** The same for bytes that may end at once. */
  setAnyValue(dimension: number, bytes: Uint8Array, start: number, end: number): void {
    const { values, codes, route } = this.dimensions[dimension]!;
    codes[this.length] = values.codeOf(bytes, start, end);
    if (route !== undefined && route.codes[this.length] === 0) route.codes[this.length] = values.derived;
  }

  /** Sets the row's IPv4 address. */
  setIpv4(value: number): void {
    this.family[this.length] = IPV4;
    this.address[this.length] = value;
  }

  /** Sets the row's IPv6 address, most significant word first. */
  setIpv6(w0: number, w1: number, w2: number, w3: number): void {
    const row = this.length;
    if (this.family[row] !== IPV6) {
      if (4 * (this.wide + 1) > this.words.length) this.words = this.memory.grown(this.words, 2 * this.words.length);
      this.family[row] = IPV6;
      this.address[row] = this.wide++;
    }
    this.words.set([w0, w1, w2, w3], 4 * this.address[row]!);
  }

  /** Sets how many requests the row stands for; what is no such number leaves it at 1. */
  setWeight(weight: number): void {
    this.weight ??= this.memory.take(Float64Array, this.room).fill(1);
    this.weight[this.length] = weight >= 0 && weight <= MAX_WEIGHT ? weight : 1;
  }

  /** Whether rows may tell their place themselves. */
  get takesPlaces(): boolean {
    return this.#options.takesPlaces ?? true;
  }

  /** Sets what the row tells of its place: a code of `logged`. */
  setTold(code: number): void {
    this.told ??= this.memory.take(Uint32Array, this.room).fill(0);
    this.told[this.length] = code;
  }

  /** Sets the row's user to the UTF-8 name bytes[start, end), which must not be empty. */
  setUser(bytes: Uint8Array, start: number, end: number): void {
    const row = this.length;
    this.userLow[row] = hashLow(bytes, start, end);
    this.userHigh[row] = hashHigh(bytes, start, end);
    if (!this.keepsNames) return;
    const at = this.nameBytes;
    const size = end - start;
    this.#roomForNames(at + size);
    const names = this.names;
    for (let i = 0; i < size; i++) names[at + i] = bytes[start + i]!;
    this.userStart[row] = at;
    this.userEnd[row] = at + size;
    this.nameBytes = at + size;
  }

  /**
   * Hashes and keeps the names of the rows whose user was noted as a range of `bytes`: the first `count` of `noted`. Done
   * for many rows at once, which keeps the processor at one task.
   *
   * @param bytes - three bytes behind the last name may be read
   */
  hashUsers(bytes: DataView, noted: Uint32Array, count: number): void {
    const { userStart, userEnd } = this;
    let size = 4;
    for (let i = 0; i < count; i++) size += userEnd[noted[i]!]! - userStart[noted[i]!]!;
    this.#roomForNames(this.nameBytes + size);
    const names = new DataView(this.names.buffer);
    const { userLow, userHigh, nameBytes } = this;
    const end = copyAndHash(bytes, userStart, userEnd, noted, count, names, nameBytes, userLow, userHigh);
    if (this.keepsNames) this.nameBytes = end;
  }

  /** Keeps the first `count` bytes of names that are hashed and noted as beginning at `nameBytes`. */
  addNames(names: Uint8Array, count: number): void {
    this.#roomForNames(this.nameBytes + count);
    this.names.set(names.subarray(0, count), this.nameBytes);
    this.nameBytes += count;
  }

  /** Lets more rows be written. */
  grow(): void {
    const most = this.#options.capacity;
    const { room, capacity } = this;
    if (capacity >= room) this.reserve(capacity < most ? Math.min(2 * room, most) : 2 * room);
    this.#clearTo(Math.min(this.room, capacity + CLEARED_ROWS));
  }

  /** Makes memory for so many rows if there is not. */
  reserve(room: number): void {
    if (room <= this.room) return;
    const { memory } = this;
    this.room = room;
    this.#roomForNames(NAME_BYTES * room);
    this.timeMs = memory.grown(this.timeMs, room);
    this.family = memory.grown(this.family, room);
    this.address = memory.grown(this.address, room);
    this.status = memory.grown(this.status, room);
    this.latencyMs = memory.grown(this.latencyMs, room);
    this.bytes = memory.grown(this.bytes, room);
    if (this.weight) this.weight = memory.grown(this.weight, room);
    if (this.told) this.told = memory.grown(this.told, room);
    this.userLow = memory.grown(this.userLow, room);
    this.userHigh = memory.grown(this.userHigh, room);
    this.userStart = memory.grown(this.userStart, room);
    this.userEnd = memory.grown(this.userEnd, room);
    this.#place = memory.grown(this.#place, room);
    this.#network = memory.grown(this.#network, room);
    for (const dimension of this.dimensions) dimension.codes = memory.grown(dimension.codes, room);
  }

  /** Makes the row being written absent again. */
  clearRow(): void {
    const row = this.length;
    this.timeMs[row] = Number.NaN;
    if (this.family[row] === IPV6) this.wide--;
    this.family[row] = 0;
    this.address[row] = 0;
    this.status[row] = 0;
    this.latencyMs[row] = Number.NaN;
    this.bytes[row] = Number.NaN;
    if (this.weight) this.weight[row] = 1;
    if (this.told) this.told[row] = 0;
    this.userLow[row] = 0;
    this.userHigh[row] = 0;
    this.userStart[row] = 0;
    this.userEnd[row] = 0;
    for (const dimension of this.dimensions) dimension.codes[row] = 0;
  }

  /** Takes rows out; their numbers ascend. */
  removeRows(rows: readonly number[]): void {
    if (rows.length === 0) return;
    const measures = [this.timeMs, this.latencyMs, this.bytes];
    const users = [this.userLow, this.userHigh, this.userStart, this.userEnd];
    const codes = this.dimensions.map((dimension) => dimension.codes);
    const told = this.told === undefined ? [] : [this.told];
    const others = [this.family, this.address, this.status, ...users, ...codes, ...told];
    for (const column of [...measures, ...others]) withoutRows(column, this.length, rows);
    const end = this.length;
    this.length -= rows.length;
    for (const column of measures) column.fill(Number.NaN, this.length, end);
    for (const column of others) column.fill(0, this.length, end);
  }

  /** The rows so far as events with places. No more may be written before {@link begin}. */
  take(locator: ColumnLocator): Events {
    const n = this.length;
    const client = {
      length: n,
      family: this.family.subarray(0, n),
      value: this.address.subarray(0, n),
      words: this.words.subarray(0, 4 * this.wide),
    };
    const place = this.#place.subarray(0, n);
    const network = this.#network.subarray(0, n);
    locator.locateColumn(client, place, network);
    if (this.told !== undefined) {
      clearNetworks(client, network);
      this.logged.apply(this.told.subarray(0, n), locator, place, network);
    }
    const dimensions = new Map<string, CodeColumn>();
    for (const { name, values, codes } of this.dimensions)
      dimensions.set(name, { codes: codes.subarray(0, n), dictionary: values.dictionary });
    const events: Events = {
      length: n,
      timeMs: this.timeMs.subarray(0, n),
      client,
      place,
      network,
      status: this.status.subarray(0, n),
      latencyMs: this.latencyMs.subarray(0, n),
      bytes: this.bytes.subarray(0, n),
      ...(this.weight && { weight: this.weight.subarray(0, n) }),
      user: {
        length: n,
        low: this.userLow.subarray(0, n),
        high: this.userHigh.subarray(0, n),
        bytes: this.names.subarray(0, this.nameBytes),
        starts: this.userStart.subarray(0, n),
        ends: this.userEnd.subarray(0, n),
      },
      dimensions,
      places: locator.places,
      networks: locator.networks,
    };
    clearStreamLatencies(events);
    this.#nameRoom = this.names.length;
    this.#wordRoom = this.words.length;
    this.#isTaken = true;
    this.length = 0;
    return events;
  }

  /** Starts the columns anew if their rows were taken: in the memory of those, where it was given back. */
  begin(): void {
    if (this.#isTaken) this.#allocate();
  }

  #roomForNames(bytes: number): void {
    const { names } = this;
    if (bytes > names.length) this.names = this.memory.grown(names, Math.max(bytes, 2 * names.length));
  }

  #allocate(): void {
    this.#isTaken = false;
    this.room = Math.min(this.room, this.#options.capacity);
    const n = this.room;
    const { memory } = this;
    this.capacity = 0;
    this.length = 0;
    this.wide = 0;
    this.nameBytes = 0;
    this.timeMs = memory.take(Float64Array, n);
    this.family = memory.take(Uint8Array, n);
    this.address = memory.take(Uint32Array, n);
    this.words = memory.take(Uint32Array, this.#wordRoom);
    this.status = memory.take(Uint16Array, n);
    this.latencyMs = memory.take(Float32Array, n);
    this.bytes = memory.take(Float64Array, n);
    if (this.weight) this.weight = memory.take(Float64Array, n);
    if (this.told) this.told = memory.take(Uint32Array, n);
    this.userLow = memory.take(Uint32Array, n);
    this.userHigh = memory.take(Uint32Array, n);
    this.userStart = memory.take(Uint32Array, n);
    this.userEnd = memory.take(Uint32Array, n);
    this.names = memory.take(Uint8Array, Math.max(NAME_BYTES * n, this.#nameRoom));
    this.#place = memory.take(Uint32Array, n);
    this.#network = memory.take(Uint32Array, n);
    for (const dimension of this.dimensions) dimension.codes = memory.take(Uint32Array, n);
    this.#clearTo(Math.min(n, CLEARED_ROWS));
  }

  /** Makes the rows up to `end` absent that were not. Places and networks are looked up for all rows at the end. */
  #clearTo(end: number): void {
    const from = this.capacity;
    this.capacity = end;
    for (const column of [this.timeMs, this.latencyMs, this.bytes]) column.fill(Number.NaN, from, end);
    this.weight?.fill(1, from, end);
    this.told?.fill(0, from, end);
    const numbers = [this.family, this.address, this.status];
    const users = [this.userLow, this.userHigh, this.userStart, this.userEnd];
    for (const column of [...numbers, ...users]) clearRows(column, from, end);
    for (const { codes } of this.dimensions) clearRows(codes, from, end);
  }
}
