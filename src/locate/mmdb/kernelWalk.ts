import { PAGE_BYTES, type WasmMemory, wasmKernel } from "../../core/wasmKernel.js";
import { type Ranges4, Ranges4Builder } from "../ranges/ranges4.js";
import { type Ranges6, Ranges6Builder } from "../ranges/ranges6.js";
import { walkMmdbWasm } from "../wasm/walkMmdbWasm.js";
import { FILE_AT, WALK_AT } from "./fileMemory.js";
import type { MmdbFile } from "./mmdbFile.js";
import { RECORDS_AT_ONCE, type RecordIds } from "./recordIds.js";
import type { SearchTree } from "./searchTree.js";

/** What wasm/walkMmdb.as.ts exports. */
interface Kernel {
  use(tree: number, recordBits: number, nodeCount: number, opens: number, stack: number): void;
  keepIn(slots: number, count: number, isMixed: boolean): void;
  takenSlots(): number;
  knownLeaves(): number;
  begin(bits: number, root: number, ipv4Root: number, none: number): void;
  advance(count: number, starts: number, ids: number, leaves: number, freshSlots: number): number;
  settle(count: number, starts: number, ids: number, freshSlots: number, freshIds: number, fresh: number): number;
}

const TOO_DEEP = -1;
const IN_CIRCLES = -2;

/** Networks that are listed between pauses. */
const NETWORKS_A_STEP = 10_000;
/** What a branch on the stack and a slot take. */
const BRANCH_BYTES = 24;
const SLOT_BYTES = 8;
/** Bytes of the data section for which there is a slot at first, but not more slots than this. */
const BYTES_A_SLOT = 32;
const MAX_FIRST_SLOTS = 2 ** 22;

/** The walk of a file's tree by a kernel; undefined where there is none or the file does not lie in its memory. */
export function kernelWalk(file: MmdbFile, tree: SearchTree, ids: RecordIds): KernelWalk | undefined {
  const { memory } = file;
  const kernel = memory === undefined ? undefined : wasmKernel<Kernel>(walkMmdbWasm, memory);
  if (memory === undefined || kernel === undefined) return undefined;
  kernel.use(FILE_AT, file.recordSize, file.nodeCount, tree.opensLeft, WALK_AT);
  const firstSlots = Math.min(MAX_FIRST_SLOTS, (file.dataEnd - file.dataStart) / BYTES_A_SLOT);
  return new KernelWalk(kernel, memory, tree, ids, firstSlots);
}

/** Where the kernel finds what, behind the stack. */
const STARTS_AT = WALK_AT + 64 * Math.ceil((129 * BRANCH_BYTES) / 64);
const IDS_AT = STARTS_AT + 16 * NETWORKS_A_STEP;
const LEAVES_AT = IDS_AT + 4 * NETWORKS_A_STEP;
const FRESH_SLOTS_AT = LEAVES_AT + 4 * NETWORKS_A_STEP;
const FRESH_IDS_AT = FRESH_SLOTS_AT + 4 * NETWORKS_A_STEP;

/** The walks of `walkMmdb`, by a kernel: it is asked for the id of each record once. */
class KernelWalk {
  readonly #kernel: Kernel;
  readonly #memory: WasmMemory;
  readonly #tree: SearchTree;
  readonly #ids: RecordIds;
  readonly #none: number;
  readonly #starts = new Float64Array(RECORDS_AT_ONCE);
  #slots = 0;
  #isMixed = false;
  #listed = 0;
  #known = 0;

  constructor(kernel: Kernel, memory: WasmMemory, tree: SearchTree, ids: RecordIds, firstSlots: number) {
    this.#kernel = kernel;
    this.#memory = memory;
    this.#tree = tree;
    this.#ids = ids;
    const none = new Uint32Array(1);
    ids(new Float64Array(1), none);
    this.#none = none[0]!;
    this.#keepIn(Math.max(firstSlots, 2 * NETWORKS_A_STEP));
  }

  /** The networks below a node or leaf as IPv4 ranges, in steps. */
  *ranges4(root: number, expected: number): Generator<undefined, Ranges4> {
    const builder = new Ranges4Builder(expected);
    this.#kernel.begin(32, root, 0, this.#none);
    for (;;) {
      const { listed, ranges } = yield* this.#advance();
      builder.pushAll(ranges, 0, ranges.length);
      if (listed < NETWORKS_A_STEP) return builder.ranges();
      yield;
    }
  }

  /** All networks but those below `ipv4Root` and ::/96 as IPv6 ranges, in steps. */
  *ranges6(ipv4Root: number, expected: number): Generator<undefined, Ranges6> {
    const builder = new Ranges6Builder(expected);
    this.#kernel.begin(128, 0, ipv4Root, this.#none);
    for (;;) {
      const { listed, ranges } = yield* this.#advance();
      builder.pushAll(ranges, 0, ranges.length);
      if (listed < NETWORKS_A_STEP) return builder.ranges();
      yield;
    }
  }

  /** Lists the next networks and finds the ids of records that are new; returns how many it listed, and as what ranges. */
  *#advance(): Generator<undefined, { listed: number; ranges: Ranges4 }> {
    this.#makeRoom();
    const listed = this.#kernel.advance(NETWORKS_A_STEP, STARTS_AT, IDS_AT, LEAVES_AT, FRESH_SLOTS_AT);
    if (listed === TOO_DEEP) throw this.#tree.tooDeep();
    if (listed === IN_CIRCLES) throw this.#tree.inCircles();
    const known = this.#kernel.knownLeaves();
    const fresh = known - this.#known;
    const { buffer } = this.#memory;
    const leaves = new Uint32Array(buffer, LEAVES_AT, fresh);
    const ids = new Uint32Array(buffer, FRESH_IDS_AT, fresh);
    for (let from = 0; from < fresh; from += RECORDS_AT_ONCE) {
      if (from > 0) yield;
      this.#giveIds(leaves.subarray(from, from + RECORDS_AT_ONCE), ids.subarray(from, from + RECORDS_AT_ONCE));
    }
    const length = this.#kernel.settle(listed, STARTS_AT, IDS_AT, FRESH_SLOTS_AT, FRESH_IDS_AT, fresh);
    this.#known = known;
    this.#listed += listed;
    const ranges = { length, starts: new Uint32Array(buffer, STARTS_AT), ids: new Uint32Array(buffer, IDS_AT) };
    return { listed, ranges };
  }

  #giveIds(leaves: Uint32Array, ids: Uint32Array): void {
    const starts = this.#starts.subarray(0, leaves.length);
    for (let i = 0; i < leaves.length; i++) starts[i] = this.#tree.recordStart(leaves[i]!);
    this.#ids(starts, ids);
  }

  /** Makes slots for twice as many leaves as may be known after the next step, and scatters leaves that crowd. */
  #makeRoom(): void {
    const needed = 2 * (this.#known + NETWORKS_A_STEP);
    const areCrowded = !this.#isMixed && this.#kernel.takenSlots() > this.#listed + NETWORKS_A_STEP;
    if (this.#slots >= needed && !areCrowded) return;
    this.#isMixed ||= areCrowded;
    this.#keepIn(Math.max(needed, this.#slots));
  }

  /** Keeps leaves from now on in at least so many slots. */
  #keepIn(least: number): void {
    this.#slots = 2 ** Math.ceil(Math.log2(least));
    const at = this.#memory.grow(Math.ceil((this.#slots * SLOT_BYTES) / PAGE_BYTES)) * PAGE_BYTES;
    this.#kernel.keepIn(at, this.#slots, this.#isMixed);
    this.#listed = 0;
  }
}
