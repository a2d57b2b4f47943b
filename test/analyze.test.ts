import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Analysis, analyze } from "../src/analyze.js";
import { Cube } from "../src/cube/cube.js";
import { detect } from "../src/detect/detect.js";
import { openLocator } from "../src/locate/openLocator.js";
import { readEvents } from "../src/read/readEvents.js";
import { findingsJson } from "../src/report/payloads/findingsJson.js";
import { hasCityDatabase } from "./support/cityDatabase.js";
import { hasBuild, runCli } from "./support/runCli.js";

const SAMPLE = "data/sample.ndjson.gz";
const folder = mkdtempSync(join(tmpdir(), "geopivot-analyze-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const NETWORKS = [
  { cidr: "192.0.2.0/24", name: "Berlin", country: "DE", lat: 52.52, lon: 13.405 },
  { cidr: "198.51.100.0/24", name: "Lyon", country: "FR", lat: 45.76, lon: 4.84 },
];

/** Requests of two countries, ten minutes apart, some with a service. */
function* requests(n: number): Generator<string> {
  for (let i = 0; i < n; i++) {
    const ip = i % 3 === 0 ? `198.51.100.${i % 250}` : `192.0.2.${i % 250}`;
    yield `${JSON.stringify({ ts: 1_700_000_000 + 600 * i, ip, status: 200, service: i % 2 ? "api" : "web" })}\n`;
  }
}

const log = (n: number): Uint8Array => new TextEncoder().encode([...requests(n)].join(""));

test("a log is read, counted and judged in one call, with a locator of its own", async () => {
  const { cube, findings, report, locator, warnings } = await analyze(log(100), { databases: [], networks: NETWORKS });
  expect(report.events).toBe(100);
  expect(cube.bucketMs).toBe(300_000);
  expect(cube.dimensions.map(({ name }) => name)).toEqual(["service"]);
  expect(cube.slice({ countries: ["FR"] }).groups.count.reduce((sum, n) => sum + n, 0)).toBe(34);
  expect(findings).toEqual([]);
  expect(locator.locate("192.0.2.7")?.country).toBe("DE");
  expect(warnings.join()).toMatch(/the log covers 16\.\d h, too little to judge regions by/);
});

test("that too few clients came to judge regions is said", async () => {
  const few = { databases: [], networks: NETWORKS };
  const seldom = [...requests(400)].map((line) => line.replace(/\.(\d+)"/, (_, n) => `.${Number(n) % 4}"`));
  const { warnings } = await analyze(new TextEncoder().encode(seldom.join("")), few);
  expect(warnings).toEqual(["no country has 5 clients or more, too few to judge regions by"]);
  expect((await analyze(log(400), few)).warnings).toEqual([]);
});

test("a locator that is given serves, and the options reach the cube", async () => {
  const locator = await openLocator({ databases: [], networks: NETWORKS });
  const analysis = await analyze(log(10), { locator, bucketSeconds: 3600, resolution: 2, dimensions: ["status"] });
  expect(analysis.locator).toBe(locator);
  expect(analysis.cube).toMatchObject({ bucketMs: 3_600_000, resolution: 2 });
  expect(analysis.cube.dimensions.map(({ name }) => name)).toEqual(["status"]);
});

test("what is wrong with the options or the log is thrown", async () => {
  const databases: string[] = [];
  await expect(analyze("no-such.log", { databases })).rejects.toMatchObject({ code: "file-not-found" });
  await expect(analyze(log(9), { databases, falseAlarmsPerWeek: -1 })).rejects.toMatchObject({
    code: "bad-detect-option",
  });
  await expect(analyze(log(9), { databases, resolution: 16 })).rejects.toMatchObject({ code: "bad-cube-option" });
  const reason = new Error("enough");
  await expect(analyze(log(9), { databases, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
});

describe.skipIf(!hasCityDatabase)("the sample log", () => {
  let analysis: Analysis;
  beforeAll(async () => {
    analysis = await analyze(SAMPLE);
  });

  test("gives what reading, counting and judging give one by one", async () => {
    const { locator } = analysis;
    const events = await readEvents(SAMPLE, { locator });
    const cube = Cube.from(events, { bucketSeconds: 300, resolution: 4, dimensions: ["service", "version"] });
    expect(analysis.cube.dimensions.map(({ name }) => name)).toEqual(["service", "version"]);
    expect(Buffer.compare(analysis.cube.save(), cube.save())).toBe(0);
    expect(analysis.findings).toEqual(detect(cube, { events }));
    expect(analysis.findings.length).toBeGreaterThan(5);
  });

  test.skipIf(!hasBuild)("gives what the command gives", async () => {
    const [json, cube] = [join(folder, "findings.json"), join(folder, "traffic.cube")];
    const { exitCode } = await runCli(["analyze", SAMPLE, "--json", json, "--cube", cube]);
    expect(exitCode).toBe(0);
    expect(Buffer.compare(analysis.cube.save(), readFileSync(cube))).toBe(0);
    const told = findingsJson(analysis.report, analysis.findings, { details: true });
    expect(JSON.parse(readFileSync(json, "utf8"))).toEqual(JSON.parse(JSON.stringify(told)));
  });
});
