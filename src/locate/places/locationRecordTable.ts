import { allocateShared, grown } from "../../core/grown.js";
import { hash32 } from "../../core/hash32.js";

/** Pairs as columns, which can be saved. */
export interface PairColumns {
  /** Pairs below this are plain: of the place with their own number and no network. At least 1, for pair 0 is (0, 0). */
  readonly plain: number;
  /** Place id and network id of each pair from the first one on that is not plain. */
  readonly place: Uint32Array;
  readonly network: Uint32Array;
}

/** Pairs of a place id and a network id as dense pair ids; pair 0 is (0, 0). */
export class LocationRecordTable {
  #plain = 1;
  /** How many pairs are not plain, and their columns. */
  #others = 0;
  #place: Uint32Array = new Uint32Array(1024);
  #network: Uint32Array = new Uint32Array(1024);
  /** The pair of a place with network 0 that is not plain, by place id; 0 for none yet. */
  #ofPlace = new Uint32Array(1024);
  /** Open addressing for pairs with a network; 0 is a free slot. No `HashIndex`: every network of a database comes by. */
  #slots = new Uint32Array(4096);
  #hashed = 0;
  /** Whether the pairs are in `ofPlace` and `slots`, which those of a saved table are once a pair is looked for. */
  #isIndexed = true;

  get length(): number {
    return this.#plain + this.#others;
  }

  placeOf(pair: number): number {
    return pair < this.#plain ? pair : this.#place[pair - this.#plain]!;
  }

  networkOf(pair: number): number {
    return pair < this.#plain ? 0 : this.#network[pair - this.#plain]!;
  }

  /** All pairs; a later one changes nothing in the columns. */
  columns(): PairColumns {
    const [place, network] = [this.#place.subarray(0, this.#others), this.#network.subarray(0, this.#others)];
    return { plain: this.#plain, place, network };
  }

  /**
   * Adds the pairs of a saved table, in steps, whose places and networks have these ids here (undefined: the same), and
   * returns the id here of each; undefined if all keep their id. A table that is still empty takes the columns over.
   */
  *addAll(
    pairs: PairColumns,
    placeIds: Uint32Array | undefined,
    networkIds: Uint32Array | undefined,
  ): Generator<undefined, Uint32Array | undefined> {
    const { plain, place, network } = yield* renumbered(pairs, placeIds, networkIds);
    yield;
    if (this.length > 1) {
      const ids = new Uint32Array(plain + place.length);
      for (let pair = 1; pair < plain; pair++) ids[pair] = this.id(pair, 0);
      for (let i = 0; i < place.length; i++) ids[plain + i] = this.id(place[i]!, network[i]!);
      return ids;
    }
    this.#plain = plain;
    this.#others = place.length;
    this.#place = place;
    this.#network = network;
    this.#isIndexed = false;
    return undefined;
  }

  /** The id of a pair; a new one if it has none. */
  id(place: number, network: number): number {
    if (!this.#isIndexed) this.#indexAll();
    if (network === 0) return this.#alone(place);
    const mask = this.#slots.length - 1;
    let slot = hash32(place, network) & mask;
    for (let id: number; (id = this.#slots[slot]!) !== 0; slot = (slot + 1) & mask) {
      if (this.placeOf(id) === place && this.networkOf(id) === network) return id;
    }
    const id = this.#add(place, network);
    this.#slots[slot] = id;
    if (2 * ++this.#hashed > this.#slots.length) this.#rebuild(2 * this.#slots.length);
    return id;
  }

  /** The pair of a place with no network, which most pairs of a city database are. */
  #alone(place: number): number {
    if (place < this.#plain) return place;
    if (place === this.#plain && this.#others === 0) return this.#plain++;
    if (place >= this.#ofPlace.length) this.#ofPlace = grown(this.#ofPlace, 2 * place);
    return (this.#ofPlace[place] ||= this.#add(place, 0));
  }

  #add(place: number, network: number): number {
    const at = this.#others++;
    if (at >= this.#place.length) {
      this.#place = grown(this.#place, Math.max(2 * at, 1024));
      this.#network = grown(this.#network, Math.max(2 * at, 1024));
    }
    this.#place[at] = place;
    this.#network[at] = network;
    return this.#plain + at;
  }

  #indexAll(): void {
    this.#isIndexed = true;
    for (let i = 0; i < this.#others; i++) {
      const place = this.#place[i]!;
      if (this.#network[i] !== 0) this.#hashed++;
      else {
        if (place >= this.#ofPlace.length) this.#ofPlace = grown(this.#ofPlace, 2 * place);
        this.#ofPlace[place] = this.#plain + i;
      }
    }
    let capacity = this.#slots.length;
    while (capacity < 4 * this.#hashed) capacity *= 2;
    this.#rebuild(capacity);
  }

  #rebuild(capacity: number): void {
    const slots = new Uint32Array(capacity);
    const mask = slots.length - 1;
    for (let i = 0; i < this.#others; i++) {
      if (this.#network[i] === 0) continue;
      let slot = hash32(this.#place[i]!, this.#network[i]!) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = this.#plain + i;
    }
    this.#slots = slots;
  }
}

/** The same pairs with other places and networks, of which fewer may be plain, in steps. */
function* renumbered(
  { plain, place, network }: PairColumns,
  placeIds: Uint32Array | undefined,
  networkIds: Uint32Array | undefined,
): Generator<undefined, PairColumns> {
  const stay = placeIds === undefined ? plain : countInPlace(placeIds, plain);
  yield;
  const [places, networks] = [place, network].map((column) => {
    const whole = new Uint32Array(allocateShared(4 * (plain - stay + column.length)));
    whole.set(column, plain - stay);
    return whole;
  }) as [Uint32Array, Uint32Array];
  yield;
  for (let i = stay; i < plain; i++) places[i - stay] = i;
  if (placeIds !== undefined) for (let i = 0; i < places.length; i++) places[i] = placeIds[places[i]!]!;
  yield;
  if (networkIds !== undefined) for (let i = 0; i < networks.length; i++) networks[i] = networkIds[networks[i]!]!;
  return { plain: stay, place: places, network: networks };
}

/** How many of the first ids are their own position. */
function countInPlace(ids: Uint32Array, end: number): number {
  let count = 0;
  while (count < end && ids[count] === count) count++;
  return count;
}
