import { describe, expect, test } from "vitest";
import { HOUR_MS, MINUTE_MS } from "../../../src/core/time.js";
import { Cube } from "../../../src/cube/cube.js";
import { findHotspots } from "../../../src/detect/regional/findHotspots.js";
import { findOutages } from "../../../src/detect/regional/findOutages.js";
import { MONDAY_MS, type Request, regionalTraffic } from "../../support/regionalTraffic.js";

/** Countries far from one another that are three fifths of all traffic, and the minute at which it begins in each. */
const START: Readonly<Record<string, number>> = { DE: 0, US: 8, JP: 13, IN: 6 };
const NAMES = ["Germany", "India", "Japan", "United States"];

/** All at nearly the same time, each for 50 minutes. */
const hit = (change: (r: Request, random: number) => Request | null, all = false) =>
  Cube.from(
    regionalTraffic({
      hours: 36,
      perMinute: 80,
      change: (r, t, random) => {
        const late = all ? 0 : (START[r.city.country] ?? Number.POSITIVE_INFINITY);
        const start = MONDAY_MS + 34 * HOUR_MS + late * MINUTE_MS;
        return t >= start && t < start + 50 * MINUTE_MS ? change(r, random.next()) : r;
      },
    }),
  );
const regions = (findings: readonly { subtype: string; region: { name: string } }[]): string[] =>
  findings.map((f) => `${f.subtype} ${f.region.name}`).sort();

describe("several countries at once, while the others go on as usual, are findings of their own", () => {
  test("nothing comes from them", () => {
    const found = findOutages(hit((r, x) => (x < 0.95 ? null : r)));
    expect(regions(found)).toEqual(NAMES.map((name) => `traffic-drop ${name}`));
  });

  test("their requests fail", () => {
    const found = findOutages(hit((r, x) => (x < 0.6 ? { ...r, status: 503 } : r)));
    expect(regions(found)).toEqual(NAMES.map((name) => `errors ${name}`));
  });

  test("they are slow", () => {
    const found = findHotspots(hit((r) => ({ ...r, latencyMs: r.latencyMs * 4 })));
    expect(regions(found)).toEqual(NAMES.map((name) => `latency ${name}`));
  });

  test("where all do at once, it is the world", () => {
    const found = findOutages(hit((r, x) => (x < 0.95 ? null : r), true));
    expect(regions(found)).toEqual(["traffic-drop the whole world"]);
  });
});
