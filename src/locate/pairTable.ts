import { grown } from "../core/grown.js";
import { mix } from "./mix.js";

/** Pairs of a place id and a network id as dense pair ids; pair 0 is (0, 0). */
export class PairTable {
  #length = 1;
  #place: Uint32Array = new Uint32Array(1024);
  #network: Uint32Array = new Uint32Array(1024);
  /** The pair of a place with network 0, by place id; 0 for none yet. */
  #ofPlace = new Uint32Array(1024);
  /** Open addressing for pairs with a network; 0 is a free slot. */
  #slots = new Uint32Array(4096);
  #hashed = 0;
  /** Whether the pairs are in `ofPlace` and `slots`, which those of a saved table are once a pair is looked for. */
  #isIndexed = true;

  get length(): number {
    return this.#length;
  }
  get place(): Uint32Array {
    return this.#place;
  }
  get network(): Uint32Array {
    return this.#network;
  }

  /**
   * Adds the pairs of a saved table, in steps, whose places and networks have these ids here (undefined: the same), and
   * returns the id here of each; undefined if all keep their id. A table that is still empty takes the columns over.
   */
  *addAll(
    place: Uint32Array,
    network: Uint32Array,
    placeIds: Uint32Array | undefined,
    networkIds: Uint32Array | undefined,
  ): Generator<undefined, Uint32Array | undefined> {
    const places = renumbered(place, placeIds);
    yield;
    const networks = renumbered(network, networkIds);
    yield;
    if (this.#length > 1) return places.map((id, pair) => this.id(id, networks[pair]!));
    this.#length = places.length;
    this.#place = places;
    this.#network = networks;
    this.#isIndexed = false;
    return undefined;
  }

  /** The id of a pair; a new one if it has none. */
  id(place: number, network: number): number {
    if (!this.#isIndexed) this.#indexAll();
    if (network === 0) return this.#alone(place);
    const mask = this.#slots.length - 1;
    let slot = mix(place, network) & mask;
    for (let id: number; (id = this.#slots[slot]!) !== 0; slot = (slot + 1) & mask) {
      if (this.#place[id] === place && this.#network[id] === network) return id;
    }
    const id = this.#add(place, network);
    this.#slots[slot] = id;
    if (2 * ++this.#hashed > this.#slots.length) this.#rebuild(2 * this.#slots.length);
    return id;
  }

  /** The pair of a place with no network, which most pairs of a city database are. */
  #alone(place: number): number {
    if (place === 0) return 0;
    if (place >= this.#ofPlace.length) this.#ofPlace = grown(this.#ofPlace, 2 * place);
    return (this.#ofPlace[place] ||= this.#add(place, 0));
  }

  #add(place: number, network: number): number {
    const id = this.#length++;
    if (id >= this.#place.length) {
      this.#place = grown(this.#place, 2 * id);
      this.#network = grown(this.#network, 2 * id);
    }
    this.#place[id] = place;
    this.#network[id] = network;
    return id;
  }

  #indexAll(): void {
    this.#isIndexed = true;
    for (let id = 1; id < this.#length; id++) {
      const place = this.#place[id]!;
      if (this.#network[id] !== 0) this.#hashed++;
      else {
        if (place >= this.#ofPlace.length) this.#ofPlace = grown(this.#ofPlace, 2 * place);
        this.#ofPlace[place] = id;
      }
    }
    let capacity = this.#slots.length;
    while (capacity < 4 * this.#hashed) capacity *= 2;
    this.#rebuild(capacity);
  }

  #rebuild(capacity: number): void {
    const slots = new Uint32Array(capacity);
    const mask = slots.length - 1;
    for (let id = 1; id < this.#length; id++) {
      if (this.#network[id] === 0) continue;
      let slot = mix(this.#place[id]!, this.#network[id]!) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = id;
    }
    this.#slots = slots;
  }
}

function renumbered(ids: Uint32Array, numbers: Uint32Array | undefined): Uint32Array {
  if (numbers === undefined) return ids;
  const result = new Uint32Array(ids.length);
  for (let i = 0; i < ids.length; i++) result[i] = numbers[ids[i]!]!;
  return result;
}
