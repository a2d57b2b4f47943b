import { type WasmMemory, wasmKernel, wasmMemory } from "../../../core/wasmKernel.js";
import { CLASSES } from "../signals/dispersion.js";
import { type EvidenceKind, leastRatio, SLACK } from "./evidence.js";
import { FIRST_NEIGHBOURS, WORTH_GROWING, WORTH_STARTING } from "./furthestDisc.js";
import { scanWindowsWasm } from "./wasm/scanWindowsWasm.js";
import type { Zones } from "./zones.js";
import type { ZoneTable } from "./zoneTable.js";

/** What wasm/scanWindows.as.ts exports. */
interface Kernel {
  begin(kind: number, minimum: number, ratio: number): void;
  advance(sums: number, newest: number, oldest: number, length: number): void;
  sumZones(...observedExpectedSitesZoneWidthOut: number[]): void;
  zonesAbove(pairs: number, count: number, level: number, out: number): number;
  discsAbove(...observedExpectedSitesStartsSiteStartingGrowingFirstLeastOut: number[]): number;
  learn(...pairsCountSquaresWindowsFactors: number[]): void;
}

const KINDS: readonly EvidenceKind[] = ["drop", "errors", "latency"];
/** Fewer sites than this are watched by plain loops. */
const LEAST_SITES = 16;

/** What a scan is laid out for. */
export interface ScanShape {
  readonly kind: EvidenceKind;
  readonly minimum: number;
  readonly leastLoss: number;
  readonly sites: number;
  /** In buckets, ascending. */
  readonly lengths: readonly number[];
  readonly zones: Zones;
  readonly table: ZoneTable;
}

/**
 * The loops of a scan over sites and zones as a kernel, over sums that lie in its memory: more than twice as fast as the plain
 * ones, which are its reference, and fast from the first bucket on.
 *
 * It keeps the last buckets' rows, what is masked in them as 0, so that a window moves on without looking at masks.
 */
export class ScanKernel {
  /** A window's sums by site. */
  readonly observed: readonly Float64Array[];
  readonly expected: readonly Float64Array[];
  /** A window's sums by zone: pairs of observed and expected. */
  readonly pairs: readonly Float64Array[];
  readonly #kernel: Kernel;
  readonly #shape: ScanShape;
  /** Sites, and as many more as make up whole vectors. */
  readonly #stride: number;
  /** Rows of observed and expected values of the last buckets, bucket `t` in row `t % #keeps`; the last stands for none. */
  readonly #rows: Float32Array;
  readonly #keeps: number;
  readonly #zone: Uint32Array;
  readonly #starts: Uint32Array;
  readonly #site: Uint32Array;
  readonly #found: Uint32Array;
  readonly #classes: Float64Array;
  #next = 0;

