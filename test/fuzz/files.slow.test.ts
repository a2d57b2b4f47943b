import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tableFromArrays, tableToIPC } from "@uwdata/flechette";
import { parquetWriteBuffer } from "hyparquet-writer";
import { afterAll, test } from "vitest";
import { Cube } from "../../src/cube/cube.js";
import { pivot } from "../../src/pivot/pivot.js";
import { readEvents } from "../../src/read/readEvents.js";
import { eventsFromObjects } from "../../src/read/records/eventsFromObjects.js";
import { unlocated } from "../../src/read/unlocated.js";
import { checkTrafficSpec } from "../../src/simulate/trafficSpec.js";
import { compilePolicy } from "../../src/triage/policy/compilePolicy.js";
import { parsePolicy } from "../../src/triage/policy/parsePolicy.js";
import { STARTER_POLICY } from "../../src/triage/policy/starterPolicy.js";
import { damagedBytes, damagedText, FUZZ_CASES, randomOf, withstands } from "../support/damage.js";

const folder = mkdtempSync(join(tmpdir(), "geopivot-fuzz-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const objects = Array.from({ length: 300 }, (_, i) => ({
  ts: 1_767_225_600 + 60 * i,
  ip: `198.51.100.${i % 9}`,
  status: i % 7 === 0 ? 500 : 200,
  latency_ms: 10 + (i % 13),
  user: `u${i % 5}`,
  service: ["api", "web"][i % 2]!,
}));
const cube = Cube.from(eventsFromObjects(objects, { locator: unlocated() }), {
  bucketSeconds: 300,
  resolution: 3,
  dimensions: ["service"],
});

async function ofBytes(seed: number, bytes: Uint8Array, work: (damaged: Uint8Array) => unknown): Promise<void> {
  const random = randomOf(seed);
  for (let i = 0; i < FUZZ_CASES; i++) {
    const damaged = damagedBytes(bytes, random);
    await withstands(`case ${i}: ${Buffer.from(damaged).toString("base64").slice(0, 20_000)}`, () => work(damaged));
  }
}

const judge = (damaged: Cube): unknown => pivot(damaged, { by: ["service"], measures: ["count", "error_rate", "p95"] });

test("damaged saved cubes answer or are refused in plain words", () =>
  ofBytes(1, cube.save(), (bytes) => judge(Cube.load(bytes))));

test("damaged cubes in Arrow answer or are refused in plain words", () =>
  ofBytes(2, cube.toArrow({ sketches: true }), (bytes) => judge(Cube.fromArrow(bytes))));

const logs = {
  parquet: new Uint8Array(
    parquetWriteBuffer({
      columnData: [
        { name: "ts", data: objects.map(({ ts }) => ts), type: "INT32" },
        { name: "ip", data: objects.map(({ ip }) => ip), type: "STRING" },
        { name: "status", data: objects.map(({ status }) => status), type: "INT32" },
        { name: "service", data: objects.map(({ service }) => service), type: "STRING" },
      ],
    }),
  ),
  arrow: tableToIPC(
    tableFromArrays({
      ts: objects.map(({ ts }) => ts * 1000),
      ip: objects.map(({ ip }) => ip),
      status: objects.map(({ status }) => status),
      service: objects.map(({ service }) => service),
    }),
    { format: "file" },
  )!,
};

test.each(["parquet", "arrow"] as const)("damaged logs in %s are read or refused in plain words", (kind) =>
  ofBytes(3, logs[kind], async (bytes) => {
    const path = join(folder, `log.${kind}`);
    writeFileSync(path, bytes);
    await readEvents(path, { locator: unlocated() });
  }),
);

test("damaged policies are taken or refused in plain words", async () => {
  const random = randomOf(4);
  const text = STARTER_POLICY;
  for (let i = 0; i < FUZZ_CASES; i++) {
    const damaged = damagedText(text, random);
    await withstands(damaged, () => compilePolicy(parsePolicy(damaged)));
  }
});

const SPEC = JSON.stringify({
  seed: 20260302,
  start: "2026-03-02T00:00:00Z",
  days: 1,
  requestsPerDay: 50,
  incidents: [
    { kind: "traffic-drop", startHours: 2.5, minutes: 55, area: { countries: ["DE"] }, lost: 0.93 },
    { kind: "latency", startHours: 8, minutes: 70, area: { countries: ["IN"] }, factor: 3.2 },
    { kind: "credential-stuffing", startHours: 5, minutes: 20 },
  ],
});

test("damaged traffic specs are taken or refused in plain words", async () => {
  const random = randomOf(5);
  for (let i = 0; i < FUZZ_CASES; i++) {
    const damaged = damagedText(SPEC, random);
    let spec: unknown;
    try {
      spec = JSON.parse(damaged);
    } catch {
      continue;
    }
    await withstands(damaged, () => checkTrafficSpec(spec));
  }
});
