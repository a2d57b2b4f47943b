import { grown } from "../../core/grown.js";
import { PAGE_BYTES, type WasmMemory, wasmKernel, wasmMemory } from "../../core/wasmKernel.js";
import { type Ranges4, Ranges4Builder } from "../ranges4.js";
import { type Ranges6, Ranges6Builder } from "../ranges6.js";
import { walkMmdbWasm } from "../wasm/walkMmdbWasm.js";
import type { MmdbFile } from "./openMmdb.js";
import type { SearchTree } from "./searchTree.js";
import type { RecordId } from "./walkMmdb.js";

/** What wasm/walkMmdb.as.ts exports. */
interface Kernel {
  use(tree: number, recordBits: number, nodeCount: number, opens: number, stack: number): void;
  keepIn(slots: number, count: number, isMixed: boolean): void;
  takenSlots(): number;
  knownLeaves(): number;
  begin(bits: number, root: number, ipv4Root: number): void;
  advance(count: number, starts: number, numbers: number, leaves: number): number;
}

const TOO_DEEP = -1;
const IN_CIRCLES = -2;

/** Networks that are listed between pauses. */
const NETWORKS_A_STEP = 10_000;
/** Bytes of the tree that are copied between pauses. */
const COPIED_A_STEP = 1 << 20;
/** What a branch on the stack and a slot take. */
const BRANCH_BYTES = 24;
const SLOT_BYTES = 8;
/** Bytes of the data section for which there is a slot at first, but not more slots than this. */
const BYTES_A_SLOT = 32;
const MAX_FIRST_SLOTS = 2 ** 22;
/** A larger tree leaves no room for the rest. */
const MAX_TREE_BYTES = 2 ** 30;

/** A copy of the tree in a kernel's memory, in steps; undefined where there is no WebAssembly or the tree is too large. */
export function* kernelWalk(
  file: MmdbFile,
  tree: SearchTree,
  idOf: RecordId,
): Generator<undefined, KernelWalk | undefined> {
  const treeBytes = (file.nodeCount * file.recordSize) / 4;
  const memory = treeBytes > MAX_TREE_BYTES ? undefined : wasmMemory(TREE_AT + treeBytes + PAGE_BYTES);
  const kernel = memory === undefined ? undefined : wasmKernel<Kernel>(walkMmdbWasm, memory);
  if (memory === undefined || kernel === undefined) return undefined;
  const copy = new Uint8Array(memory.buffer, TREE_AT, treeBytes);
  for (let from = 0; from < treeBytes; from += COPIED_A_STEP) {
    copy.set(file.bytes.subarray(from, Math.min(from + COPIED_A_STEP, treeBytes)), from);
    yield;
  }
  kernel.use(TREE_AT, file.recordSize, file.nodeCount, tree.opensLeft, 0);
  const firstSlots = Math.min(MAX_FIRST_SLOTS, (file.dataEnd - file.dataStart) / BYTES_A_SLOT);
  return new KernelWalk(kernel, memory, tree, idOf, firstSlots);
}

/** Where the kernel finds what, behind the stack; the tree is last. */
const STARTS_AT = 64 * Math.ceil((129 * BRANCH_BYTES) / 64);
const NUMBERS_AT = STARTS_AT + 16 * NETWORKS_A_STEP;
const LEAVES_AT = NUMBERS_AT + 4 * NETWORKS_A_STEP;
const TREE_AT = LEAVES_AT + 4 * NETWORKS_A_STEP;

/** The walks of `walkMmdb`, by a kernel: it is asked for the id of each record once. */
class KernelWalk {
  readonly #kernel: Kernel;
  readonly #memory: WasmMemory;
  readonly #tree: SearchTree;
  readonly #idOf: RecordId;
  #slots = 0;
  #isMixed = false;
  #listed = 0;
  /** The id of each leaf by its number; of 0 that of no record. */
  #ids = new Uint32Array(4096);
  #known = 0;

  constructor(kernel: Kernel, memory: WasmMemory, tree: SearchTree, idOf: RecordId, firstSlots: number) {
    this.#kernel = kernel;
    this.#memory = memory;
    this.#tree = tree;
    this.#idOf = idOf;
    this.#ids[0] = idOf(0);
    this.#keepIn(Math.max(firstSlots, 2 * NETWORKS_A_STEP));
  }

  /** The networks below a node or leaf as IPv4 ranges, in steps. */
  *ranges4(root: number, expected: number): Generator<undefined, Ranges4> {
    const builder = new Ranges4Builder(expected);
    this.#kernel.begin(32, root, 0);
    for (;;) {
      const listed = this.#advance();
      const { buffer } = this.#memory;
      push4(builder, new Uint32Array(buffer, STARTS_AT), new Uint32Array(buffer, NUMBERS_AT), this.#ids, listed);
      if (listed < NETWORKS_A_STEP) return builder.ranges();
      yield;
    }
  }

  /** All networks but those below `ipv4Root` and ::/96 as IPv6 ranges, in steps. */
  *ranges6(ipv4Root: number, expected: number): Generator<undefined, Ranges6> {
    const builder = new Ranges6Builder(expected);
    this.#kernel.begin(128, 0, ipv4Root);
    for (;;) {
      const listed = this.#advance();
      const { buffer } = this.#memory;
      push6(builder, new Uint32Array(buffer, STARTS_AT), new Uint32Array(buffer, NUMBERS_AT), this.#ids, listed);
      if (listed < NETWORKS_A_STEP) return builder.ranges();
      yield;
    }
  }

  /** Lists the next networks and finds the ids of records that are new; returns how many it listed. */
  #advance(): number {
    this.#makeRoom();
    const listed = this.#kernel.advance(NETWORKS_A_STEP, STARTS_AT, NUMBERS_AT, LEAVES_AT);
    if (listed === TOO_DEEP) throw this.#tree.tooDeep();
    if (listed === IN_CIRCLES) throw this.#tree.inCircles();
    const known = this.#kernel.knownLeaves();
    const leaves = new Uint32Array(this.#memory.buffer, LEAVES_AT, known - this.#known);
    if (known >= this.#ids.length) this.#ids = grown(this.#ids, 2 * known);
    for (const leaf of leaves) this.#ids[++this.#known] = this.#idOf(this.#tree.recordStart(leaf));
    this.#listed += listed;
    return listed;
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

function push4(
  builder: Ranges4Builder,
  starts: Uint32Array,
  numbers: Uint32Array,
  ids: Uint32Array,
  count: number,
): void {
  for (let i = 0; i < count; i++) builder.push(starts[i]!, ids[numbers[i]!]!);
}

function push6(
  builder: Ranges6Builder,
  starts: Uint32Array,
  numbers: Uint32Array,
  ids: Uint32Array,
  count: number,
): void {
  for (let i = 0; i < count; i++) {
    const at = 4 * i;
    builder.push(starts[at]!, starts[at + 1]!, starts[at + 2]!, starts[at + 3]!, ids[numbers[i]!]!);
  }
}
