import { expect, test } from "vitest";
import { openLocator } from "../../src/locate/openLocator.js";
import { cityDatabase, hasCityDatabase } from "../support/cityDatabase.js";
import { mixedStorm, scoreStorm } from "./mixedStorms.js";

test.skipIf(!hasCityDatabase)(
  "over 40 seeds of the simulator, 98% of updates need no reading and every incident has one alert",
  async () => {
    const locator = await openLocator({ databases: [cityDatabase.ipv4] });
    let [updates, read] = [0, 0];
    for (let seed = 1; seed <= 40; seed++) {
      const score = scoreStorm(mixedStorm(seed, locator), {});
      expect(score.wrong, `seed ${seed}`).toEqual([]);
      updates += score.updates;
      read += score.read;
    }
    expect(read / updates).toBeLessThan(0.02);
  },
);
