import { locateError } from "../errors.js";
import { type Ranges4, Ranges4Builder, uniformRanges4 } from "../ranges4.js";
import { type Ranges6, Ranges6Builder, uniformRanges6 } from "../ranges6.js";
import type { MmdbFile } from "./openMmdb.js";

/** The networks of a file as ranges; an id is where the network's record begins in the file, or 0 for no record. */
export interface MmdbRanges {
  readonly ranges4: Ranges4;
  readonly ranges6: Ranges6;
}

/** After how many nodes the walk pauses. */
const NODES_A_STEP = 50_000;

/**
 * Lists the networks of a search tree in address order, in steps, so that the caller can let others run in between.
 *
 * In an IPv6 tree the IPv4 networks lie under ::/96; other links to that subtree (::ffff:0:0/96, 2002::/16,
 * 2001::/32) are aliases and listed as empty, because such addresses are resolved by the IPv4 address inside them.
 * Throws `corrupt-database` where the tree leads out of the file, is deeper than an address or visits nodes too often.
 */
export function* walkMmdb(file: MmdbFile): Generator<undefined, MmdbRanges> {
  if (file.nodeCount === 0) return { ranges4: uniformRanges4(0), ranges6: uniformRanges6(0) };
  const walk = new TreeWalk(file);
  const ipv4Root = file.ipVersion === 4 ? 0 : walk.ipv4Root();
  const ranges4 = yield* walkIpv4(walk, ipv4Root);
  if (file.ipVersion === 4) return { ranges4, ranges6: uniformRanges6(0) };
  return { ranges4, ranges6: yield* walkIpv6(walk, ipv4Root) };
}

class TreeWalk {
  readonly file: MmdbFile;
  readonly nodeCount: number;
  readonly nodes = new Float64Array(130);
  readonly depths = new Uint8Array(130);
  readonly words = new Uint32Array(4 * 130);
  /** Trees may share subtrees, but one that is visited many times over was made to keep us busy. */
  visitsLeft: number;
  readonly #lastRecord: number;

  constructor(file: MmdbFile) {
    this.file = file;
    this.nodeCount = file.nodeCount;
    this.visitsLeft = 4 * file.nodeCount + 1024;
    this.#lastRecord = file.dataEnd - file.dataStart + 16 + file.nodeCount;
  }

  /** The left (0) or right (1) record of a node. */
  child(node: number, side: 0 | 1): number {
    const { bytes, recordSize } = this.file;
    if (recordSize === 28) {
      const at = node * 7;
      const middle = bytes[at + 3]!;
      if (side === 0) return ((middle >> 4) << 24) | (bytes[at]! << 16) | (bytes[at + 1]! << 8) | bytes[at + 2]!;
      return ((middle & 15) << 24) | (bytes[at + 4]! << 16) | (bytes[at + 5]! << 8) | bytes[at + 6]!;
    }
    if (recordSize === 24) {
      const at = node * 6 + side * 3;
      return (bytes[at]! << 16) | (bytes[at + 1]! << 8) | bytes[at + 2]!;
    }
    const at = node * 8 + side * 4;
    return ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0;
  }

  /** The node (or record) that ::/96 leads to. */
  ipv4Root(): number {
    let node = 0;
    for (let depth = 0; depth < 96 && node < this.nodeCount; depth++) node = this.child(node, 0);
    return node;
  }

  /** Where the record that a leaf names begins in the file; 0 for "no record". */
  recordStart(leaf: number): number {
    if (leaf === this.nodeCount) return 0;
    const { dataStart, path } = this.file;
    if (leaf < this.nodeCount + 16 || leaf >= this.#lastRecord) {
      throw locateError("corrupt-database", { path, reason: "the search tree leads out of the data" });
    }
    return leaf - this.nodeCount - 16 + dataStart;
  }

  /** Counts a visit to an inner node at a depth, and refuses what no tree of addresses does. */
  visit(depth: number, bits: number): void {
    if (depth >= bits || this.visitsLeft-- <= 0) {
      const reason = depth >= bits ? "the search tree is too deep" : "the search tree runs in circles";
      throw locateError("corrupt-database", { path: this.file.path, reason });
    }
  }
}

function* walkIpv4(walk: TreeWalk, root: number): Generator<undefined, Ranges4> {
  const ranges = new Ranges4Builder(Math.min(walk.nodeCount, 1 << 22));
  const { nodes, depths, words, nodeCount } = walk;
  let top = 0;
  let steps = NODES_A_STEP;
  [nodes[0], depths[0], words[0]] = [root, 0, 0];
  while (top >= 0) {
    const node = nodes[top]!;
    const depth = depths[top]!;
    const start = words[top]!;
    if (node >= nodeCount) {
      ranges.push(start, walk.recordStart(node));
      top--;
      continue;
    }
    walk.visit(depth, 32);
    nodes[top] = walk.child(node, 1);
    depths[top] = depth + 1;
    words[top] = start | (0x80000000 >>> depth);
    top++;
    nodes[top] = walk.child(node, 0);
    depths[top] = depth + 1;
    words[top] = start;
    if (--steps === 0) {
      steps = NODES_A_STEP;
      yield;
    }
  }
  return ranges.ranges();
}

function* walkIpv6(walk: TreeWalk, ipv4Root: number): Generator<undefined, Ranges6> {
  const ranges = new Ranges6Builder(Math.min(walk.nodeCount, 1 << 22));
  const { nodes, depths, words, nodeCount } = walk;
  let top = 0;
  let steps = NODES_A_STEP;
  nodes[0] = 0;
  depths[0] = 0;
  words.fill(0, 0, 4);
  while (top >= 0) {
    const node = nodes[top]!;
    const depth = depths[top]!;
    const at = 4 * top;
    // The IPv4 subtree, and every alias of it, is reached through the address inside.
    if (node >= nodeCount || node === ipv4Root) {
      const id = node < nodeCount || (depth === 96 && isIpv4Prefix(words, at)) ? 0 : walk.recordStart(node);
      ranges.push(words[at]!, words[at + 1]!, words[at + 2]!, words[at + 3]!, id);
      top--;
      continue;
    }
    walk.visit(depth, 128);
    nodes[top] = walk.child(node, 1);
    depths[top] = depth + 1;
    words.copyWithin(at + 4, at, at + 4);
    words[at + (depth >>> 5)]! |= 0x80000000 >>> (depth & 31);
    top++;
    nodes[top] = walk.child(node, 0);
    depths[top] = depth + 1;
    if (--steps === 0) {
      steps = NODES_A_STEP;
      yield;
    }
  }
  return ranges.ranges();
}

function isIpv4Prefix(words: Uint32Array, at: number): boolean {
  return words[at] === 0 && words[at + 1] === 0 && words[at + 2] === 0;
}
