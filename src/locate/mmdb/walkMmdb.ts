import { type Ranges4, Ranges4Builder, uniformRanges4 } from "../ranges/ranges4.js";
import { type Ranges6, Ranges6Builder, uniformRanges6 } from "../ranges/ranges6.js";
import { inFileMemory } from "./fileMemory.js";
import { kernelWalk } from "./kernelWalk.js";
import type { MmdbFile } from "./mmdbFile.js";
import { OffsetIds } from "./offsetIds.js";
import type { RecordIds } from "./recordIds.js";
import { SearchTree } from "./searchTree.js";

/** The networks of a file as ranges. */
export interface MmdbRanges {
  readonly ranges4: Ranges4;
  readonly ranges6: Ranges6;
}

type RecordId = (recordStart: number) => number;

/** After how many ranges the walk pauses. */
const RANGES_A_STEP = 10_000;
/** More than a well-known large database has, to begin with. */
const EXPECTED_RANGES = 5_000_000;

/**
 * Lists the networks of a search tree in address order, in steps, so that the caller can let others run in between.
 *
 * In an IPv6 tree the IPv4 networks lie under ::/96; other links to that subtree (::ffff:0:0/96, 2002::/16,
 * 2001::/32) are aliases and listed as empty, because such addresses are resolved by the IPv4 address inside them.
 * Throws `corrupt-database` where the tree leads out of the file, is deeper than an address or runs in circles.
 */
export function* walkMmdb(file: MmdbFile, recordIds: RecordIds): Generator<undefined, MmdbRanges> {
  const [start, id] = [new Float64Array(1), new Uint32Array(1)];
  const idOf: RecordId = (recordStart) => {
    start[0] = recordStart;
    recordIds(start, id);
    return id[0]!;
  };
  if (file.nodeCount === 0) return { ranges4: uniformRanges4(idOf(0)), ranges6: uniformRanges6(idOf(0)) };
  const tree = new SearchTree(file);
  const root = tree.ipv4Root();
  const expected = Math.min(file.nodeCount + 1, EXPECTED_RANGES);
  const kernel = kernelWalk(yield* inFileMemory(file), tree, recordIds);
  if (kernel !== undefined) {
    const ranges4 = yield* kernel.ranges4(root, expected);
    const isIpv4 = file.ipVersion === 4;
    return { ranges4, ranges6: isIpv4 ? uniformRanges6(idOf(0)) : yield* kernel.ranges6(root, expected) };
  }
  const known = new OffsetIds();
  const knownId: RecordId = (recordStart) => known.get(recordStart) ?? known.set(recordStart, idOf(recordStart));
  const walk4 = new Walk4(tree, root, knownId);
  while (walk4.advance(RANGES_A_STEP)) yield;
  if (file.ipVersion === 4) return { ranges4: walk4.ranges(), ranges6: uniformRanges6(knownId(0)) };
  const walk6 = new Walk6(tree, root, knownId);
  while (walk6.advance(RANGES_A_STEP)) yield;
  return { ranges4: walk4.ranges(), ranges6: walk6.ranges() };
}

/** The walk through 32 bits: the left branch at once, the right ones kept on a stack. */
class Walk4 {
  readonly #tree: SearchTree;
  readonly #idOf: RecordId;
  readonly #builder: Ranges4Builder;
  readonly #nodes = new Float64Array(33);
  readonly #depths = new Uint8Array(33);
  readonly #starts = new Uint32Array(33);
  #top = 1;

  constructor(tree: SearchTree, root: number, idOf: RecordId) {
    this.#idOf = idOf;
    this.#tree = tree;
    this.#builder = new Ranges4Builder(Math.min(tree.nodeCount + 1, EXPECTED_RANGES));
    this.#nodes[0] = root;
  }

  /** Lists so many ranges more; returns whether there are others. */
  advance(count: number): boolean {
    const tree = this.#tree;
    const nodes = this.#nodes;
    const depths = this.#depths;
    const starts = this.#starts;
    let top = this.#top;
    for (let i = 0; i < count && top > 0; i++) {
      top--;
      let node = nodes[top]!;
      let depth = depths[top]!;
      const start = starts[top]!;
      for (; node < tree.nodeCount; depth++) {
        tree.open(node, depth, 32);
        nodes[top] = tree.right;
        depths[top] = depth + 1;
        starts[top++] = start | (0x80000000 >>> depth);
        node = tree.left;
      }
      this.#builder.push(start, this.#idOf(tree.recordStart(node)));
    }
    this.#top = top;
    return top > 0;
  }

  ranges(): Ranges4 {
    return this.#builder.ranges();
  }
}

/** The walk through 128 bits, around the IPv4 subtree and its aliases. */
class Walk6 {
  readonly #tree: SearchTree;
  readonly #idOf: RecordId;
  readonly #ipv4Root: number;
  readonly #builder: Ranges6Builder;
  readonly #nodes = new Float64Array(129);
  readonly #depths = new Uint8Array(129);
  readonly #starts = new Uint32Array(4 * 129);
  #top = 1;

  constructor(tree: SearchTree, ipv4Root: number, idOf: RecordId) {
    this.#idOf = idOf;
    this.#tree = tree;
    this.#ipv4Root = ipv4Root;
    this.#builder = new Ranges6Builder(Math.min(tree.nodeCount + 1, EXPECTED_RANGES));
  }

  /** Lists so many ranges more; returns whether there are others. */
  advance(count: number): boolean {
    const tree = this.#tree;
    const nodes = this.#nodes;
    const starts = this.#starts;
    for (let i = 0; i < count && this.#top > 0; i++) {
      const top = --this.#top;
      const w0 = starts[4 * top]!;
      const w1 = starts[4 * top + 1]!;
      const w2 = starts[4 * top + 2]!;
      const w3 = starts[4 * top + 3]!;
      let node = nodes[top]!;
      let depth = this.#depths[top]!;
      for (; node < tree.nodeCount && node !== this.#ipv4Root; depth++) {
        tree.open(node, depth, 128);
        this.#keepRight(depth, w0, w1, w2, w3);
        node = tree.left;
      }
      const isIpv4 = node < tree.nodeCount || (depth === 96 && w0 === 0 && w1 === 0 && w2 === 0);
      this.#builder.push(w0, w1, w2, w3, this.#idOf(isIpv4 ? 0 : tree.recordStart(node)));
    }
    return this.#top > 0;
  }

  ranges(): Ranges6 {
    return this.#builder.ranges();
  }

  /** Keeps the right branch of the node just opened for later. */
  #keepRight(depth: number, w0: number, w1: number, w2: number, w3: number): void {
    const starts = this.#starts;
    const top = this.#top++;
    const bit = 0x80000000 >>> (depth & 31);
    this.#nodes[top] = this.#tree.right;
    this.#depths[top] = depth + 1;
    starts[4 * top] = depth < 32 ? w0 | bit : w0;
    starts[4 * top + 1] = depth >= 32 && depth < 64 ? w1 | bit : w1;
    starts[4 * top + 2] = depth >= 64 && depth < 96 ? w2 | bit : w2;
    starts[4 * top + 3] = depth >= 96 ? w3 | bit : w3;
  }
}
