import { type Prefix, parseNetwork } from "../../src/locate/address/parseNetwork.js";

export type Encodable = string | number | boolean | readonly Encodable[] | { readonly [key: string]: Encodable };

export interface MmdbSpec {
  readonly networks: readonly (readonly [cidr: string, record: Encodable])[];
  readonly ipVersion?: 4 | 6;
  readonly recordSize?: 24 | 28 | 32;
  readonly databaseType?: string;
  readonly builtSeconds?: number;
  /** Links ::ffff:0:0/96, 2002::/16 and 2001::/32 to the IPv4 networks, as MaxMind's files do. */
  readonly aliases?: boolean;
}

/** A branch of the search tree: another node, where a record begins in the data, or nothing. */
type Branch = Node | number | null;
type Node = [Branch, Branch];

/** Writes a small MaxMind DB as its specification describes it, so that tests need no file. */
export function writeMmdb(spec: MmdbSpec): Uint8Array {
  const { networks, ipVersion = 6, recordSize = 24 } = spec;
  const root: Node = [null, null];
  const data: Buffer[] = [];
  let size = 0;
  for (const [cidr, record] of networks) {
    insert(root, bitsOf(parseNetwork(cidr), ipVersion), size);
    const bytes = encode(record);
    data.push(bytes);
    size += bytes.length;
  }
  if (spec.aliases === true) {
    const ipv4 = at(root, "0".repeat(96)) as Node;
    insert(root, [...`${"0".repeat(80)}${"1".repeat(16)}`].map(Number), ipv4);
    insert(root, [...(0x2002).toString(2).padStart(16, "0")].map(Number), ipv4);
    insert(root, [...(0x20010000).toString(2).padStart(32, "0")].map(Number), ipv4);
  }
  const nodes = numbered(root);
  const tree = Buffer.concat([...nodes.keys()].map((node) => nodeBytes(node, nodes, recordSize)));
  const metadata = Buffer.concat([
    control(7, 9),
    ...field("binary_format_major_version", whole(UINT16, 2)),
    ...field("binary_format_minor_version", whole(UINT16, 0)),
    ...field("build_epoch", whole(UINT64, spec.builtSeconds ?? 1_700_000_000)),
    ...field("database_type", encode(spec.databaseType ?? "Test")),
    ...field("description", encode({ en: "made by a test" })),
    ...field("ip_version", whole(UINT16, ipVersion)),
    ...field("languages", encode(["en"])),
    ...field("node_count", whole(UINT32, nodes.size)),
    ...field("record_size", whole(UINT16, recordSize)),
  ]);
  return Buffer.concat([tree, Buffer.alloc(16), ...data, Buffer.from("\xab\xcd\xefMaxMind.com", "latin1"), metadata]);
}

/** The bits of a network's prefix; IPv4 lies under ::/96 of an IPv6 tree. */
function bitsOf({ family, first, last }: Prefix, ipVersion: 4 | 6): number[] {
  const width = family === 4 ? 32 : 128;
  const length = width - (last - first).toString(2).replace(/^0$/, "").length;
  const bits = [...first.toString(2).padStart(width, "0")].slice(0, length).map(Number);
  return family === 4 && ipVersion === 6 ? [...new Array(96).fill(0), ...bits] : bits;
}

function insert(root: Node, bits: readonly number[], value: Branch): void {
  let node = root;
  for (const bit of bits.slice(0, -1)) {
    const branch = node[bit];
    // A record for a wider network goes on in both halves.
    if (!Array.isArray(branch)) node[bit] = [branch ?? null, branch ?? null];
    node = node[bit] as Node;
  }
  node[bits.at(-1)!] = value;
}

function at(root: Node, bits: string): Branch {
  let branch: Branch = root;
  for (const bit of bits) branch = (branch as Node)[Number(bit)]!;
  return branch;
}

/** The nodes of a tree, each with its number. */
function numbered(root: Node): Map<Node, number> {
  const nodes = new Map<Node, number>([[root, 0]]);
  for (const node of nodes.keys())
    for (const branch of node) if (Array.isArray(branch) && !nodes.has(branch)) nodes.set(branch, nodes.size);
  return nodes;
}

function nodeBytes(node: Node, nodes: ReadonlyMap<Node, number>, recordSize: 24 | 28 | 32): Buffer {
  const [left, right] = node.map((branch) =>
    Array.isArray(branch) ? nodes.get(branch)! : branch === null ? nodes.size : nodes.size + 16 + branch,
  ) as [number, number];
  if (recordSize === 24) return Buffer.concat([uint(left, 3), uint(right, 3)]);
  if (recordSize === 32) return Buffer.concat([uint(left, 4), uint(right, 4)]);
  const middle = ((left >>> 24) << 4) | (right >>> 24);
  return Buffer.concat([uint(left & 0xffffff, 3), uint(middle, 1), uint(right & 0xffffff, 3)]);
}

const uint = (value: number, size: number): Buffer => {
  const bytes = Buffer.alloc(size);
  bytes.writeUIntBE(value, 0, size);
  return bytes;
};

const [UINT16, UINT32, UINT64] = [5, 6, 9];
const SIZES: Readonly<Record<number, number>> = { 5: 2, 6: 4, 9: 6 };

/** A number of a type: strict readers insist on those of the metadata. */
function whole(type: number, value: number): Buffer {
  const size = SIZES[type]!;
  return Buffer.concat([control(type, size), uint(value, size)]);
}

const field = (name: string, value: Buffer): Buffer[] => [encode(name), value];

function encode(value: Encodable): Buffer {
  if (typeof value === "string") return Buffer.concat([control(2, Buffer.byteLength(value)), Buffer.from(value)]);
  if (typeof value === "boolean") return control(14, value ? 1 : 0);
  if (typeof value === "number") {
    if (Number.isInteger(value) && value >= 0) return Buffer.concat([control(6, 4), uint(value, 4)]);
    const double = Buffer.alloc(8);
    double.writeDoubleBE(value);
    return Buffer.concat([control(3, 8), double]);
  }
  if (Array.isArray(value)) return Buffer.concat([control(11, value.length), ...value.map(encode)]);
  const entries = Object.entries(value as Record<string, Encodable>);
  return Buffer.concat([control(7, entries.length), ...entries.flatMap(([k, v]) => [encode(k), encode(v)])]);
}

function control(type: number, size: number): Buffer {
  const [low, more] = size < 29 ? [size, Buffer.alloc(0)] : [29, uint(size - 29, 1)];
  return type < 8
    ? Buffer.concat([uint((type << 5) | low, 1), more])
    : Buffer.concat([uint(low, 1), uint(type - 7, 1), more]);
}
