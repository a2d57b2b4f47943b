import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cellToLatLng } from "h3-js";
import { afterAll, describe, expect, test } from "vitest";
import { cellsToGeoJson } from "../../src/grid/outlines/cellsToGeoJson.js";
import { cityDatabase, hasCityDatabase } from "../support/cityDatabase.js";
import { hasBuild, runCli } from "../support/runCli.js";

const folder = mkdtempSync(join(tmpdir(), "geopivot-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Requests of 300 clients of one network, every so many of them failing. */
function log(name: string, version: string, every: number): string {
  const rows = Array.from({ length: 1500 }, (_, i) =>
    JSON.stringify({
      ts: new Date(Date.UTC(2026, 2, 2) + ((i * 7919) % 1500) * 60_000).toISOString(),
      ip: `81.2.${64 + (i % 2)}.${(i * 7) % 150}`,
      status: (i * 31) % every === 0 ? 500 : 200,
      latency_ms: 20 + (i % 40),
      version,
    }),
  );
  const path = join(folder, name);
  writeFileSync(path, `${rows.join("\n")}\n`);
  return path;
}

describe.skipIf(!hasBuild || !hasCityDatabase)("pivot and compare on the command line", () => {
  const db = ["--db", cityDatabase.ipv4];
  const before = log("before.ndjson", "4.2.0", 50);
  const after = log("after.ndjson", "4.3.0", 4);

  test("cells come with coordinates, and as areas", async () => {
    const question = ["pivot", before, ...db, "--by", "cell:2,version"];
    const csv = await runCli([...question, "--coordinates", "--csv"]);
    const [head, row] = csv.stdout.split("\n").map((line) => line.split(","));
    expect(head).toEqual(["cell:2", "version", "count", "latitude", "longitude", "geohash"]);
    const [lat, lon] = cellToLatLng(row![0]!);
    expect([Number(row![3]), Number(row![4])]).toEqual([lat, lon].map((x) => Math.round(x * 1e5) / 1e5));
    const geojson = JSON.parse((await runCli([...question, "--geojson"])).stdout);
    expect(geojson.features[0].properties).toEqual({ "cell:2": row![0], version: "4.2.0", count: Number(row![2]) });
    expect(geojson.features[0].geometry).toEqual(cellsToGeoJson([row![0]!]));
    const none = await runCli(["pivot", before, ...db, "--by", "version", "--geojson"]);
    expect([none.exitCode, none.stdout, none.stderr]).toEqual([2, "", expect.stringContaining("a cell among --by")]);
  });

  test("pivot answers in text, CSV and JSON, with conditions", async () => {
    const csv = await runCli(["pivot", before, ...db, "--by", "version", "--measure", "count,errors", "--csv"]);
    expect(csv.stdout).toBe("version,count,errors\n4.2.0,1500,30\n");
    const json = await runCli([
      "pivot",
      before,
      after,
      ...db,
      "--by",
      "version",
      "--where",
      "version!=4.2.0",
      "--json",
    ]);
    expect(JSON.parse(json.stdout)).toEqual([{ version: "4.3.0", count: 1500 }]);
    const text = await runCli(["pivot", before, ...db, "--measure", "count"]);
    expect([text.stdout, text.exitCode]).toEqual(["count\n 1500\n", 0]);
  });

  test("a question that cannot be asked ends in one line and exit code 2", async () => {
    const wrong = await runCli(["pivot", before, ...db, "--by", "country", "--measure", "speed"]);
    expect([wrong.exitCode, wrong.stderr.trim().split("\n").length]).toEqual([2, 1]);
    expect(wrong.stderr).toMatch(/no measure "speed"/);
  });

  test("compare ends with exit code 3 where a release is worse, and says where", async () => {
    const [markdown, junit] = [join(folder, "out.md"), join(folder, "out.xml")];
    const outputs = ["--markdown", markdown, "--junit", junit];
    const worse = await runCli(["compare", before, after, ...db, "--fail-on", "high", ...outputs]);
    expect(worse.exitCode).toBe(3);
    expect(worse.stdout).toMatch(/^Worse in GB: before\.ndjson → after\.ndjson\nhigh/);
    expect(readFileSync(markdown, "utf8")).toContain("| high | GB | error rate | 2.00% → 25.0% |");
    expect(readFileSync(junit, "utf8")).toContain('<failure type="high"');
    const same = await runCli(["compare", before, before, ...db]);
    expect([same.exitCode, same.stdout]).toEqual([0, "No region is worse: before.ndjson → before.ndjson\n"]);
  });

  test("compare splits a log by the values of a dimension", async () => {
    const split = await runCli(["compare", before, after, ...db, "--split", "version=4.2.0,4.3.0", "--json"]);
    expect(split.exitCode).toBe(3);
    expect(JSON.parse(split.stdout)).toMatchObject({ before: { label: "4.2.0", requests: 1500 }, by: ["country"] });
    const unknown = await runCli(["compare", before, ...db, "--split", "version=4.2.0,9"]);
    expect(unknown.exitCode).toBe(2);
  });
});
