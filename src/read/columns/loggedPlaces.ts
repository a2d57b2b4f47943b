import type { Network } from "../../core/networks.js";
import type { Place } from "../../core/places.js";
import type { ColumnLocator } from "./columnLocator.js";

/** A place and a network that rows of a log tell. */
export interface LoggedRecord {
  readonly place: Place | undefined;
  readonly network: Network | undefined;
}

/** The records that rows tell, and their ids in a locator's tables: each is added there once. */
export class LoggedPlaces {
  readonly #codes = new Map<string, number>();
  readonly #records: LoggedRecord[] = [];
  readonly #placeIds: number[] = [];
  readonly #networkIds: number[] = [];
  #locator: ColumnLocator | undefined;

  /** The code of a record, from 1, by a text that tells it from all others; `make` makes it if it is new. */
  code(key: string, make: () => LoggedRecord): number {
    let code = this.#codes.get(key);
    if (code === undefined) {
      code = this.#records.push(make());
      this.#codes.set(key, code);
    }
    return code;
  }

  /** Gives rows that have a code and no place of their address the record's: 0 is no code. */
  apply(codes: Uint32Array, locator: ColumnLocator, place: Uint32Array, network: Uint32Array): void {
    if (this.#locator !== locator) {
      this.#placeIds.length = 0;
      this.#networkIds.length = 0;
      this.#locator = locator;
    }
    for (let row = 0; row < codes.length; row++) {
      const code = codes[row]!;
      if (code === 0 || place[row] !== 0) continue;
      if (this.#placeIds[code] === undefined) this.#add(code, locator);
      place[row] = this.#placeIds[code]!;
      network[row] = this.#networkIds[code]!;
    }
  }

  #add(code: number, { places, networks }: ColumnLocator): void {
    const { place, network } = this.#records[code - 1]!;
    this.#placeIds[code] = place === undefined ? 0 : places.idOf(place);
    this.#networkIds[code] = network === undefined ? 0 : networks.idOf(network);
  }
}
