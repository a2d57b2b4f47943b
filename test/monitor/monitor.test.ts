import { expect, test } from "vitest";
import { Cube } from "../../src/cube/cube.js";
import { DETECTION_DIMENSIONS, detect } from "../../src/detect/detect.js";
import type { Finding } from "../../src/detect/finding.js";
import type { FindingChange } from "../../src/monitor/journal/findingChange.js";
import { Monitor } from "../../src/monitor/monitor.js";
import { feed, locatorOf, shuffledPushes } from "../support/liveTraffic.js";
import { MONDAY_MS, regionalTraffic } from "../support/regionalTraffic.js";

const HOUR_MS = 3_600_000;

/** Sixty hours in which Hesse falls silent, and requests from Japan fail. */
const events = regionalTraffic({
  perMinute: 120,
  change: (request, timeMs) => {
    const hours = (timeMs - MONDAY_MS) / HOUR_MS;
    if (hours >= 40 && hours < 44 && request.city.region === "Hesse") return null;
    if (hours >= 50 && hours < 52 && request.city.country === "JP") return { ...request, status: 503 };
    return request;
  },
});

const facts = ({ id, kind, subtype, region, startMs, detectedAtMs }: Finding) => ({
  id,
  kind,
  subtype,
  region: region.name,
  startMs,
  detectedAtMs,
});

function batchFindings(): Finding[] {
  return detect(Cube.from(events, { bucketSeconds: 300, dimensions: DETECTION_DIMENSIONS }), { events });
}

test("what is pushed in any order within the bound gives the findings of the whole log", async () => {
  const expected = batchFindings();
  expect(expected.length).toBeGreaterThanOrEqual(2);
  const told: FindingChange[] = [];
  const monitor = new Monitor({ locator: locatorOf(events), onChange: (change) => told.push(change) });
  await feed(monitor, shuffledPushes(events, 60_000, 1));
  await monitor.finish();
  if (process.env.SHOW)
    console.log(
      told
        .map((c) =>
          [
            new Date(c.atMs).toISOString(),
            c.change,
            c.finding.id,
            c.finding.title,
            new Date(c.finding.detectedAtMs).toISOString(),
          ].join(" "),
        )
        .join("\n"),
    );
  const left = new Map<string, Finding>();
  for (const { change, finding } of told)
    if (change === "withdrawn" || change === "merged") left.delete(finding.id);
    else left.set(finding.id, finding);
  expect([...left.values()].map(facts)).toEqual(expect.arrayContaining(expected.map(facts)));
  expect(left.size).toBe(expected.length);
  expect(monitor.health()).toMatchObject({ accepted: events.length, dropped: { late: 0 } });
});
