import { expect, test } from "vitest";
import { type UnArea, unAreas } from "../../src/grid/regions/unAreas.js";
import { unAreas as inPages } from "../../src/grid/regions/unAreas.page.js";

test("areas that a page has are the UN's, but for the names of countries", () => {
  const regions = (areas: readonly UnArea[]) =>
    areas
      .filter(({ iso3166 }) => iso3166 === undefined)
      .map(({ code, name, parent }) => [code, name, parent])
      .sort();
  const countries = (areas: readonly UnArea[]) =>
    areas.flatMap(({ iso3166, parent }) => (iso3166 === undefined ? [] : [[iso3166, parent]])).sort();
  expect(regions(inPages)).toEqual(regions(unAreas));
  expect(countries(inPages)).toEqual(countries(unAreas));
  expect(countries(unAreas).length).toBeGreaterThan(240);
});
