import { type Network, NetworkTable } from "../core/networks.js";
import { locateError } from "./errors.js";

/** What a network has where nothing is said. */
export const NO_NETWORK: Network = { asn: 0, organization: "", name: "", tags: [], reserved: "" };

/** Finds networks by content, so that equal networks have one id however many databases and reloads name them. */
export class NetworkIndex {
  readonly networks: NetworkTable;
  readonly #ids = new Map<string, number>();

  constructor(networks: NetworkTable = new NetworkTable()) {
    this.networks = networks;
    for (let id = 1; id < networks.length; id++) this.#ids.set(keyOf(networks.at(id)!), id);
  }

  /** The id of a network; 0 if it says nothing. Throws `too-many-tags`. */
  id(network: Network): number {
    const normal = { ...network, tags: [...new Set(network.tags)].sort() };
    const key = keyOf(normal);
    if (key === EMPTY) return 0;
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    const { tags } = this.networks;
    const unknown = normal.tags.filter((tag) => tags.find(tag) < 0).length;
    if (tags.size - 1 + unknown > MAX_TAGS) throw locateError("too-many-tags", { limit: MAX_TAGS });
    const id = this.networks.add(normal);
    this.#ids.set(key, id);
    return id;
  }
}

/** One bit each in a 32-bit column. */
const MAX_TAGS = 32;
const keyOf = (n: Network): string => JSON.stringify([n.asn, n.organization, n.name, n.tags, n.reserved]);
const EMPTY = keyOf(NO_NETWORK);
