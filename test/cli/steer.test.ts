import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { hasCityDatabase } from "../support/cityDatabase.js";
import { hasBuild, runCli } from "../support/runCli.js";

describe.skipIf(!hasBuild || !hasCityDatabase)("geopivot steer", () => {
  const folder = mkdtempSync(join(tmpdir(), "geopivot-steer-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  const path = (name: string): string => join(folder, name);
  const servers = [
    { name: "fra", lat: 50.11, lon: 8.68, country: "DE", capacity: 0.2, addresses: ["192.0.2.1"] },
    { name: "iad", lat: 38.95, lon: -77.46, country: "US", capacity: 0.05, addresses: ["192.0.2.2"] },
    { name: "sin", lat: 1.36, lon: 103.99, country: "SG", capacity: 0.2, addresses: ["192.0.2.3"] },
  ];
  writeFileSync(path("servers.json"), JSON.stringify(servers));
  writeFileSync(
    path("sites.json"),
    JSON.stringify([
      { name: "gru", lat: -23.43, lon: -46.47 },
      { name: "bom", lat: 19.09, lon: 72.87 },
    ]),
  );
  writeFileSync(path("swapped.json"), JSON.stringify([{ ...servers[0], lat: 8.68, lon: 50.11 }]));
  const spec = { seed: 3, start: "2026-03-02T00:00:00Z", days: 1, requestsPerDay: 8000, servers, incidents: [] };
  writeFileSync(path("spec.json"), JSON.stringify(spec));

  test("tells a person and a program what a failure does, and writes what steers", async () => {
    expect((await runCli(["simulate", path("spec.json"), "--out", path("log")])).exitCode).toBe(0);
    const log = path("log/events.ndjson");
    const told = await runCli([
      ...["steer", log, "--servers", path("servers.json"), "--down", "fra", "--candidates", path("sites.json")],
      ...["--json", path("out.json"), "--geojson", path("out.geojson"), "--html", path("out.html"), "--k", "1"],
    ]);
    expect(told.exitCode, told.stderr).toBe(0);
    expect(told.stdout).toMatch(/^lost +verdict +moves/m);
    expect(told.stdout).toMatch(/^fra +\w+ +\d+%/m);
    expect(told.stdout).toMatch(/^without fra, each server's busiest hour/m);
    expect(told.stdout).toMatch(/^open (gru|bom): /m);
    const document = JSON.parse(readFileSync(path("out.json"), "utf8"));
    expect(document.schema).toBe("geopivot.steer/1");
    expect(document.failover.cases).toHaveLength(6);
    const { features } = JSON.parse(readFileSync(path("out.geojson"), "utf8"));
    const better = features.filter((f: { properties: { catchment: string } }) => f.properties.catchment === "better");
    expect(better.map((f: { properties: { server: string } }) => f.properties.server)).not.toContain("fra");
    const dns = await runCli(["steer", log, "--servers", path("servers.json"), "--dns", "gdnsd"]);
    expect(dns.stdout).toContain("geopivot => {");
  }, 120_000);

  test("what is wrong is exit 2 and one line", async () => {
    const fails = async (args: readonly string[], message: RegExp): Promise<void> => {
      const { exitCode, stderr } = await runCli(["steer", path("log/events.ndjson"), ...args]);
      expect(stderr.trim().split("\n").pop()).toMatch(message);
      expect(exitCode).toBe(2);
    };
    await fails(["--servers", path("swapped.json")], /exchanged/);
    await fails(["--servers", path("servers.json"), "--down", "cdg"], /--down "cdg"/);
    await fails(["--servers", path("missing.json")], /missing\.json/);
  }, 60_000);
});
