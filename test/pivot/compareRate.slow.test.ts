import { expect, test } from "vitest";
import { Random } from "../../src/core/random.js";
import { Cube } from "../../src/cube/cube.js";
import { compare } from "../../src/pivot/compare/compare.js";
import { mostAlarms, quietAlarms } from "../support/quietAlarms.js";
import { quietTraffic } from "../support/quietTraffic.js";
import { eventsOf } from "../support/randomEvents.js";

const common = { canary: 0, options: {}, hours: 24, uneven: true };

test.each([
  ["even countries", { ...common, countries: 40, requests: 300, clients: 120, errorRate: 0.05, uneven: false }],
  ["uneven countries", { ...common, countries: 60, requests: 300, clients: 120, errorRate: 0.03, hours: 48 }],
  ["many errors", { ...common, countries: 100, requests: 500, clients: 250, errorRate: 0.1, uneven: false, hours: 48 }],
  [
    "hours of the week",
    { ...common, countries: 30, requests: 1500, clients: 300, errorRate: 0.02, options: { align: "weekday-hour" } },
  ],
  ["a small canary", { ...common, countries: 30, requests: 1000, clients: 300, errorRate: 0.03, canary: 0.1 }],
  ["halves", { ...common, countries: 40, requests: 600, clients: 200, errorRate: 0.05, uneven: false, canary: 0.5 }],
] as const)("quiet pairs keep the promised share of false alarms: %s", (_, plan) => {
  const { alarms } = quietAlarms(plan, 400);
  expect(alarms).toBeLessThanOrEqual(mostAlarms(400, 0.05));
});

test("a release that takes one country of a hundred from 10% to 20% errors is found in 95 of 100 runs", () => {
  let found = 0;
  let others = 0;
  for (let seed = 1000; seed < 1200; seed++) {
    const common = { random: new Random(seed), hours: 48, countries: 100, requests: 500, clients: 250 };
    const [before, after] = [0.1, 0.2].map((rate, window) =>
      Cube.from(
        eventsOf(
          quietTraffic({
            ...common,
            originMs: Date.UTC(2026, 2, 2 + 7 * window),
            errorRate: (country) => (country === 17 ? rate : 0.1),
          }),
        ),
        { bucketSeconds: 3600, dimensions: ["service"], measures: ["latency", "clients"] },
      ),
    );
    const { regressions } = compare(before!, after!, { by: ["service"] });
    const hit = regressions.some(({ region, measure }) => region.service === "country17" && measure === "error_rate");
    if (hit) found++;
    if (regressions.length > Number(hit)) others++;
  }
  expect(found).toBeGreaterThanOrEqual(190);
  expect(others).toBeLessThanOrEqual(mostAlarms(200, 0.05));
});
