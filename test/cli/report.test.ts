import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { findingsJson } from "../../src/report/payloads/findingsJson.js";
import { cubeExample, reportExample } from "../report/reportExample.js";
import { hasBuild, runCli } from "../support/runCli.js";

describe.skipIf(!hasBuild)("geopivot report", () => {
  const folder = mkdtempSync(join(tmpdir(), "geopivot-cli-report-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  const path = (name: string) => join(folder, name);
  const { input, findings } = reportExample();
  writeFileSync(path("traffic.cube"), cubeExample().save());
  writeFileSync(path("findings.json"), JSON.stringify(findingsJson(input, findings, { details: true })));
  const findingsOf = (html: string) => {
    const [, json] = html.match(/id="findings">(.*?)<\/script>/)!;
    return JSON.parse(json!).findings as { id: string }[];
  };

  test("draws a saved cube with the findings of a document", async () => {
    const run = await runCli(["report", path("traffic.cube"), path("findings.json"), "--html", path("both.html")]);
    expect(run).toMatchObject({ exitCode: 0, stdout: "", stderr: "" });
    const html = readFileSync(path("both.html"), "utf8");
    expect(findingsOf(html).map((finding) => finding.id)).toEqual(findings.map((finding) => finding.id));
    expect(html).toContain("IP Geolocation by DB-IP");
  });

  test("judges a cube that comes alone, and draws findings that come alone", async () => {
    const cube = await runCli(["report", path("traffic.cube"), "--html", "-", "--title", "Alone"]);
    expect(cube.exitCode).toBe(0);
    expect(cube.stdout).toContain("<title>Alone</title>");
    const document = await runCli(["report", path("findings.json"), "--html", "-"]);
    expect(findingsOf(document.stdout)).toHaveLength(findings.length);
  });

  test.each([
    ["is missing", []],
    ["is neither", ["garbage"]],
    ["is cut short", ["half.cube"]],
    ["comes twice", ["findings.json", "findings.json"]],
  ])("says in one line what is wrong when a file %s", async (_, files) => {
    writeFileSync(path("garbage"), Buffer.from([0, 255, 1, 2, 3]));
    writeFileSync(path("half.cube"), cubeExample().save().subarray(0, 999));
    const run = await runCli([
      "report",
      ...(files.length > 0 ? files : ["nowhere"]).map(path),
      "--html",
      path("x.html"),
    ]);
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toMatch(/^geopivot: .+\n$/);
  });
});
