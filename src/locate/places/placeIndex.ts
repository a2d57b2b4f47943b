import { PlaceTable } from "../../core/places.js";
import { hash32 } from "./hash32.js";
import type { PlaceRows } from "./placeTuples.js";

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
    // Places that are there already would be copied at once, which is a long pause for a service.
    if (this.#places.length === 1) this.#places.reserve(count);
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

  /** Writes the id of the place of each of the first rows; 0 where a row says nothing. */
  ids(rows: PlaceRows, count: number, ids: Uint32Array): void {
    for (let from = 0; from < count; ) from = this.#idsFrom(rows, from, count, ids);
  }

  /** {@link ids} of the rows from one on; returns the row before which the index grew, which gives all others other slots. */
  #idsFrom(rows: PlaceRows, from: number, count: number, ids: Uint32Array): number {
    const { country, region, regionCode, city, timeZone, lat, lon, accuracyKm, precision, homes } = rows;
    const slots = this.#index();
    const mask = slots.length - 1;
    for (let i = from; i < count; i++) homes[i] = hashOf(country[i]!, region[i]!, city[i]!, lat[i]!, lon[i]!) & mask;
    // A loop of its own: reads of slots, far apart, do not wait for each other, and the next loop finds them near.
    for (let i = from; i < count; i++) ids[i] = slots[homes[i]!]!;
    for (let i = from; i < count; i++) {
      if (this.#slots !== slots) return i;
      ids[i] = rows.isEmpty(i)
        ? 0
        : this.#find(
            homes[i]!,
            country[i]!,
            region[i]!,
            regionCode[i]!,
            city[i]!,
            timeZone[i]!,
            lat[i]!,
            lon[i]!,
            accuracyKm[i]!,
            precision[i]!,
          );
    }
    return count;
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
    const home = hashOf(country, region, city, lat, lon) & (this.#index().length - 1);
    const accuracy = Math.fround(accuracyKm);
    return this.#find(home, country, region, regionCode, city, timeZone, lat, lon, accuracy, precision);
  }

  /** {@link id} from its first slot on. */
  #find(
    home: number,
    country: number,
    region: number,
    regionCode: number,
    city: number,
    timeZone: number,
    lat: number,
    lon: number,
    accuracy: number,
    precision: number,
  ): number {
    const p = this.#places;
    const slots = this.#index();
    let slot = home;
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
  let slot = hashOf(p.country[id]!, p.region[id]!, p.city[id]!, p.lat[id]!, p.lon[id]!) & (slots.length - 1);
  while (slots[slot] !== 0) slot = (slot + 1) & (slots.length - 1);
  slots[slot] = id;
}

/** Products that do not wait for each other, stirred once. */
function hashOf(country: number, region: number, city: number, lat: number, lon: number): number {
  // A millionth of a degree tells places apart; NaN becomes 0.
  const latitude = Math.imul(Math.round(lat * 1e6) | 0, 0x85ebca6b);
  const longitude = Math.imul(Math.round(lon * 1e6) | 0, 0xc2b2ae35);
  const names = Math.imul(city, 0x27d4eb2f) ^ Math.imul(region, 0x165667b1) ^ Math.imul(country, 0x9e3779b1);
  return hash32(latitude ^ longitude, names);
}

/** A power of two at which the table is at most half full. */
function slotsFor(length: number): number {
  let slots = 1 << 12;
  while (slots < 2 * length) slots *= 2;
  return slots;
}
