import { u8, u32 } from "./columns/field.js";
import { fromPacked, type PackedOf, schema } from "./columns/schema.js";

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

/** The columns of a network, in the order in which files hold them. */
export const NETWORK_COLUMNS = {
  asn: u32,
  organization: { ...u32, dictionary: "organizations" },
  name: { ...u32, dictionary: "names" },
  reserved: { ...u8, dictionary: "reasons" },
  /** Bit b stands for `tags.value(b + 1)`; at most 32 different tags. */
  tagBits: { ...u32, dictionary: "tags", isBits: true },
} as const;

/** A {@link NetworkTable} as nothing but columns, row 0 among them: what threads share and files hold. */
export type NetworkColumns = PackedOf<typeof NETWORK_COLUMNS>;

/**
 * Networks as rows of columns. A row's number is the network id; ids never change, row 0 is "unknown".
 *
 * The columns are longer than `length` while the table grows: read them through the table, each time anew.
 */
export class NetworkTable extends schema(NETWORK_COLUMNS, (packed?: NetworkColumns) => fromPacked(packed)) {
  readonly #told = new Map<string, number>();

  /** @param packed - rows to begin with; used as they are, not copied */
  constructor(packed?: NetworkColumns) {
    super(packed);
    if (packed === undefined) this.addUnknown();
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
    const id = this.addRow();
    this.asn[id] = network.asn;
    this.organization[id] = this.organizations.code(network.organization);
    this.name[id] = this.names.code(network.name);
    this.reserved[id] = this.reasons.code(network.reserved);
    this.tagBits[id] = bits;
    return id;
  }

  /** The id of a network that was asked for here before; else adds it. For networks that logs tell, not databases. */
  idOf(network: Network): number {
    const key = JSON.stringify(network);
    let id = this.#told.get(key);
    if (id === undefined) this.#told.set(key, (id = this.add(network)));
    return id;
  }

  /** The network of an id as an object, or null for id 0 and ids never given. */
  at(id: number): Network | null {
    if (id <= 0 || id >= this.length) return null;
    const bits = this.tagBits[id]!;
    return {
      asn: this.asn[id]!,
      organization: this.organizations.value(this.organization[id]!),
      name: this.names.value(this.name[id]!),
      tags: this.tags.values.filter((tag, code) => tag !== "" && (bits >>> (code - 1)) & 1).toSorted(),
      reserved: this.reasons.value(this.reserved[id]!),
    };
  }
}
