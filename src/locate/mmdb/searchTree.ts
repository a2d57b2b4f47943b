import { locateError } from "../errors.js";
import type { MmdbFile } from "./mmdbFile.js";

/** A record of the search tree: below the node count a node, else what {@link SearchTree.recordStart} says. */
type TreeRecord = number;

/** The search tree of an .mmdb file, with limits to how far a damaged one can lead astray. */
export class SearchTree {
  readonly nodeCount: number;
  /** The records of the node that was opened last. */
  left: TreeRecord = 0;
  right: TreeRecord = 0;
  readonly #file: MmdbFile;
  readonly #bytes: Uint8Array;
  readonly #recordSize: number;
  readonly #recordsEnd: number;
  /** Trees may share subtrees, but one that is walked many times over was made to keep us busy. */
  opensLeft: number;

  constructor(file: MmdbFile) {
    this.nodeCount = file.nodeCount;
    this.#file = file;
    this.#bytes = file.bytes;
    this.#recordSize = file.recordSize;
    this.#recordsEnd = file.nodeCount + 16 + file.dataEnd - file.dataStart;
    this.opensLeft = 4 * file.nodeCount + 1024;
  }

  /** Reads the node that lies `depth` steps below the root, of at most `bits`. Throws `corrupt-database`. */
  open(node: number, depth: number, bits: number): void {
    if (depth >= bits) throw this.tooDeep();
    if (this.opensLeft-- <= 0) throw this.inCircles();
    const b = this.#bytes;
    if (this.#recordSize === 28) {
      const at = node * 7;
      const middle = b[at + 3]!;
      this.left = ((middle & 0xf0) << 20) | (b[at]! << 16) | (b[at + 1]! << 8) | b[at + 2]!;
      this.right = ((middle & 0x0f) << 24) | (b[at + 4]! << 16) | (b[at + 5]! << 8) | b[at + 6]!;
    } else if (this.#recordSize === 24) {
      const at = node * 6;
      this.left = (b[at]! << 16) | (b[at + 1]! << 8) | b[at + 2]!;
      this.right = (b[at + 3]! << 16) | (b[at + 4]! << 8) | b[at + 5]!;
    } else {
      const at = node * 8;
      this.left = ((b[at]! << 24) | (b[at + 1]! << 16) | (b[at + 2]! << 8) | b[at + 3]!) >>> 0;
      this.right = ((b[at + 4]! << 24) | (b[at + 5]! << 16) | (b[at + 6]! << 8) | b[at + 7]!) >>> 0;
    }
  }

  /** Where the record of a leaf begins in the file; 0 for no record. Throws `corrupt-database`. */
  recordStart(leaf: TreeRecord): number {
    if (leaf === this.nodeCount) return 0;
    if (leaf < this.nodeCount + 16 || leaf >= this.#recordsEnd) {
      throw this.#corrupt("the search tree leads out of the data");
    }
    return leaf - this.nodeCount - 16 + this.#file.dataStart;
  }

  /** The node or leaf that ::/96 leads to; the root of an IPv4 tree. */
  ipv4Root(): TreeRecord {
    if (this.#file.ipVersion === 4) return 0;
    let node = 0;
    for (let depth = 0; depth < 96 && node < this.nodeCount; depth++) {
      this.open(node, depth, 128);
      node = this.left;
    }
    return node;
  }

  tooDeep(): Error {
    return this.#corrupt("the search tree is too deep");
  }

  inCircles(): Error {
    return this.#corrupt("the search tree runs in circles");
  }

  #corrupt(reason: string): Error {
    return locateError("corrupt-database", { path: this.#file.path, reason });
  }
}
