import { expect, test } from "vitest";
import { Random } from "../../src/core/random.js";
import { PlaceIndex } from "../../src/locate/places/placeIndex.js";
import { PlaceRows } from "../../src/locate/places/placeRows.js";

test("places found many at a time have the ids of places found one by one, while the index grows", () => {
  const random = new Random(3);
  const [one, many] = [new PlaceIndex(), new PlaceIndex()];
  const rows = new PlaceRows(1000);
  const ids = new Uint32Array(1000);
  const [single, id] = [new PlaceRows(1), new Uint32Array(1)];
  const known = new Map<string, number>();
  for (let batch = 0; batch < 20; batch++) {
    const count = 1 + random.int(1000);
    for (let i = 0; i < count; i++) {
      rows.country[i] = random.int(3);
      rows.region[i] = random.int(3);
      rows.regionCode[i] = random.int(2);
      rows.city[i] = random.int(20);
      rows.timeZone[i] = random.int(2);
      rows.lat[i] = random.pick([Number.NaN, 0, -0, random.int(10)]);
      rows.lon[i] = random.pick([Number.NaN, 0, random.int(10)]);
      rows.accuracyKm[i] = random.pick([50, 0.1]);
      rows.precision[i] = random.int(4);
    }
    many.ids(rows, count, ids);
    for (let i = 0; i < count; i++) {
      const isEmpty =
        [rows.country, rows.region, rows.city].every((codes) => codes[i] === 0) && Number.isNaN(rows.lat[i]);
      for (const name of rows.fields.keys()) single.column(name)[0] = rows.column(name)[i]!;
      one.ids(single, 1, id);
      // A map by content gives ids in the order in which places are first met.
      const content = [...rows.fields.keys()].map((name) => rows.column(name)[i]!);
      const key = content.map((value) => (Object.is(value, -0) ? "-0" : String(value))).join();
      if (!isEmpty && !known.has(key)) known.set(key, known.size + 1);
      expect([ids[i], id[0]]).toEqual(isEmpty ? [0, 0] : [known.get(key), known.get(key)]);
    }
  }
  expect(many.places.length).toBe(one.places.length);
  expect(many.places.length).toBeGreaterThan(5000);
});
