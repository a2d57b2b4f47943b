import { expect, test } from "vitest";
import { Random } from "../../src/core/random.js";
import { CountryIndex } from "../../src/grid/regions/countryIndex.js";
import { countryByBruteForce } from "./bruteForceCountries.js";
import { hardPoints, REGIONS } from "./hardPoints.js";

test.each(["the sphere", "the poles", "the antimeridian"])(
  "ten thousand points near %s find their countries as by brute force",
  (name) => {
    const { lats, lons } = hardPoints(REGIONS[name]!, 10_000, 0, new Random(12));
    const found = new CountryIndex().findAll(lats, lons);
    const expected = Int16Array.from(lats, (lat, i) => countryByBruteForce(lat, lons[i]!));
    expect(found).toEqual(expected);
  },
);
