import { beforeAll, describe, expect, test } from "vitest";
import type { Locator } from "../../src/locate/locator.js";
import { openLocator } from "../../src/locate/openLocator.js";
import { batchAndLive, disagreements, toldLate } from "../support/batchAndLive.js";
import { cityDatabase, hasCityDatabase } from "../support/cityDatabase.js";
import { scenarioEvents } from "../support/scenarioEvents.js";

const seeds = Array.from({ length: process.env.GEOPIVOT_THOROUGH ? 20 : 2 }, (_, i) => i + 1);

describe.skipIf(!hasCityDatabase)("a log judged at once and as it comes", () => {
  let locator: Locator;
  beforeAll(async () => {
    locator = await openLocator({ databases: [cityDatabase.ipv4] });
  });

  test.each(seeds)(
    "gives the same incidents, told when they could be (%i)",
    async (seed) => {
      const both = await batchAndLive(scenarioEvents(seed, locator), seed);
      expect(both.batch.length).toBeGreaterThan(0);
      expect(disagreements(both)).toEqual([]);
      expect(toldLate(both)).toEqual([]);
    },
    600_000,
  );
});
