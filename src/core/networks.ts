import { type Allocate, copied, grown } from "./grown.js";
import { PackedDictionary, type PackedStrings } from "./packedDictionary.js";

/** Who runs the network that an address belongs to, and what is known of its use. */
export interface Network {
  /** Autonomous system number; 0 where unknown. */
  readonly asn: number;
  /** Name of the autonomous system's or provider's organization; empty where unknown. */
  readonly organization: string;
  /** The name that the user gave the network ("Berlin office"), or the empty string. */
  readonly name: string;
  /** `hosting`, `vpn`, `tor`, `relay`, `bot`, `satellite`, `carrier`, `office` … sorted, without repeats. */
  readonly tags: readonly string[];
  /** Why an address of this network has no place: `private`, `loopback`, `documentation` … (RFC 6890); empty where it may have one. */
  readonly reserved: string;
}

/** A {@link NetworkTable} as nothing but columns, row 0 among them: what threads share and files hold. */
export interface NetworkColumns {
  readonly asn: Uint32Array;
  readonly organization: Uint32Array;
  readonly name: Uint32Array;
  readonly reserved: Uint8Array;
  readonly tagBits: Uint32Array;
  readonly organizations: PackedStrings;
  readonly names: PackedStrings;
  readonly reasons: PackedStrings;
  readonly tags: PackedStrings;
}

/**
 * Networks as rows of columns. A row's number is the network id; ids never change, row 0 is "unknown".
 *
 * The columns are longer than `length` while the table grows: read them through the getters, each time anew.
 */
export class NetworkTable {
  readonly organizations: PackedDictionary;
  readonly names: PackedDictionary;
  readonly reasons: PackedDictionary;
  /** Bit b of `tagBits` stands for `tags.value(b + 1)`; at most 32 different tags. */
  readonly tags: PackedDictionary;
  #length = 1;
  #asn: Uint32Array = new Uint32Array(64);
  #organization: Uint32Array = new Uint32Array(64);
  #name: Uint32Array = new Uint32Array(64);
  #reserved: Uint8Array = new Uint8Array(64);
  #tagBits: Uint32Array = new Uint32Array(64);

  /** @param columns - rows to begin with; used as they are, not copied */
  constructor(columns?: NetworkColumns) {
    this.organizations = new PackedDictionary(columns?.organizations);
    this.names = new PackedDictionary(columns?.names);
    this.reasons = new PackedDictionary(columns?.reasons);
    this.tags = new PackedDictionary(columns?.tags);
    if (columns === undefined) return;
    this.#length = columns.asn.length;
    this.#asn = columns.asn;
    this.#organization = columns.organization;
    this.#name = columns.name;
    this.#reserved = columns.reserved;
    this.#tagBits = columns.tagBits;
  }

  /** How many rows there are, row 0 among them. */
  get length(): number {
    return this.#length;
  }
  get asn(): Uint32Array {
    return this.#asn;
  }
  /** Codes of `organizations`. */
  get organization(): Uint32Array {
    return this.#organization;
  }
  /** Codes of `names`. */
  get name(): Uint32Array {
    return this.#name;
  }
  /** Codes of `reasons`. */
  get reserved(): Uint8Array {
    return this.#reserved;
  }
  get tagBits(): Uint32Array {
    return this.#tagBits;
  }

  /** The bit of a tag in `tagBits`, or 0 if no network has it. */
  tagBit(tag: string): number {
    const code = this.tags.find(tag);
    return code > 0 ? (1 << (code - 1)) >>> 0 : 0;
  }

  /** Appends a network, whether or not an equal one is there, and returns its id. Throws a RangeError at the 33rd tag. */
  add(network: Network): number {
    let bits = 0;
    for (const tag of network.tags) {
      const code = this.tags.code(tag);
      if (code > 32) throw new RangeError("a network table holds at most 32 different tags");
      bits |= 1 << (code - 1);
    }
    const id = this.#length++;
    if (id === this.#asn.length) this.#grow(2 * id);
    this.#asn[id] = network.asn;
    this.#organization[id] = this.organizations.code(network.organization);
    this.#name[id] = this.names.code(network.name);
    this.#reserved[id] = this.reasons.code(network.reserved);
    this.#tagBits[id] = bits;
    return id;
  }

  /** The network of an id as an object, or null for id 0 and ids never given. */
  at(id: number): Network | null {
    if (id <= 0 || id >= this.#length) return null;
    const bits = this.#tagBits[id]!;
    return {
      asn: this.#asn[id]!,
      organization: this.organizations.value(this.#organization[id]!),
      name: this.names.value(this.#name[id]!),
      tags: this.tags.values.filter((tag, code) => tag !== "" && (bits >>> (code - 1)) & 1).toSorted(),
      reserved: this.reasons.value(this.#reserved[id]!),
    };
  }

  /** Copies of all columns in memory that `allocate` gives. */
  columns(allocate: Allocate): NetworkColumns {
    const length = this.#length;
    return {
      asn: copied(this.#asn, length, allocate),
      organization: copied(this.#organization, length, allocate),
      name: copied(this.#name, length, allocate),
      reserved: copied(this.#reserved, length, allocate),
      tagBits: copied(this.#tagBits, length, allocate),
      organizations: this.organizations.pack(allocate),
      names: this.names.pack(allocate),
      reasons: this.reasons.pack(allocate),
      tags: this.tags.pack(allocate),
    };
  }

  #grow(capacity: number): void {
    this.#asn = grown(this.#asn, capacity);
    this.#organization = grown(this.#organization, capacity);
    this.#name = grown(this.#name, capacity);
    this.#reserved = grown(this.#reserved, capacity);
    this.#tagBits = grown(this.#tagBits, capacity);
  }
}