  private constructor(shape: ScanShape, kernel: Kernel, room: Room) {
    const { sites, lengths, zones, table } = shape;
    this.#shape = shape;
    this.#kernel = kernel;
    this.#stride = strideOf(sites);
    this.#keeps = keepsOf(lengths);
    const columns = lengths.map(() => room.doubles(2 * this.#stride));
    this.observed = columns.map((sums) => sums.subarray(0, sites));
    this.expected = columns.map((sums) => sums.subarray(this.#stride, this.#stride + sites));
    this.pairs = lengths.map(() => room.doubles(2 * table.length));
    this.#classes = room.doubles(4 * CLASSES);
    this.#rows = room.floats(2 * this.#stride * (this.#keeps + 1));
    this.#zone = room.words(table.zone.length);
    this.#zone.set(table.zone.map((z) => 16 * z));
    this.#starts = room.words(sites + 1);
    this.#starts.set(zones.circles.starts);
    this.#site = room.words(zones.circles.site.length);
    this.#site.set(zones.circles.site);
    this.#found = room.words(Math.max(sites, table.length));
    const ratio = leastRatio(shape.kind, shape.leastLoss);
    kernel.begin(KINDS.indexOf(shape.kind), shape.minimum, ratio);
  }

  /** Undefined for a few sites, and where there is no WebAssembly. */
  static create(shape: ScanShape): ScanKernel | undefined {
    if (shape.sites < LEAST_SITES) return undefined;
    const memory = wasmMemory(bytesOf(shape));
    const kernel = memory && wasmKernel<Kernel>(scanWindowsWasm, memory);
    return memory && kernel && new ScanKernel(shape, kernel, new Room(memory));
  }

  /** Forgets the buckets whose rows it keeps. */
  clear(): void {
    this.#rows.fill(0);
    this.#next = 0;
  }

  /** As WindowSums moves on. */
  advance(t: number, observed: Float32Array, expected: Float32Array, masked: Uint8Array, some: Uint8Array): void {
    if (t !== this.#next) {
      this.#rows.fill(0);
      for (let at = Math.max(0, t - this.#keeps + 1); at < t; at++) this.#put(at, observed, expected, masked, some);
    }
    this.#put(t, observed, expected, masked, some);
    this.#next = t + 1;
    const { lengths } = this.#shape;
    for (let w = 0; w < lengths.length; w++) {
      const oldest = t - lengths[w]!;
      this.#kernel.advance(this.observed[w]!.byteOffset, this.#rowAt(t), this.#rowAt(oldest), 2 * this.#stride);
    }
  }

  #put(t: number, observed: Float32Array, expected: Float32Array, masked: Uint8Array, some: Uint8Array): void {
    const n = this.#shape.sites;
    const at = 2 * this.#stride * (t % this.#keeps);
    this.#rows.set(observed.subarray(t * n, (t + 1) * n), at);
    this.#rows.set(expected.subarray(t * n, (t + 1) * n), at + this.#stride);
    if (some[t] === 0) return;
    for (let p = 0; p < n; p++) {
      if (masked[t * n + p] === 0) continue;
      this.#rows[at + p] = 0;
      this.#rows[at + this.#stride + p] = 0;
    }
  }

  /** Takes in that a site's value of a bucket is another. */
  correct(t: number, site: number, observed: number, expected: number): void {
    const at = 2 * this.#stride * (t % this.#keeps) + site;
    this.#rows[at] = observed;
    this.#rows[at + this.#stride] = expected;
  }

  /** Byte offset of a bucket's row. */
  #rowAt(t: number): number {
    return this.#rows.byteOffset + 8 * this.#stride * (t < 0 ? this.#keeps : t % this.#keeps);
  }

  /** Sums a window by zone. */
  sumZones(w: number): void {
    const [o, e] = [this.observed[w]!.byteOffset, this.expected[w]!.byteOffset];
    const { sites, table } = this.#shape;
    const pairs = this.pairs[w]!.fill(0);
    this.#kernel.sumZones(o, e, sites, this.#zone.byteOffset, table.width, pairs.byteOffset);
  }

  /** Of the zones from `first` on, those that may depart by more than a level, counted from the first; valid until the next call. */
  zonesAbove(w: number, first: number, count: number, level: number): Uint32Array {
    const pairs = this.pairs[w]!.byteOffset + 16 * first;
    return this.#found.subarray(0, this.#kernel.zonesAbove(pairs, count, level * SLACK, this.#found.byteOffset));
  }

  /** The sites around which a circle may depart by more than `least`; valid until the next call. See `furthestDisc`. */
  discsAbove(w: number, least: number): Uint32Array {
    const [o, e] = [this.observed[w]!.byteOffset, this.expected[w]!.byteOffset];
    const lists = [this.#starts.byteOffset, this.#site.byteOffset];
    const levels = [WORTH_STARTING * SLACK, WORTH_GROWING * SLACK, FIRST_NEIGHBOURS, least * SLACK];
    const found = this.#kernel.discsAbove(o, e, this.#shape.sites, ...lists, ...levels, this.#found.byteOffset);
    return this.#found.subarray(0, found);
  }

  /** As `Dispersion` learns of the zones of a window. */
  learn(w: number, squares: Float64Array, windows: Float64Array, factors: Float64Array): void {
    const at = (k: number): number => this.#classes.byteOffset + 8 * CLASSES * k;
    this.#classes.set(squares, 0);
    this.#classes.set(windows, CLASSES);
    this.#classes.set(factors, 2 * CLASSES);
    this.#kernel.learn(this.pairs[w]!.byteOffset, this.#shape.table.length - 1, at(0), at(1), at(2));
    squares.set(this.#classes.subarray(0, CLASSES));
    windows.set(this.#classes.subarray(CLASSES, 2 * CLASSES));
  }
}

const strideOf = (sites: number): number => 4 * Math.ceil(sites / 4);
const keepsOf = (lengths: readonly number[]): number => lengths[lengths.length - 1]! + 1;

function bytesOf({ sites, lengths, zones, table }: ScanShape): number {
  const doubles = lengths.length * (2 * strideOf(sites) + 2 * table.length) + 4 * CLASSES;
  const rows = 2 * strideOf(sites) * (keepsOf(lengths) + 1);
  const words = table.zone.length + sites + 1 + zones.circles.site.length + Math.max(sites, table.length);
  return 8 * doubles + 4 * (rows + words) + 16 * (2 * lengths.length + 8);
}

/** Lays columns one behind the other. */
class Room {
  readonly #memory: WasmMemory;
  #at = 0;

  constructor(memory: WasmMemory) {
    this.#memory = memory;
  }

  doubles(length: number): Float64Array {
    return new Float64Array(this.#memory.buffer, this.#take(8 * length), length);
  }

  floats(length: number): Float32Array {
    return new Float32Array(this.#memory.buffer, this.#take(4 * length), length);
  }

  words(length: number): Uint32Array {
    return new Uint32Array(this.#memory.buffer, this.#take(4 * length), length);
  }

  #take(bytes: number): number {
    const at = this.#at;
    this.#at = 16 * Math.ceil((at + bytes) / 16);
    return at;
  }
}
