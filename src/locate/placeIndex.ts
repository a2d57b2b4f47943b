import { PlaceTable } from "../core/places.js";
import { mix } from "./mix.js";

/** Finds places by content, so that equal places have one id however many databases and reloads name them. */
export class PlaceIndex {
  #places: PlaceTable;
  /** Open addressing; 0 is a free slot, since no place to be found has id 0. Made when a place is first looked for. */
  #slots: Uint32Array | undefined;
  #isKept = false;

  constructor(places: PlaceTable = new PlaceTable()) {
    this.#places = places;
  }

  /** From now on the table stays the same object, because others hold it. */
  keep(): void {
    this.#isKept = true;
  }

  get places(): PlaceTable {
    return this.#places;
  }

  /** Makes room for at least so many places, in steps. Of a reload most places are known already. */
  *expect(count: number): Generator<undefined, void> {
    const capacity = slotsFor(Math.max(this.#places.length, count));
    if (this.#slots !== undefined && this.#slots.length >= capacity) return;
    const slots = new Uint32Array(capacity);
    for (let id = 1; id < this.#places.length; id++) {
      insert(slots, this.#places, id);
      if (id % PLACES_A_STEP === 0) yield;
    }
    this.#slots = slots;
  }

  /**
   * Adds all places of another table, in steps, and returns the id here of each; undefined if all keep their id.
   * An index that is still empty takes the table over.
   */
  *addAll(others: PlaceTable): Generator<undefined, Uint32Array | undefined> {
    if (this.#places.length === 1 && !this.#isKept) {
      this.#places = others;
      this.#slots = undefined;
      return undefined;
    }
    yield* this.expect(others.length);
    const p = this.#places;
    // Texts are compared once for each value rather than for each place.
    const countries = yield* p.countries.codesOf(others.countries);
    const regions = yield* p.regions.codesOf(others.regions);
    const regionCodes = yield* p.regionCodes.codesOf(others.regionCodes);
    const cities = yield* p.cities.codesOf(others.cities);
    const timeZones = yield* p.timeZones.codesOf(others.timeZones);
    const ids = new Uint32Array(others.length);
    for (let id = 1; id < others.length; id++) {
      ids[id] = this.id(
        countries[others.country[id]!]!,
        regions[others.region[id]!]!,
        regionCodes[others.regionCode[id]!]!,
        cities[others.city[id]!]!,
        timeZones[others.timeZone[id]!]!,
        others.lat[id]!,
        others.lon[id]!,
        others.accuracyKm[id]!,
        others.precision[id]!,
      );
      if (id % PLACES_A_STEP === 0) yield;
    }
    return ids;
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
    const p = this.#places;
    const slots = this.#index();
    const accuracy = Math.fround(accuracyKm);
    let slot = slotOf(slots, country, region, city, lat, lon);
    for (let id: number; (id = slots[slot]!) !== 0; slot = (slot + 1) & (slots.length - 1)) {
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
    if (2 * p.length > slots.length) this.#slots = undefined;
    else slots[slot] = id;
    return id;
  }

  #index(): Uint32Array {
    if (this.#slots !== undefined) return this.#slots;
    const slots = new Uint32Array(slotsFor(2 * this.#places.length));
    for (let id = 1; id < this.#places.length; id++) insert(slots, this.#places, id);
    this.#slots = slots;
    return slots;
  }
}

/** After how many places the work pauses. */
const PLACES_A_STEP = 4_000;

function insert(slots: Uint32Array, p: PlaceTable, id: number): void {
  let slot = slotOf(slots, p.country[id]!, p.region[id]!, p.city[id]!, p.lat[id]!, p.lon[id]!);
  while (slots[slot] !== 0) slot = (slot + 1) & (slots.length - 1);
  slots[slot] = id;
}

function slotOf(slots: Uint32Array, country: number, region: number, city: number, lat: number, lon: number): number {
  // A millionth of a degree tells places apart; NaN becomes 0.
  const hash = mix(mix(mix(mix(country, region), city), Math.round(lat * 1e6) | 0), Math.round(lon * 1e6) | 0);
  return hash & (slots.length - 1);
}

/** A power of two at which the table is at most half full. */
function slotsFor(length: number): number {
  let slots = 1 << 12;
  while (slots < 2 * length) slots *= 2;
  return slots;
}
