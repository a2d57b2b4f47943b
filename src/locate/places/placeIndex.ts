import { remapCodes } from "../../core/columns/columns.js";
import { areEqualRows } from "../../core/columns/typedColumns.js";
import { hash32 } from "../../core/hash32.js";
import { PLACE_COLUMNS, type PlaceField } from "../../core/placeColumns.js";
import { type Place, PlaceTable } from "../../core/places.js";
import { PlaceRows } from "./placeRows.js";

/** Finds places by content, so that equal places have one id however many databases and reloads name them. */
export class PlaceIndex {
  #places: PlaceTable;
  /**
   * Open addressing; 0 is a free slot, since no place to be found has id 0. Made when a place is first looked for. Not a
   * `HashIndex`, because all places of a database come by here: slots of a block are read ahead, and no hash is kept.
   */
  #slots: Uint32Array | undefined;
  #isKept = false;
  readonly #one = new PlaceRows(1);
  readonly #oneId = new Uint32Array(1);

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
    // Texts are compared once for each value rather than for each place.
    const codes = new Map<string, Uint32Array>();
    for (const [name, { dictionary }] of PLACE_FIELDS)
      if (dictionary !== undefined)
        codes.set(name, yield* this.#places.dictionaryOf(name).codesOf(others.dictionaryOf(name)));
    const ids = new Uint32Array(others.length);
    const rows = new PlaceRows(PLACES_A_STEP);
    for (let from = 1; from < others.length; from += PLACES_A_STEP) {
      const to = Math.min(others.length, from + PLACES_A_STEP);
      for (const [name] of PLACE_FIELDS) {
        const values = rows.column(name).subarray(0, to - from);
        values.set(others.column(name).subarray(from, to));
        const there = codes.get(name);
        if (there !== undefined) remapCodes(values, there);
      }
      this.#findRows(rows, to - from, ids.subarray(from, to), false);
      yield;
    }
    return ids;
  }

  /** Writes the id of the place of each of the first rows; 0 where a row says nothing. */
  ids(rows: PlaceRows, count: number, ids: Uint32Array): void {
    this.#findRows(rows, count, ids, true);
  }

  /** @param mayBeEmpty - whether rows that say nothing are to get 0 rather than a place of their own */
  #findRows(rows: PlaceRows, count: number, ids: Uint32Array, mayBeEmpty: boolean): void {
    for (let from = 0; from < count; ) from = this.#idsFrom(rows, from, count, ids, mayBeEmpty);
  }

  /** {@link #findRows} of the rows from one on; returns the row before which the index grew, which gives all others other slots. */
  #idsFrom(rows: PlaceRows, from: number, count: number, ids: Uint32Array, mayBeEmpty: boolean): number {
    const { country, region, city, lat, lon, homes, typed } = rows;
    const slots = this.#index();
    const mask = slots.length - 1;
    for (let i = from; i < count; i++) homes[i] = hashOf(country[i]!, region[i]!, city[i]!, lat[i]!, lon[i]!) & mask;
    // A loop of its own: reads of slots, far apart, do not wait for each other, and the next loop finds them near.
    for (let i = from; i < count; i++) ids[i] = slots[homes[i]!]!;
    const { typed: known } = this.#places;
    const first = this.#places.length;
    const added = rows.added;
    let next = first;
    let end = count;
    for (let i = from; i < end; i++) {
      if (mayBeEmpty && rows.isEmpty(i)) {
        ids[i] = 0;
        continue;
      }
      let slot = homes[i]!;
      for (let id: number; (id = slots[slot]!) !== 0; slot = (slot + 1) & mask)
        if (id < first ? areEqualRows(known, id, typed, i) : areEqualRows(typed, added[id - first]!, typed, i)) break;
      const isNew = slots[slot] === 0;
      if (isNew) {
        added[next - first] = i;
        slots[slot] = next++;
      }
      ids[i] = slots[slot]!;
      if (isNew && 2 * next > slots.length) end = i + 1;
    }
    // Column by column, since of a database that is read first nearly all places are new.
    this.#places.append(rows, added.subarray(0, next - first));
    if (2 * next > slots.length) this.#slots = undefined;
    return end;
  }

  /** The id of a place. */
  id(place: Place): number {
    this.#places.encode(place, this.#one, 0);
    this.#findRows(this.#one, 1, this.#oneId, false);
    return this.#oneId[0]!;
  }

  /** The id of the place that differs from another in its radius alone. */
  withAccuracy(id: number, accuracyKm: number): number {
    for (const [name] of PLACE_FIELDS) this.#one.column(name)[0] = this.#places.column(name)[id]!;
    this.#one.accuracyKm[0] = accuracyKm;
    this.#findRows(this.#one, 1, this.#oneId, false);
    return this.#oneId[0]!;
  }

  #index(): Uint32Array {
    if (this.#slots !== undefined) return this.#slots;
    const slots = new Uint32Array(slotsFor(2 * this.#places.length));
    for (let id = 1; id < this.#places.length; id++) insert(slots, this.#places, id);
    this.#slots = slots;
    return slots;
  }
}

const PLACE_FIELDS: readonly (readonly [string, PlaceField])[] = Object.entries(PLACE_COLUMNS);

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
