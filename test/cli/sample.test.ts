import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { FindingJson, FindingsJson } from "../../src/report/index.js";
import type { SimulatedIncident } from "../../src/simulate/index.js";
import { hasCityDatabase } from "../support/cityDatabase.js";
import { type CliRun, hasBuild, runCli } from "../support/runCli.js";

const folder = mkdtempSync(join(tmpdir(), "geopivot-sample-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const truth = JSON.parse(readFileSync("data/sample.truth.json", "utf8")) as {
  events: number;
  incidents: SimulatedIncident[];
};

/** What `analyze` calls each kind of simulated incident. */
const SUBTYPES: Readonly<Record<SimulatedIncident["kind"], string>> = {
  "traffic-drop": "traffic-drop",
  errors: "errors",
  refused: "refused",
  latency: "latency",
  "credential-stuffing": "credential-stuffing",
  "traffic-surge": "traffic-surge",
  scraper: "scraper",
  "impossible-travel": "impossible-travel",
  "shared-account": "concurrent-sessions",
  "server-failure": "traffic-drop",
};

describe.skipIf(!hasBuild || !hasCityDatabase)("the sample log", () => {
  let run: CliRun;
  let result: FindingsJson;
  beforeAll(async () => {
    const out = (name: string): string => join(folder, name);
    const outputs = ["--json", out("findings.json"), "--html", out("report.html"), "--geojson", out("report.geojson")];
    run = await runCli(["analyze", "data/sample.ndjson.gz", ...outputs]);
    result = JSON.parse(readFileSync(out("findings.json"), "utf8")) as FindingsJson;
  });

  test("is read whole", () => {
    expect(run.exitCode).toBe(0);
    expect(result.input).toMatchObject({ events: truth.events, rejected: 0, unlocated: 0 });
  });

  test.each(truth.incidents.map((incident) => [incident.kind, incident] as const))(
    "its %s is found",
    (kind, incident) => {
      const found = result.findings.filter((f) => f.subtype === SUBTYPES[kind] && overlaps(f, incident));
      const hits = found.filter((f) => names(f, incident));
      expect(hits.map((f) => f.title)).toHaveLength(1);
      expect(["critical", "high", "medium"]).toContain(hits[0]!.severity);
    },
  );

  test("nothing else is called grave", () => {
    const grave = result.findings.filter((f) => !["low", "info"].includes(f.severity));
    const unexplained = grave.filter(
      (f) => !truth.incidents.some((i) => SUBTYPES[i.kind] === f.subtype && overlaps(f, i)),
    );
    expect(unexplained.map((f) => f.title)).toEqual([]);
  });

  test("the map and the areas are written beside it", () => {
    expect(readFileSync(join(folder, "report.html"), "utf8")).toMatch(/^<!doctype html>/i);
    const areas = JSON.parse(readFileSync(join(folder, "report.geojson"), "utf8"));
    expect(areas).toMatchObject({ type: "FeatureCollection" });
    expect(areas.features).toHaveLength(result.findings.length);
  });

  test("a gate on severity ends with exit code 3", async () => {
    const gated = await runCli(["analyze", "data/sample.ndjson.gz", "--fail-on", "medium"]);
    expect(gated.exitCode).toBe(3);
  });

  test("the same input gives the same findings, to the letter", async () => {
    const again = await runCli(["analyze", "data/sample.ndjson.gz", "--json", "-"]);
    expect(JSON.parse(again.stdout)).toEqual(result);
  });
});

function overlaps(finding: FindingJson, incident: SimulatedIncident): boolean {
  const end = finding.end === null ? Number.POSITIVE_INFINITY : Date.parse(finding.end);
  return Date.parse(finding.start) < incident.endMs + 600_000 && end > incident.startMs - 600_000;
}

/** Outages and hotspots name the country; suspicious traffic the addresses or the accounts. */
function names(finding: FindingJson, incident: SimulatedIncident): boolean {
  if (finding.kind !== "suspicious-traffic") {
    const countries = [...new Set(incident.places.map((place) => place.country))];
    return finding.region.countries.join() === countries.join();
  }
  const theirs = incident.kind === "impossible-travel" ? incident.users : incident.ips;
  const ours = incident.kind === "impossible-travel" ? finding.users : finding.ips;
  return ours.filter((name) => theirs.includes(name)).length >= ours.length / 2 && ours.length > 0;
}
