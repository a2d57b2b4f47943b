import { type Network, NetworkTable } from "../../core/networks.js";
import { locateError } from "../errors.js";

/** What a network has where nothing is said. */
export const NO_NETWORK: Network = { asn: 0, organization: "", name: "", tags: [], reserved: "" };

/** Finds networks by content, so that equal networks have one id however many databases and reloads name them. */
export class NetworkIndex {
  #networks: NetworkTable;
  /** Ids by content, made when a network is first looked for. */
  #ids: Map<string, number> | undefined;
  #isKept = false;

  constructor(networks: NetworkTable = new NetworkTable()) {
    this.#networks = networks;
  }

  /** From now on the table stays the same object, because others hold it. */
  keep(): void {
    this.#isKept = true;
  }

  get networks(): NetworkTable {
    return this.#networks;
  }

  /** Adds all networks of another table and returns the id here of each; undefined if all keep their id. Throws `too-many-tags`. */
  addAll(others: NetworkTable): Uint32Array | undefined {
    if (this.#networks.length === 1 && !this.#isKept) {
      this.#networks = others;
      this.#ids = undefined;
      return undefined;
    }
    return Uint32Array.from({ length: others.length }, (_, id) => (id === 0 ? 0 : this.id(others.at(id)!)));
  }

  /** The id of a network; 0 if it says nothing. Throws `too-many-tags`. */
  id(network: Network): number {
    const normal = { ...network, tags: [...new Set(network.tags)].sort() };
    const key = keyOf(normal);
    if (key === EMPTY) return 0;
    const ids = this.#index();
    const known = ids.get(key);
    if (known !== undefined) return known;
    const { tags } = this.#networks;
    const unknown = normal.tags.filter((tag) => tags.find(tag) < 0).length;
    if (tags.size - 1 + unknown > MAX_TAGS) throw locateError("too-many-tags", { limit: MAX_TAGS });
    const id = this.#networks.add(normal);
    ids.set(key, id);
    return id;
  }

  #index(): Map<string, number> {
    if (this.#ids === undefined) {
      this.#ids = new Map();
      for (let id = 1; id < this.#networks.length; id++) this.#ids.set(keyOf(this.#networks.at(id)!), id);
    }
    return this.#ids;
  }
}

/** One bit each in a 32-bit column. */
const MAX_TAGS = 32;
const keyOf = (n: Network): string => JSON.stringify([n.asn, n.organization, n.name, n.tags, n.reserved]);
const EMPTY = keyOf(NO_NETWORK);
