import { expect, test } from "vitest";
import { openLocator } from "../../src/locate/openLocator.js";
import { cityDatabase, hasCityDatabase } from "../support/cityDatabase.js";
import { differences } from "./maxmindEquality.js";

test.skipIf(!hasCityDatabase)(
  "40,000 addresses of the city files have the place that the reference library gives",
  async () => {
    const locator = await openLocator({ databases: [cityDatabase.ipv4, cityDatabase.ipv6] });
    expect(differences(locator, cityDatabase.ipv4, 4, 20_000, 1)).toEqual([]);
    expect(differences(locator, cityDatabase.ipv6, 6, 20_000, 2)).toEqual([]);
  },
  120_000,
);
