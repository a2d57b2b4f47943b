import { existsSync } from "node:fs";
import { chmod, mkdtemp, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Monitor } from "../../src/monitor/monitor.js";
import { locatorOf } from "../support/liveTraffic.js";
import { regionalTraffic } from "../support/regionalTraffic.js";

const events = regionalTraffic({ hours: 6, perMinute: 20 });

/** Runs a monitor over a folder that cannot be written, and expects it to say so and to count on. */
async function expectTrouble(state: string, prepare: () => Promise<void> = async () => {}): Promise<void> {
  const errors: unknown[] = [];
  const onError = (error: unknown): void => void errors.push(error);
  const monitor = new Monitor({ locator: locatorOf(events), state, snapshotSeconds: 3_600, onError });
  await prepare();
  monitor.push(events);
  await monitor.finish();
  expect(monitor.health().warnings.join()).toMatch(/cannot be (?:made|written)/);
  expect(errors.length).toBeGreaterThan(0);
  expect(monitor.health()).toMatchObject({ accepted: events.length, buckets: 72 });
}

test.skipIf(process.getuid?.() === 0)("where its folder is read-only, a monitor says so and goes on", async () => {
  const dir = await mkdtemp(join(tmpdir(), "crash-"));
  await chmod(dir, 0o500);
  await expectTrouble(dir);
});

test("where its folder cannot be made, a monitor says so and goes on", async () => {
  const dir = await mkdtemp(join(tmpdir(), "crash-"));
  await writeFile(join(dir, "taken"), "");
  await expectTrouble(join(dir, "taken", "state"));
});

test.skipIf(!existsSync("/dev/full"))("where the disk is full, a monitor says so and goes on", async () => {
  const dir = await mkdtemp(join(tmpdir(), "crash-"));
  await expectTrouble(dir, () => symlink("/dev/full", join(dir, "journal-00000000.gpm")));
});
