import { mkdtemp, readdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Events } from "../../src/core/events.js";
import { copyRows } from "../../src/monitor/intake/copyRows.js";
import type { FindingChange } from "../../src/monitor/journal/findingChange.js";
import { Monitor } from "../../src/monitor/monitor.js";
import { locatorOf } from "../support/liveTraffic.js";
import { MONDAY_MS, regionalTraffic } from "../support/regionalTraffic.js";

const HOUR_MS = 3_600_000;

const events = regionalTraffic({
  perMinute: 40,
  hours: 50,
  change: (request, timeMs) => {
    const hours = (timeMs - MONDAY_MS) / HOUR_MS;
    if (hours >= 30 && hours < 33 && request.city.region === "Hesse") return null;
    if (hours >= 40 && hours < 42 && request.city.country === "JP") return { ...request, status: 503 };
    return request;
  },
});

const rowsOf = (from: number, to: number): Events =>
  copyRows(
    events,
    Uint32Array.from({ length: to - from }, (_, i) => from + i),
  );

/** Pushes rows of the log from where the monitor has come to, up to one. */
async function feed(monitor: Monitor, to: number): Promise<void> {
  for (let at = monitor.offsets.get("log") ?? 0; at < to; ) {
    const end = Math.min(to, at + 1_500);
    if (monitor.push(rowsOf(at, end), { source: "log", offset: at }).isFull) await monitor.drained();
    at = end;
  }
  await monitor.flush();
}

const facts = ({ number, change, finding, atMs }: FindingChange) =>
  `${number} ${new Date(atMs).toISOString()} ${change} ${finding.id} ${finding.title}`;

async function undisturbed(): Promise<FindingChange[]> {
  const told: FindingChange[] = [];
  const monitor = new Monitor({ locator: locatorOf(events), onChange: (change) => told.push(change) });
  await feed(monitor, events.length);
  await monitor.finish();
  return told;
}

const stateDir = (): Promise<string> => mkdtemp(join(tmpdir(), "monitor-"));

test("a monitor that is stopped anywhere tells what one tells that runs through", async () => {
  const expected = await undisturbed();
  expect(expected.map(({ change }) => change)).toEqual(expect.arrayContaining(["opened", "resolved"]));
  const state = await stateDir();
  const told: FindingChange[] = [];
  const start = () =>
    new Monitor({
      locator: locatorOf(events),
      state,
      snapshotSeconds: 14_400,
      onChange: (change) => told.push(change),
    });
  // Some are closed as they should be, some are just no longer there.
  for (const [share, isClosed] of [
    [0.3, false],
    [0.55, true],
    [0.61, false],
    [0.62, false],
    [0.83, true],
  ] as const) {
    const monitor = start();
    expect(monitor.health().warnings).toEqual([]);
    await feed(monitor, Math.floor(share * events.length));
    if (isClosed) await monitor.close();
  }
  const last = start();
  await feed(last, events.length);
  await last.finish();
  expect(told.map(facts)).toEqual(expected.map(facts));
  expect(last.health().accepted).toBe(events.length);
}, 600_000);

test("a damaged state is put aside, with a sentence, and one of another version too", async () => {
  const state = await stateDir();
  const start = () => new Monitor({ locator: locatorOf(events), state, snapshotSeconds: 3_600 });
  const first = start();
  await feed(first, 20_000);
  await first.close();
  const [name = ""] = (await readdir(state)).filter((file) => file.startsWith("snapshot"));
  const bytes = await readFile(join(state, name));
  bytes[bytes.length - 20]! ^= 255;
  await writeFile(join(state, name), bytes);
  const second = start();
  expect(second.health().warnings.join()).toMatch(/its checksum is wrong.*put aside/);
  expect(second.offsets.size).toBe(0);
  expect(await readdir(join(state, "refused-1"))).toContain(name);
  await feed(second, 20_000);
  await second.close();
  const [again = ""] = (await readdir(state)).filter((file) => file.startsWith("snapshot"));
  const later = await readFile(join(state, again));
  later[7] = 99;
  await writeFile(join(state, again), later);
  const third = start();
  expect(third.health().warnings.join()).toMatch(/it is of version 99, and this reads versions 1 to 2/);
  await third.close();
}, 600_000);
