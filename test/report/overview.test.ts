import { expect, test } from "vitest";
import { Cube } from "../../src/cube/cube.js";
import { pivot } from "../../src/pivot/pivot.js";
import { eventsFromObjects } from "../../src/read/records/eventsFromObjects.js";
import { overview } from "../../src/report/overview.js";

const COUNTRIES = ["DE", "FR", "BR"];

/** Three days of some requests an hour from three countries; the last day has twice as many from Brazil. */
function cube(): Cube {
  const rows = Array.from({ length: 72 * 12 }, (_, i) => {
    const hour = Math.floor(i / 12);
    const country = i % 12 < 6 ? "DE" : i % 12 < 10 ? "FR" : "BR";
    const copies = country === "BR" && hour >= 48 ? 2 : 1;
    return Array.from({ length: copies }, (_, copy) => ({
      ts: Date.UTC(2026, 2, 2) + hour * 3_600_000 + (i % 12) * 200_000 + copy,
      client_id: `c${i % 7}`,
      ...(i % 5 > 0 && { status: i % 10 === 1 ? 503 : 200 }),
      latency_ms: 10 + (i % 50),
      "geo.country_iso_code": country,
    }));
  }).flat();
  return Cube.from(eventsFromObjects(rows), { bucketSeconds: 300, resolution: 4 });
}

test("figures of the busiest countries are those of the pivot; the last day is told against those before", () => {
  const traffic = cube();
  const { total, countries, networks, clients } = overview(traffic);
  const table = pivot(traffic, { by: ["country"], measures: ["count", "error_rate", "p95"] }).objects() as Record<
    string,
    number | string
  >[];
  expect(countries.map(({ name }) => name)).toEqual(["Germany", "France", "Brazil"]);
  countries.forEach((part, i) => {
    const row = table.find(({ country }) => country === COUNTRIES[i])!;
    expect([part.requests, part.errorRate, part.p95Ms]).toEqual([row.count, row.error_rate, row.p95]);
  });
  const changes = countries.map(({ change }) => Math.round(10 * change!) / 10);
  expect(changes).toEqual([-0, -0, 1]);
  expect(countries.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 12);
  expect(total.requests).toBe(traffic.groups.count.reduce((a, b) => a + b, 0));
  expect([clients, networks]).toEqual([7, []]);
});

test("a short log has no days to compare; an empty one nothing", () => {
  const one = Cube.from(
    eventsFromObjects([{ ts: 1_772_409_600_000, "geo.country_iso_code": "DE", client_id: "a" }]),
    {},
  );
  expect(overview(one).total).toMatchObject({ requests: 1, change: null, errorRate: Number.NaN });
  expect(overview(new Cube({}))).toMatchObject({ total: { requests: 0 }, countries: [] });
});
