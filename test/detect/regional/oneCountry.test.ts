import { expect, test } from "vitest";
import { HOUR_MS, MINUTE_MS } from "../../../src/core/time.js";
import { Cube } from "../../../src/cube/cube.js";
import { findOutages } from "../../../src/detect/regional/findOutages.js";
import { CITIES, MONDAY_MS, regionalTraffic } from "../../support/regionalTraffic.js";

test("a country that is a third of all traffic is told as that country when it alone goes dark", () => {
  const start = MONDAY_MS + 34 * HOUR_MS + 2 * MINUTE_MS;
  const british = CITIES.filter((c) => c.country === "GB");
  const events = regionalTraffic({
    hours: 36,
    perMinute: 40,
    change: (r, t, random) => {
      const city = random.next() < 0.25 ? random.pick(british) : r.city;
      return city.country === "GB" && t >= start && t < start + 50 * MINUTE_MS ? null : { ...r, city };
    },
  });
  expect(findOutages(Cube.from(events)).map((f) => [f.subtype, f.region.name])).toEqual([
    ["traffic-drop", "United Kingdom"],
  ]);
});
