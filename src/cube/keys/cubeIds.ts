import type { AddressColumn } from "../../core/addressColumn.js";
import type { Events } from "../../core/events.js";
import type { PlaceTable } from "../../core/places.js";
import type { ClientCodes } from "./clientCodes.js";
import type { CubeDimension } from "./cubeDimension.js";
import type { CubePlaces } from "./cubePlaces.js";
import type { IdAssigner } from "./idAssigner.js";
import { unseenKeys } from "./unseenKeys.js";

/** The numbers that a cube itself gives. */
export class CubeIds implements IdAssigner {
  readonly #places: CubePlaces;
  readonly #dimensions: readonly CubeDimension[];
  readonly #clients: ClientCodes;
  /** Row of the cube's places + 1 by place id, for each place table met. */
  readonly #rowsByTable = new WeakMap<PlaceTable, Uint32Array>();

  constructor(places: CubePlaces, dimensions: readonly CubeDimension[], clients: ClientCodes) {
    this.#places = places;
    this.#dimensions = dimensions;
    this.#clients = clients;
  }

  get sizes(): readonly number[] {
    return [this.#places.length, ...this.#dimensions.map((d) => d.dictionary.size)];
  }

  codesInto(dimension: number, events: Events, codes: Uint32Array): void {
    this.#dimensions[dimension]!.codesInto(events, codes);
  }

  clientCodes(column: AddressColumn): Uint32Array {
    return this.#clients.codesOf(column);
  }

  rowOfPlace({ place, places, length }: Events): Uint32Array {
    let rowOf = this.#rowsByTable.get(places);
    if (!rowOf || rowOf.length < places.length) {
      const wider = new Uint32Array(places.length);
      if (rowOf) wider.set(rowOf);
      else wider[0] = 1;
      rowOf = wider;
      this.#rowsByTable.set(places, rowOf);
    }
    this.#addPlaces(places, unseenKeys(place, length, rowOf), rowOf);
    return rowOf;
  }

  #addPlaces(table: PlaceTable, ids: readonly number[], rowOf: Uint32Array): void {
    const rows = new Uint32Array(ids.length);
    this.#places.rowsOf(table, ids, rows);
    ids.forEach((id, i) => {
      rowOf[id] = rows[i]! + 1;
    });
  }
}
