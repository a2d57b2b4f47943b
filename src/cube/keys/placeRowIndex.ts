import type { PlaceArrays, PlaceRow } from "./placeRows.js";

/** Finds the row of a place by what tells places apart: cell, country, region and city. Open addressing on the columns. */
export class PlaceRowIndex {
  /** Row + 1; 0 is a free slot. */
  #slots = new Uint32Array(128);
  #size = 0;

  /** The row of a place, or -1 if it has none. */
  find(places: PlaceArrays, place: PlaceRow): number {
    return this.#slots[this.#slotOf(places, place)]! - 1;
  }

  /** Enters a row that is in the columns already and has no equal among those entered. */
  add(places: PlaceArrays, row: number, place: PlaceRow): void {
    if (2 * ++this.#size > this.#slots.length) this.#grow(places);
    this.#slots[this.#slotOf(places, place)] = row + 1;
  }

  /** The slot of an equal place, or the free one where it would be. */
  #slotOf(places: PlaceArrays, { cellLow, cellHigh, country, region, city }: PlaceRow): number {
    const mask = this.#slots.length - 1;
    let slot = mixed(cellLow, cellHigh, country, region, city) & mask;
    for (let row = this.#slots[slot]! - 1; row >= 0; row = this.#slots[slot]! - 1) {
      const equal =
        places.cellLow[row] === cellLow &&
        places.cellHigh[row] === cellHigh &&
        places.city[row] === city &&
        places.region[row] === region &&
        places.country[row] === country;
      if (equal) break;
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  #grow(places: PlaceArrays): void {
    const { cellLow, cellHigh, country, region, city } = places;
    const rows = this.#slots.filter((slot) => slot > 0);
    this.#slots = new Uint32Array(2 * this.#slots.length);
    const mask = this.#slots.length - 1;
    for (const entry of rows) {
      const row = entry - 1;
      let slot = mixed(cellLow[row]!, cellHigh[row]!, country[row]!, region[row]!, city[row]!) & mask;
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
      this.#slots[slot] = entry;
    }
  }
}

function mixed(cellLow: number, cellHigh: number, country: number, region: number, city: number): number {
  let hash = Math.imul(cellLow ^ Math.imul(cellHigh, 0x85ebca6b), 0x9e3779b1);
  hash = Math.imul(hash ^ (hash >>> 15) ^ city, 0xc2b2ae35);
  hash = Math.imul(hash ^ (hash >>> 13) ^ region, 0x27d4eb2f);
  hash = Math.imul(hash ^ (hash >>> 16) ^ country, 0x165667b1);
  return hash ^ (hash >>> 15);
}
