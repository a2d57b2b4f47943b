import { expect, test } from "vitest";
import type { Events } from "../../src/core/events.js";
import { copyRows } from "../../src/monitor/intake/copyRows.js";
import { Monitor } from "../../src/monitor/monitor.js";
import { locatorOf } from "../support/liveTraffic.js";
import { MONDAY_MS, regionalTraffic } from "../support/regionalTraffic.js";

const HOUR_MS = 3_600_000;
const events = regionalTraffic({
  perMinute: 60,
  hours: 46,
  change: (request, timeMs) => {
    const hours = (timeMs - MONDAY_MS) / HOUR_MS;
    if (hours >= 34 && hours < 37 && request.city.region === "Hesse") return null;
    return request;
  },
});
const instances = ["a", "b", "c"];

/** The rows that a load balancer gives to an instance. */
function rowsOf(instance: number, keeps: (timeMs: number) => boolean = () => true): Events {
  const rows = Array.from({ length: events.length }, (_, row) => row);
  return copyRows(events, Uint32Array.from(rows.filter((row) => row % 3 === instance && keeps(events.timeMs[row]!))));
}

/** What each instance hands over, in the order of its buckets. */
async function partsOf(instance: number, own: Events): Promise<{ startMs: number; bytes: Uint8Array }[]> {
  const parts: { startMs: number; bytes: Uint8Array }[] = [];
  const monitor = new Monitor({
    locator: locatorOf(events),
    suspicious: false,
    instance: instances[instance]!,
    onBucket: (part) => parts.push(part),
  });
  monitor.push(own);
  await monitor.finish();
  return parts;
}

const key = ({ id, title, detectedAtMs }: { id: string; title: string; detectedAtMs: number }) => [
  id,
  title,
  detectedAtMs,
];

test("the buckets of three instances, one of them ten minutes late, give what the one log gives", async () => {
  const single = new Monitor({ locator: locatorOf(events), suspicious: false });
  single.push(events);
  await single.finish();
  expect(single.known.map(({ title }) => title).join()).toMatch(/Hesse/);
  const parts = await Promise.all(instances.map((_, i) => partsOf(i, rowsOf(i))));
  const arrivals = parts.flatMap((own, i) =>
    own.map((part) => ({ ...part, atMs: part.startMs + (i === 2 ? 600_000 : 0) })),
  );
  const fleet = Monitor.merge({ locator: locatorOf(events), instances });
  const told: string[] = [];
  void (async () => {
    for await (const { change } of fleet.changes()) told.push(change);
  })();
  for (const { bytes } of arrivals.sort((a, b) => a.atMs - b.atMs)) {
    expect(fleet.push(bytes)).toBe(true);
    // What is delivered twice counts once.
    if (fleet.missing.length === 0 && told.length === 0) expect(fleet.push(bytes)).toBe(false);
    await fleet.flush();
  }
  const live = fleet.open.length;
  await fleet.finish();
  expect(live).toBeLessThanOrEqual(1);
  expect(told).not.toContain("withdrawn");
  const known = new Map(single.known.map((finding) => [finding.id, finding]));
  const merged = fleet.known;
  expect(merged.map(key)).toEqual([...known.values()].map(key));
}, 240_000);

test("an instance from which nothing comes is no outage, and its return no end of one", async () => {
  const isGone = (timeMs: number): boolean => timeMs >= MONDAY_MS + 40 * HOUR_MS && timeMs < MONDAY_MS + 43 * HOUR_MS;
  const parts = await Promise.all(instances.map((_, i) => partsOf(i, rowsOf(i))));
  const fleet = Monitor.merge({ locator: locatorOf(events), instances, patienceSeconds: 600 });
  const arrivals = parts.flatMap((own, i) => own.filter(({ startMs }) => i !== 1 || !isGone(startMs)));
  for (const { bytes } of arrivals.sort((a, b) => a.startMs - b.startMs)) fleet.push(bytes);
  await fleet.finish();
  expect(fleet.known.filter(({ startMs }) => startMs >= MONDAY_MS + 39 * HOUR_MS)).toEqual([]);
  expect(fleet.known.map(({ title }) => title).join()).toMatch(/Hesse/);
}, 240_000);
