import { PlaceTable } from "../core/places.js";
import { mix } from "./mix.js";

/** Finds places by content, so that equal places have one id however many databases and reloads name them. */
export class PlaceIndex {
  readonly places: PlaceTable;
  /** Open addressing; 0 is a free slot, since no place to be found has id 0. */
  #slots: Uint32Array;

  constructor(places: PlaceTable = new PlaceTable()) {
    this.places = places;
    this.#slots = new Uint32Array(slotsFor(places.length));
    for (let id = 1; id < places.length; id++) this.#insert(id);
  }

  /** Makes room for so many places more. */
  expect(count: number): void {
    const slots = slotsFor(this.places.length + count);
    if (slots > this.#slots.length) this.#rebuild(slots);
  }

  /** The id of the place with these columns; see {@link PlaceTable.addCodes}. */
  id(
    country: number,
    region: number,
    regionCode: number,
    city: number,
    timeZone: number,
    lat: number,
    lon: number,
    accuracyKm: number,
    precision: number,
  ): number {
    const p = this.places;
    const accuracy = Math.fround(accuracyKm);
    let slot = this.#slotOf(country, region, city, lat, lon);
    for (let id: number; (id = this.#slots[slot]!) !== 0; slot = (slot + 1) & (this.#slots.length - 1)) {
      if (
        p.city[id] === city &&
        p.region[id] === region &&
        p.country[id] === country &&
        p.regionCode[id] === regionCode &&
        p.timeZone[id] === timeZone &&
        p.precision[id] === precision &&
        Object.is(p.lat[id], lat) &&
        Object.is(p.lon[id], lon) &&
        Object.is(p.accuracyKm[id], accuracy)
      ) {
        return id;
      }
    }
    const id = p.addCodes(country, region, regionCode, city, timeZone, lat, lon, accuracy, precision);
    if (2 * p.length > this.#slots.length) this.#rebuild(2 * this.#slots.length);
    else this.#slots[slot] = id;
    return id;
  }

  #insert(id: number): void {
    const p = this.places;
    let slot = this.#slotOf(p.country[id]!, p.region[id]!, p.city[id]!, p.lat[id]!, p.lon[id]!);
    while (this.#slots[slot] !== 0) slot = (slot + 1) & (this.#slots.length - 1);
    this.#slots[slot] = id;
  }

  #rebuild(slots: number): void {
    this.#slots = new Uint32Array(slots);
    for (let id = 1; id < this.places.length; id++) this.#insert(id);
  }

  #slotOf(country: number, region: number, city: number, lat: number, lon: number): number {
    // A millionth of a degree tells places apart; NaN becomes 0.
    const hash = mix(mix(mix(mix(country, region), city), Math.round(lat * 1e6) | 0), Math.round(lon * 1e6) | 0);
    return hash & (this.#slots.length - 1);
  }
}

/** A power of two at which the table is at most half full. */
function slotsFor(length: number): number {
  let slots = 1 << 12;
  while (slots < 2 * length) slots *= 2;
  return slots;
}
