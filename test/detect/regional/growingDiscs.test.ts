import fc from "fast-check";
import { expect, test } from "vitest";
import { GrowingDiscs } from "../../../src/detect/regional/scan/growingDiscs.js";
import { discsOf } from "../../../src/detect/regional/scan/zones.js";

/** Places on a coarse grid, so that some coincide and distances tie; some are nowhere. */
const place = fc.record({
  lat: fc.oneof({ weight: 9, arbitrary: fc.integer({ min: 40, max: 52 }) }, fc.constant(Number.NaN)),
  lon: fc.integer({ min: 0, max: 14 }),
});

const columns = (places: readonly { lat: number; lon: number }[]) => ({
  length: places.length,
  lat: Float64Array.from(places, ({ lat }) => lat),
  lon: Float64Array.from(places, ({ lat, lon }) => (Number.isNaN(lat) ? lat : lon)),
});

test("circles around sites that appear one after the other are those around all at once", () => {
  fc.assert(
    fc.property(fc.array(place, { maxLength: 400 }), fc.array(fc.nat(400), { maxLength: 6 }), (places, cuts) => {
      const growing = new GrowingDiscs();
      for (const cut of [...cuts.map((at) => at % (places.length + 1)), places.length].sort((a, b) => a - b)) {
        const some = columns(places.slice(0, cut));
        expect(growing.of(some)).toEqual(discsOf(some));
      }
    }),
    { numRuns: 20 },
  );
});
