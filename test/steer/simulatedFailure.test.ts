import { expect, test } from "vitest";
import { Random } from "../../src/core/random.js";
import { Cube } from "../../src/cube/cube.js";
import { detect } from "../../src/detect/detect.js";
import { openLocator } from "../../src/locate/openLocator.js";
import { eventsFromObjects } from "../../src/read/records/eventsFromObjects.js";
import { drawCities } from "../../src/simulate/cityWorld.js";
import { DEFAULT_COUNTRIES } from "../../src/simulate/population.js";
import { simulateTraffic } from "../../src/simulate/simulateTraffic.js";
import { cityDatabase, hasCityDatabase } from "../support/cityDatabase.js";
import { runs } from "../support/runs.js";
import { covered, SIMULATED_SERVERS, simulatedFailure } from "../support/simulatedFailure.js";

/** All twenty in the thorough suite. */
const SEEDS = runs(20) === 20 ? 20 : 3;

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

test.skipIf(!hasCityDatabase).each([5, 20])(
  "a rehearsed failure is told as the loss of that server, of %i minutes of its requests, and who served the rest (skipped without a city database)",
  async (outageMinutes) => {
    const locator = await openLocator({ databases: [cityDatabase.ipv4] });
    const incident = {
      kind: "server-failure",
      server: "fra",
      startHours: 58,
      minutes: 120,
      outageMinutes,
    } as const;
    const spec = {
      seed: 5,
      start: "2026-03-02T00:00:00Z",
      days: 2.6,
      requestsPerDay: 40_000,
      servers: SIMULATED_SERVERS,
    };
    const requests = [...simulateTraffic({ ...spec, incidents: [incident] }, locator).requests];
    const events = eventsFromObjects(requests, { locator, dimensions: ["pop"] });
    const told = detect(Cube.from(events, { dimensions: ["pop"] })).filter(({ dimensions }) => "pop" in dimensions);
    expect(told.map(({ subtype, dimensions }) => [subtype, dimensions.pop])).toEqual([["lost-source", "fra"]]);
    const startMs = Date.parse(spec.start) + incident.startHours * 3_600_000;
    expect(told[0]!.startMs).toBe(startMs);
    expect(told[0]!.endMs).toBe(startMs + incident.minutes * 60_000);
    const { missing, servedBy, servedSinceMs } = told[0]!.evidence as { [key: string]: unknown };
    expect(servedSinceMs).toBe(startMs + outageMinutes * 60_000);
    expect(servedBy).toEqual(["lhr"]);
    expect(told[0]!.title).toContain(`${missing} were lost, lhr served them since`);
    // As many as the server has in so many minutes at the same hour of the day before.
    const dayBefore = startMs - 24 * 3_600_000;
    const usual = requests.filter(
      ({ pop, ts }) => pop === "fra" && Date.parse(ts) >= dayBefore && Date.parse(ts) < dayBefore + 20 * 60_000,
    ).length;
    expect((missing as number) / ((usual * outageMinutes) / 20)).toBeGreaterThan(0.6);
    expect((missing as number) / ((usual * outageMinutes) / 20)).toBeLessThan(1.6);
    expect(["high", "critical"]).toContain(told[0]!.severity);
  },
  120_000,
);
