import { ROLE } from "../fields/role.js";
import type { JsonSlots } from "./jsonSlots.js";
import type { KernelLayout } from "./kernelLayout.js";
import { skipString, skipValue } from "./skipJson.js";

const MAX_NODES = 4096;
const NODE_BYTES = 64;
const TEXT_BYTES = 1 << 18;
const MAX_TEXT_BYTES = 1024;

type Operations = Readonly<Record<number, number>>;

/** What the kernel does at a value, as wasm/jsonLines/shapes.as.ts numbers it: at strings of a role, and at others. */
const AT_STRING: Operations = {
  [ROLE.ignored]: 3,
  [ROLE.time]: 5,
  [ROLE.address]: 6,
  [ROLE.user]: 10,
  [ROLE.dimension]: 11,
  [ROLE.path]: 12,
};
const AT_OTHER: Operations = {
  [ROLE.ignored]: 2,
  [ROLE.time]: 4,
  [ROLE.status]: 7,
  [ROLE.latency]: 8,
  [ROLE.bytes]: 9,
};
/** Where the value must be absent. */
const ABSENT = 0;
const ABSENT_STRING = 1;
const END_OF_LINE = 13;
const CONTESTED = 32;
const LONG = 64;

// Where the fields of `Shape` there are.
const IGNORED = 16;
const SIZE = 20;
const CHILD = 24;
const SIBLING = 28;
const OPERATION = 32;
const TARGET = 36;
const DIMENSION = 40;
const TEXT = 44;
const SCALE = 48;
const RANK = 56;

const SPACE = 32;
const QUOTE = 34;
const COMMA = 44;
const OPEN = 123;
const CLOSE = 125;
const NEWLINE = 10;

/**
 * The shapes of a file's lines as the kernel knows them: a tree, of which each node is what stands between two values
 * (`,"status":`, with the quotes of the values if they are strings) and what the value behind it is. Only lines that the plain path has read are learned, so a way from the
 * root to a leaf is JSON, and has no key twice.
 */
export class JsonShapes {
  readonly #slots: JsonSlots;
  readonly #nodes: DataView;
  readonly #memory: Uint8Array;
  readonly #text: Uint8Array;
  #length = 1;
  #textUsed = 0;
  #resolved = 0;

  constructor(slots: JsonSlots, layout: KernelLayout) {
    this.#slots = slots;
    const nodes = layout.place(Uint8Array, MAX_NODES * NODE_BYTES);
    this.#text = layout.place(Uint8Array, TEXT_BYTES + 16);
    this.#nodes = new DataView(nodes.buffer, nodes.byteOffset, nodes.byteLength);
    this.#memory = new Uint8Array(nodes.buffer);
  }

  /** Address of the root. */
  get root(): number {
    return this.#nodes.byteOffset;
  }

  /** Forgets all shapes if keys have got other fields since they were learned. */
  refresh(): void {
    if (this.#slots.resolved !== this.#resolved) this.#clear();
  }

  /** Learns the shape of the line at `start`, which the plain path has read. */
  learn(bytes: Uint8Array, start: number): void {
    this.refresh();
    const { parent: parentOf } = this.#slots;
    let node = 0;
    let parent = 0;
    let from = start;
    let at = start + 1;
    for (;;) {
      at = skipSpace(bytes, at);
      const keyEnd = skipString(bytes, at);
      const slot = this.#slots.find(parent, bytes, at, keyEnd);
      at = skipSpace(bytes, skipSpace(bytes, keyEnd) + 1);
      if (bytes[at] === OPEN) {
        parent = slot;
        at++;
        continue;
      }
      const quote = bytes[at] === QUOTE ? 1 : 0;
      node = this.#child(node, bytes, from, at + quote, slot);
      at = skipValue(bytes, at);
      if (at < 0) return;
      from = at - quote;
      at = skipSpace(bytes, at);
      for (; bytes[at] === CLOSE && parent !== 0; at = skipSpace(bytes, at + 1)) parent = parentOf[parent]!;
      if (node < 0 || slot < 0) return;
      if (bytes[at++] === COMMA) continue;
      this.#child(node, bytes, from, bytes.indexOf(NEWLINE, at) + 1, -1);
      return;
    }
  }

  /** The node behind `parent` whose text is bytes[start, end); -1 if it is too long to be learned. */
  #child(parent: number, bytes: Uint8Array, start: number, end: number, slot: number): number {
    const nodes = this.#nodes;
    const text = bytes.subarray(start, end);
    let link = parent * NODE_BYTES + CHILD;
    // Longer texts come first: a shorter one may be the beginning of them.
    for (let known = nodes.getUint32(link, true); known !== 0; known = nodes.getUint32(link, true)) {
      const at = known - nodes.byteOffset;
      const size = nodes.getInt32(at + SIZE, true);
      if (size < text.length) break;
      if (size === text.length && this.#hasText(at, text)) return at / NODE_BYTES;
      link = at + SIBLING;
    }
    if (text.length > MAX_TEXT_BYTES) return -1;
    if (this.#length === MAX_NODES || this.#textUsed + text.length > TEXT_BYTES) {
      this.#clear();
      return -1;
    }
    const node = this.#length++;
    this.#write(node * NODE_BYTES, text, slot);
    nodes.setUint32(node * NODE_BYTES + SIBLING, nodes.getUint32(link, true), true);
    nodes.setUint32(link, nodes.byteOffset + node * NODE_BYTES, true);
    return node;
  }

  #hasText(at: number, text: Uint8Array): boolean {
    const known = this.#nodes.getUint32(at + TEXT, true);
    return text.every((byte, i) => this.#memory[known + i] === byte);
  }

  #write(at: number, text: Uint8Array, slot: number): void {
    const nodes = this.#nodes;
    const { role, contested, target, dimension, scale, rank } = this.#slots;
    new Uint8Array(nodes.buffer, nodes.byteOffset + at, 16).set(text.subarray(0, 16));
    nodes.setInt32(at + IGNORED, -1 << Math.min(16, text.length), true);
    nodes.setInt32(at + SIZE, text.length, true);
    nodes.setUint32(at + TEXT, this.#text.byteOffset + this.#textUsed, true);
    this.#text.set(text, this.#textUsed);
    this.#textUsed += text.length;
    const long = text.length > 16 ? LONG : 0;
    if (slot < 0) {
      nodes.setInt32(at + OPERATION, END_OF_LINE | long, true);
      return;
    }
    const isString = text.at(-1) === QUOTE;
    const operation = isString ? (AT_STRING[role[slot]!] ?? ABSENT_STRING) : (AT_OTHER[role[slot]!] ?? ABSENT);
    const competes = contested[slot] === 1 ? CONTESTED : 0;
    nodes.setInt32(at + OPERATION, operation | competes | long, true);
    nodes.setInt32(at + TARGET, target[slot]!, true);
    nodes.setInt32(at + DIMENSION, dimension[slot]!, true);
    nodes.setFloat64(at + SCALE, scale[slot]!, true);
    nodes.setFloat64(at + RANK, rank[slot]!, true);
  }

  #clear(): void {
    new Uint8Array(this.#nodes.buffer, this.#nodes.byteOffset, this.#length * NODE_BYTES).fill(0);
    this.#length = 1;
    this.#textUsed = 0;
    this.#resolved = this.#slots.resolved;
  }
}

function skipSpace(bytes: Uint8Array, start: number): number {
  let at = start;
  while (bytes[at] === SPACE) at++;
  return at;
}
