import { cp, mkdtemp, readdir, stat, truncate } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Events } from "../../src/core/events.js";
import { Random } from "../../src/core/random.js";
import { copyRows } from "../../src/monitor/intake/copyRows.js";
import type { FindingChange } from "../../src/monitor/journal/findingChange.js";
import { Monitor } from "../../src/monitor/monitor.js";
import { locatorOf } from "../support/liveTraffic.js";
import { MONDAY_MS, regionalTraffic } from "../support/regionalTraffic.js";

// What a kill leaves of a folder is what is in it at a moment, its last journal cut anywhere.

const HOUR_MS = 3_600_000;
const events = regionalTraffic({
  perMinute: 16,
  hours: 32,
  change: (request, timeMs) => {
    const hours = (timeMs - MONDAY_MS) / HOUR_MS;
    if (hours >= 28 && hours < 30 && request.city.country === "DE") return null;
    if (hours >= 30.5 && hours < 31.5 && request.city.country === "JP") return { ...request, status: 503 };
    return request;
  },
});
const PUSH_ROWS = 250;

const rowsOf = (from: number, to: number): Events =>
  copyRows(
    events,
    Uint32Array.from({ length: to - from }, (_, i) => from + i),
  );

const fact = ({ number, change, finding }: FindingChange): string =>
  `${number} ${change} ${finding.id} ${finding.title}`;

const stateDir = (): Promise<string> => mkdtemp(join(tmpdir(), "kills-"));

/** A copy of a folder as a kill leaves it. */
async function remains(state: string, random: Random): Promise<string> {
  for (let turns = random.int(100); turns > 0; turns--) await new Promise((resolve) => setImmediate(resolve));
  const copy = await stateDir();
  await cp(state, copy, { recursive: true, filter: (file) => !file.endsWith(".new") });
  const last = (await readdir(copy)).filter((name) => name.startsWith("journal")).at(-1);
  if (last !== undefined && random.next() < 0.5) {
    const { size } = await stat(join(copy, last));
    await truncate(join(copy, last), Math.max(0, size - random.int(2_000)));
  }
  return copy;
}

/** Feeds a monitor until the row at which it is killed; gives what is left of its state, null at the end of the log. */
async function feed(state: string | undefined, killAt: number, told: Set<string>, random: Random) {
  let isDead = false;
  const onChange = (change: FindingChange): void => {
    if (!isDead) told.add(fact(change));
  };
  const monitor = new Monitor({
    locator: locatorOf(events),
    ...(state && { state }),
    snapshotSeconds: 7_200,
    onChange,
  });
  for (let at = monitor.offsets.get("log") ?? 0; at < events.length; at += PUSH_ROWS) {
    monitor.push(rowsOf(at, Math.min(events.length, at + PUSH_ROWS)), { source: "log", offset: at });
    if (at >= killAt) {
      const left = await remains(state!, random);
      isDead = true;
      await monitor.close();
      return left;
    }
    // Often more waits than one push brought.
    if (random.next() < 0.7) await monitor.drained();
  }
  await monitor.finish();
  expect(monitor.health().accepted).toBe(events.length);
  return null;
}

const through = new Set<string>();

test.each(Array.from({ length: process.env.GEOPIVOT_THOROUGH ? 10 : 1 }, (_, i) => i))(
  "a monitor that is killed at random moments tells to the digit what one tells that was not (%i)",
  async (seed) => {
    const random = new Random(seed + 1);
    if (through.size === 0) await feed(undefined, Number.POSITIVE_INFINITY, through, new Random(1));
    expect([...through].join()).toMatch(/opened .* Germany .*resolved .*opened .* Japan/);
    const told = new Set<string>();
    // Half of the kills come in the first hours, before there is a snapshot, and one right after the other.
    const kills = Array.from({ length: 8 }, (_, i) => random.int(i % 2 === 0 ? events.length / 30 : events.length));
    let state: string | null = await stateDir();
    for (const kill of kills.sort((a, b) => a - b)) if (state !== null) state = await feed(state, kill, told, random);
    if (state !== null) await feed(state, Number.POSITIVE_INFINITY, told, random);
    expect([...told]).toEqual([...through]);
  },
  600_000,
);

test("what is lost while a service is down is no data, which is no drop", async () => {
  const quiet = regionalTraffic({ perMinute: 30, hours: 34 });
  const state = await stateDir();
  const told: string[] = [];
  const start = (): Monitor =>
    new Monitor({ locator: locatorOf(quiet), state, suspicious: false, onChange: (change) => told.push(fact(change)) });
  const feedHours = async (monitor: Monitor, from: number, to: number): Promise<void> => {
    const rows = Array.from(quiet.timeMs.keys()).filter((row) => {
      const hours = (quiet.timeMs[row]! - MONDAY_MS) / HOUR_MS;
      return hours >= from && hours < to;
    });
    for (let at = 0; at < rows.length; at += 500)
      monitor.push(copyRows(quiet, Uint32Array.from(rows.slice(at, at + 500))));
    await monitor.flush();
  };
  // Nobody brings again what waited when it was killed, nor what came in the forty minutes until it was back.
  await feedHours(start(), 0, 30.1);
  const second = start();
  await feedHours(second, 30.77, 31.05);
  await second.close();
  const third = start();
  await feedHours(third, 31.52, 34);
  await third.finish();
  expect(told).toEqual([]);
  // Down 40 and 28 minutes: what came since is judged again.
  expect(third.health()).toMatchObject({ buckets: 34 * 12, dropped: { late: 0 } });
}, 600_000);
