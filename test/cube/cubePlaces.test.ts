import fc from "fast-check";
import { latLngToCell } from "h3-js";
import { expect, test } from "vitest";
import { type Place, PlaceTable } from "../../src/core/places.js";
import { CubePlaces } from "../../src/cube/keys/cubePlaces.js";
import { runs } from "../support/runs.js";

const orUnknown = (known: fc.Arbitrary<number>) => fc.oneof({ weight: 4, arbitrary: known }, fc.constant(Number.NaN));

/** Few names and coordinates, so that many records are one place. */
const arbitraryPlace: fc.Arbitrary<Place> = fc.record({
  country: fc.constantFrom("", "DE", "FR"),
  region: fc.constantFrom("", "Hesse", "Alsace"),
  regionCode: fc.constantFrom("", "DE-HE", "FR-6AE"),
  city: fc.constantFrom("", "Frankfurt", "Colmar", "Worms"),
  lat: orUnknown(fc.constantFrom(48.1, 50.1, 50.11, -33.2)),
  lon: orUnknown(fc.constantFrom(7.4, 8.6, 8.61)),
  accuracyKm: orUnknown(fc.constantFrom(0, 5, 20)),
  precision: fc.constant("city" as const),
  timeZone: fc.constantFrom("", "Europe/Berlin", "Europe/Paris"),
});

const arbitraryTable = fc.array(arbitraryPlace, { maxLength: 120, size: "max" });

/** What tells a row from others, and what is taken from its closest record. */
const identity = (p: Place): string => [cellOf(p), p.country, p.region, p.city].join();
const cellOf = ({ lat, lon }: Place): string => (Number.isNaN(lat + lon) ? "" : latLngToCell(lat, lon, 4));
const rank = (p: Place): readonly (number | string)[] =>
  [p.accuracyKm, p.lat, p.lon].map((value) => (Number.isNaN(value) ? Number.POSITIVE_INFINITY : value));

/** Whether `a` stands for a place rather than `b`: closer, else further south, else further west, else the later names. */
function closer(a: Place, b: Place): boolean {
  const [x, y] = [rank(a), rank(b)];
  for (let i = 0; i < x.length; i++) if (x[i] !== y[i]) return x[i]! < y[i]!;
  return a.timeZone !== b.timeZone ? a.timeZone > b.timeZone : a.regionCode > b.regionCode;
}

test("records that agree in cell and names are one place, and the closest stands for it", () => {
  fc.assert(
    fc.property(fc.array(arbitraryTable, { minLength: 1, maxLength: 3 }), fc.nat(50), (tables, batch) => {
      const places = new CubePlaces(4);
      const wanted = new Map<string, { row: number; place: Place }>();
      const nowhere = identity(NOWHERE);
      for (const records of tables) {
        const table = new PlaceTable();
        const ids = records.map((place) => table.add(place));
        const rows = new Uint32Array(ids.length);
        for (let at = 0; at < ids.length; at += batch + 1)
          places.rowsOf(table, ids.slice(at, at + batch + 1), rows.subarray(at));
        records.forEach((place, i) => {
          const key = identity(place);
          const known = wanted.get(key);
          if (key === nowhere) expect(rows[i]).toBe(0);
          else if (known === undefined) wanted.set(key, { row: rows[i]!, place });
          else {
            expect(rows[i]).toBe(known.row);
            if (closer(place, known.place)) known.place = place;
          }
        });
      }
      expect(places.length).toBe(wanted.size + 1);
      for (const { row, place } of wanted.values()) {
        expect([places.lat[row], places.lon[row]]).toEqual([place.lat, place.lon]);
        expect(places.accuracyKm[row]).toBe(place.accuracyKm);
        expect(places.countries.value(places.country[row]!)).toBe(place.country);
        expect(places.regions.value(places.region[row]!)).toBe(place.region);
        expect(places.cities.value(places.city[row]!)).toBe(place.city);
        expect(places.timeZones.value(places.timeZone[row]!)).toBe(place.timeZone);
        expect(places.regionCodes.value(places.regionCode[row]!)).toBe(place.regionCode);
      }
    }),
    { numRuns: runs(200) },
  );
});

const NOWHERE: Place = {
  ...{ country: "", region: "", regionCode: "", city: "", timeZone: "", precision: "none" },
  ...{ lat: Number.NaN, lon: Number.NaN, accuracyKm: Number.NaN },
};
