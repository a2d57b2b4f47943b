import { expect, test } from "vitest";
import { Random } from "../../src/core/random.js";
import { PlaceIndex } from "../../src/locate/places/placeIndex.js";
import { PlaceRows } from "../../src/locate/places/placeTuples.js";

test("places found many at a time have the ids of places found one by one, while the index grows", () => {
  const random = new Random(3);
  const [one, many] = [new PlaceIndex(), new PlaceIndex()];
  const rows = new PlaceRows(1000);
  const ids = new Uint32Array(1000);
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
      const codes = [rows.country, rows.region, rows.regionCode, rows.city, rows.timeZone].map((column) => column[i]!);
      const rest = [rows.lat[i]!, rows.lon[i]!, rows.accuracyKm[i]!, rows.precision[i]!];
      expect(ids[i]).toBe(isEmpty ? 0 : one.id(...([...codes, ...rest] as Parameters<PlaceIndex["id"]>)));
    }
  }
  expect(many.places.length).toBe(one.places.length);
  expect(many.places.length).toBeGreaterThan(5000);
});
