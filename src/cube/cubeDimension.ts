import { Dictionary } from "../core/dictionary.js";
import type { Events } from "../core/events.js";
import type { NetworkTable } from "../core/networks.js";
import { cubeError } from "./errors.js";

/** Where the values beyond the limit of a dimension go. */
export const OTHER = "other";

/**
 * One dimension of a cube: turns what a batch has under its name into the cube's own codes, and keeps runaway
 * cardinality within its limit.
 */
export class CubeDimension {
  readonly name: string;
  readonly dictionary: Dictionary;
  /** Whether values went to "other" because there were too many. */
  overflowed = false;
  readonly #limit: number;
  readonly #overflow: "other" | "error";
  /** The code here + 1 of each code of a dictionary (or row of a network table) met before. */
  readonly #known = new WeakMap<object, Uint32Array>();

  constructor(name: string, limit: number, overflow: "other" | "error", dictionary = new Dictionary()) {
    this.name = name;
    this.#limit = limit;
    this.#overflow = overflow;
    this.dictionary = dictionary;
  }

  /** The code of a value; that of "other" if there is no room for it. Throws `too-many-values` if that is not wanted. */
  code(value: string): number {
    const known = this.dictionary.find(value);
    if (known >= 0) return known;
    if (this.dictionary.size - 1 < this.#limit) return this.dictionary.code(value);
    if (this.#overflow === "error") throw cubeError("too-many-values", { dimension: this.name, limit: this.#limit });
    this.overflowed = true;
    return this.dictionary.code(OTHER);
  }

  /** Writes the code of each event's value. */
  codesInto(events: Events, codes: Uint32Array): void {
    const own = events.dimensions.get(this.name);
    const { networks } = events;
    const ofStatus = this.name === "status" ? statusText : this.name === "status_class" ? statusClass : null;
    const ofNetwork = networkText(this.name, networks);
    if (own) {
      const { dictionary } = own;
      this.#map(own.codes, dictionary, dictionary.size, (code) => dictionary.value(code), codes);
    } else if (ofStatus) this.#map(events.status, ofStatus, 65_536, ofStatus, codes);
    else if (ofNetwork) this.#map(events.network, networks, networks.length, ofNetwork, codes);
    else codes.fill(0);
  }

  #map(
    from: ArrayLike<number>,
    source: object,
    size: number,
    text: (code: number) => string,
    codes: Uint32Array,
  ): void {
    let known = this.#known.get(source);
    if (!known || known.length < size) {
      const wider = new Uint32Array(Math.max(size, 2 * (known?.length ?? 0)));
      if (known) wider.set(known);
      known = wider;
      this.#known.set(source, known);
    }
    for (let i = 0; i < codes.length; i++) {
      const code = from[i]!;
      let mine = known[code]!;
      if (mine === 0) {
        mine = this.code(text(code)) + 1;
        known[code] = mine;
      }
      codes[i] = mine - 1;
    }
  }
}

const statusText = (status: number): string => (status === 0 ? "" : String(status));
const statusClass = (status: number): string => (status === 0 ? "" : `${Math.floor(status / 100)}xx`);

function networkText(name: string, networks: NetworkTable): ((id: number) => string) | null {
  if (name === "asn") return (id) => (networks.asn[id] ? String(networks.asn[id]) : "");
  if (name === "organization") return (id) => networks.organizations.value(networks.organization[id]!);
  if (name === "network") return (id) => networks.names.value(networks.name[id]!);
  if (name === "tag") return (id) => networks.at(id)?.tags.join(",") ?? "";
  return null;
}
