import { expect, test } from "vitest";
import { Random } from "../../src/core/random.js";
import { Cube } from "../../src/cube/cube.js";
import { explain } from "../../src/explain/explain.js";
import { openLocator } from "../../src/locate/openLocator.js";
import { eventsFromObjects } from "../../src/read/records/eventsFromObjects.js";

const START_MS = Date.UTC(2026, 2, 2);
const HOUR_MS = 3_600_000;
const CITIES = ["Frankfurt,DE,50.1,8.6", "Paris,FR,48.8,2.3", "São Paulo,BR,-23.5,-46.6"];

const locator = await openLocator({
  databases: [],
  networks: CITIES.map((line, i) => {
    const [city, country, lat, lon] = line.split(",") as [string, string, string, string];
    return { cidr: `5.0.${i}.0/24`, name: city, city, country, lat: Number(lat), lon: Number(lon) };
  }),
});

/** A day of 24,000 requests with next to no errors; for an hour, one version of one service fails in Frankfurt. */
function day(seed: number, share: number): Record<string, unknown>[] {
  const random = new Random(seed);
  return Array.from({ length: 24_000 }, (_, i) => {
    const hour = i / 1000;
    const at = random.int(3);
    const [service, version] = [random.pick(["api", "web"]), random.pick(["4.2.0", "4.3.0"])];
    const fails = at === 0 && service === "api" && version === "4.3.0" && hour >= 18 && hour < 19;
    const status = random.next() < (fails ? share : 0.005) ? 503 : 200;
    return { ts: START_MS + hour * HOUR_MS, ip: `5.0.${at}.${random.int(250)}`, status, service, version };
  });
}

test.each([0.95, 0.5])(
  "a version of one service in one city is told whole, be usual errors ever so few (%d)",
  (share) => {
    const named = Array.from({ length: 10 }, (_, seed) => {
      const cube = Cube.from(eventsFromObjects(day(seed, share), { locator }), { dimensions: ["service", "version"] });
      const window = { from: START_MS + 18 * HOUR_MS, to: START_MS + 19 * HOUR_MS };
      return (["errors", "error_rate"] as const).map(
        (measure) => explain(cube, { ...window, measure }).causes[0]!.slice,
      );
    }).flat();
    const whole = named.filter(
      (slice) => slice.country === "DE" && slice.service === "api" && slice.version === "4.3.0",
    );
    expect(whole.length, JSON.stringify(named)).toBeGreaterThanOrEqual(19);
  },
);
