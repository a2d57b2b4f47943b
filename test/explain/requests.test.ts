import { expect, test } from "vitest";
import { Cube } from "../../src/cube/cube.js";
import { explain } from "../../src/explain/explain.js";
import { regionalTraffic } from "../support/regionalTraffic.js";

test("a fall of requests is explained: the measure that is its own denominator", () => {
  const down = Date.UTC(2026, 2, 3, 20);
  const cube = Cube.from(
    regionalTraffic({ hours: 48, change: (r, ms) => (ms > down && r.city.country === "DE" ? null : r) }),
    { dimensions: ["service"] },
  );
  const [from, to] = ["2026-03-03T21:00Z", "2026-03-03T23:00Z"];
  const { verdict, causes } = explain(cube, { from, to, measure: "requests" });
  expect([verdict, causes[0]!.slice]).toEqual(["found", { country: "DE" }]);
});
