import { expect, test } from "vitest";
import { Random } from "../../src/core/random.js";
import { openLocator } from "../../src/locate/openLocator.js";
import { drawCities } from "../../src/simulate/cityWorld.js";
import { DEFAULT_COUNTRIES } from "../../src/simulate/population.js";
import { cityDatabase, hasCityDatabase } from "../support/cityDatabase.js";
import { covered, simulatedFailure } from "../support/simulatedFailure.js";

/** All twenty in the thorough suite. */
const SEEDS = process.env.GEOPIVOT_THOROUGH ? 20 : 3;

test.skipIf(!hasCityDatabase)(
  "the loads and 95th percentiles of servers that take over are within their 90% intervals (skipped without a city database)",
  async () => {
    const locator = await openLocator({ databases: [cityDatabase.ipv4] });
    const cities = drawCities(locator, new Random(1), Object.keys(DEFAULT_COUNTRIES), 12);
    const hours = Array.from({ length: SEEDS }, (_, seed) => simulatedFailure(1 + seed, locator, cities)).flat();
    expect(hours.length).toBeGreaterThan(4 * SEEDS);
    expect(covered(hours, "load")).toBeGreaterThanOrEqual(0.85);
    expect(covered(hours, "p95")).toBeGreaterThanOrEqual(0.85);
    // Intervals so wide that nothing could miss them would tell nothing.
    for (const { load, p95 } of hours) {
      expect(load.high - load.low).toBeLessThan(load.value);
      expect(p95.high).toBeLessThan(2 * p95.value);
    }
  },
  600_000,
);
