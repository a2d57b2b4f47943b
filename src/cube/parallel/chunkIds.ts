import type { AddressColumn } from "../../core/addressColumn.js";
import type { Events } from "../../core/events.js";
import type { ClientCodes } from "../keys/clientCodes.js";
import { type DimensionSource, dimensionSource, STATUSES } from "../keys/dimensionSource.js";
import type { IdAssigner } from "../keys/idAssigner.js";
import { IdLog, type SharedLog } from "./idLog.js";
import { type FreshKeys, KeyIds } from "./keyIds.js";

/** What a thread is told of the numbers of a cube. */
export interface SharedNumbers {
  /** Of places by id, and how many there are. */
  readonly places: SharedLog;
  readonly placeCount: number;
  readonly networkCount: number;
  /** Of each dimension: of the thread's own codes of values, and of statuses or network ids. */
  readonly values: readonly SharedLog[];
  readonly derived: readonly SharedLog[];
}

/** Values of a dimension that a part has and whose codes its thread did not know. */
export interface FreshValues extends FreshKeys {
  /** What the keys are; null if the part has no values. */
  readonly kind: DimensionSource["kind"] | null;
}

/** The numbers of a cube as far as a thread knows them, and those that it gives itself for the part at hand. */
export class ChunkIds implements IdAssigner {
  readonly #names: readonly string[];
  readonly #clients: ClientCodes;
  readonly #places: KeyIds;
  readonly #placeCount: number;
  readonly #networkCount: number;
  readonly #values: readonly KeyIds[];
  readonly #derived: readonly KeyIds[];
  readonly #owners: (object | undefined)[] = [];
  #kinds: (DimensionSource["kind"] | null)[] = [];

  /**
   * @param names - of the cube's dimensions
   * @param clients - the thread's own
   */
  constructor(names: readonly string[], shared: SharedNumbers, clients: ClientCodes) {
    const numbers = (log: SharedLog, size: number): KeyIds => new KeyIds(new IdLog(log), size);
    this.#names = names;
    this.#clients = clients;
    this.#places = numbers(shared.places, shared.placeCount);
    this.#placeCount = shared.placeCount;
    this.#networkCount = shared.networkCount;
    this.#values = shared.values.map((log) => numbers(log, 0));
    this.#derived = shared.derived.map((log) => numbers(log, Math.max(STATUSES, shared.networkCount)));
  }

  /** Begins a part. */
  begin(): void {
    for (const numbers of [this.#places, ...this.#values, ...this.#derived]) numbers.begin();
    this.#kinds = this.#names.map(() => null);
  }

  rowOfPlace({ place, places, length }: Events): Uint32Array {
    return this.#places.numberAll(place, length, Math.max(places.length, this.#placeCount));
  }

  codesInto(dimension: number, events: Events, codes: Uint32Array): void {
    const source = dimensionSource(this.#names[dimension]!, events);
    this.#kinds[dimension] = source?.kind ?? null;
    const numbers = source && this.#numbersOf(dimension, source);
    if (!numbers) {
      codes.fill(0);
      return;
    }
    const { keys, size, kind } = source;
    const known = numbers.numberAll(keys, codes.length, kind === "network" ? Math.max(size, this.#networkCount) : size);
    for (let i = 0; i < codes.length; i++) codes[i] = known[keys[i]!]! - 1;
  }

  clientCodes(column: AddressColumn): Uint32Array {
    return this.#clients.codesOf(column);
  }

  get sizes(): readonly number[] {
    return [this.#places.size, ...this.#names.map((_, d) => Math.max(1, this.#current(d)?.size ?? 1))];
  }

  /** Places that the part has and whose rows were not known. */
  get freshPlaces(): FreshKeys {
    return this.#places.fresh;
  }

  get freshValues(): readonly FreshValues[] {
    return this.#names.map((_, d) => ({
      kind: this.#kinds[d]!,
      ...(this.#current(d)?.fresh ?? { first: 0, keys: new Uint32Array(0) }),
    }));
  }

  #current(dimension: number): KeyIds | undefined {
    const kind = this.#kinds[dimension];
    return kind === null ? undefined : (kind === "value" ? this.#values : this.#derived)[dimension];
  }

  #numbersOf(dimension: number, { kind, owner }: DimensionSource): KeyIds {
    if (kind !== "value") return this.#derived[dimension]!;
    const numbers = this.#values[dimension]!;
    const before = this.#owners[dimension];
    // A reader with very many values forgets them, and gives their codes anew.
    if (before !== undefined && before !== owner) numbers.startOver();
    this.#owners[dimension] = owner;
    return numbers;
  }
}
