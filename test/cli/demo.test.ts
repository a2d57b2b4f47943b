import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { hasBuild, runCli } from "../support/runCli.js";

test.skipIf(!hasBuild)("the demo needs no log and no database, and shows each of its incidents", async () => {
  const folder = await mkdtemp(join(tmpdir(), "demo-"));
  try {
    const { exitCode, stdout } = await runCli(["demo"], { cwd: folder, env: { GEOPIVOT_DB: "/nowhere.mmdb" } });
    expect(exitCode).toBe(0);
    const { findings } = JSON.parse(await readFile(join(folder, "geopivot-demo", "findings.json"), "utf8"));
    const told = findings.map(({ subtype, region }: { subtype: string; region: { countries: string[] } }) => [
      subtype,
      region.countries.join("+"),
    ]);
    expect(told).toEqual(
      expect.arrayContaining([
        ["traffic-drop", "DE"],
        ["errors", "BR"],
        ["latency", "IN"],
        ["credential-stuffing", "VN"],
        ["traffic-surge", "NL"],
      ]),
    );
    expect(told.filter(([subtype]: string[]) => subtype === "impossible-travel").length).toBe(2);
    expect(findings.length).toBe(7);
    expect(await readdir(join(folder, "geopivot-demo"))).toEqual([
      "access.ndjson",
      "findings.geojson",
      "findings.json",
      "networks.json",
      "report.html",
    ]);
    // The command that it suggests works as it stands.
    const suggested = /geopivot (pivot .*)/.exec(stdout)![1]!;
    const table = await runCli(suggested.split(" "), { cwd: folder });
    expect(table.exitCode).toBe(0);
    expect(table.stdout).toContain("DE");
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
