import { expect, test } from "vitest";
import { openLocator } from "../../src/locate/openLocator.js";
import { cityDatabase, hasCityDatabase } from "../support/cityDatabase.js";
import { differences } from "./maxmindEquality.js";

const MILLION = 1_000_000;

test.skipIf(!hasCityDatabase)(
  "a million IPv4 and a million IPv6 addresses have the reference library's place",
  async () => {
    const locator = await openLocator({ databases: [cityDatabase.ipv4, cityDatabase.ipv6] });
    expect(differences(locator, cityDatabase.ipv4, 4, MILLION, 3)).toEqual([]);
    expect(differences(locator, cityDatabase.ipv6, 6, MILLION, 4)).toEqual([]);
  },
);
