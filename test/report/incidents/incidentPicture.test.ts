import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { incidentPicture } from "../../../src/report/incidents/incidentPicture.js";
import { mapFrame } from "../../../src/report/incidents/mapFrame.js";
import { timeline } from "../../../src/triage/timeline/timeline.js";
import { alertExample } from "../../triage/alertExample.js";
import { ATTACKS } from "../../triage/payloads/hostileAlerts.js";
import { findingExample } from "../findingExample.js";

const box = { left: 0, top: 0, width: 400, height: 300 };
const alert = alertExample({ findings: ["outage-1"] });
const { region } = findingExample();

describe("incidentPicture", () => {
  test("draws the outline on a map, and observed against expected with what happened when", () => {
    const picture = incidentPicture(timeline(alert, [findingExample()]))!;
    expect(picture).toMatch(/^<svg [^>]*viewBox="0 0 960 360"/);
    expect(picture).toContain("known by 2026-03-02 12:05:00Z");
    for (const mark of ["began", "known"]) expect(picture).toContain(`>${mark}</text>`);
    expect(picture).not.toMatch(/NaN|Infinity|undefined/);
    expect(picture.length).toBeLessThan(60_000);
  });

  test("each step that adds cells has its colour, and no more than five have", () => {
    const cells = [
      "841fa57ffffffff",
      "841fae1ffffffff",
      "841fa55ffffffff",
      "841fa51ffffffff",
      "841fa5dffffffff",
      "841fa59ffffffff",
    ];
    const findings = cells.map((cell, i) =>
      findingExample({
        id: `f${i}`,
        detectedAtMs: findingExample().startMs + (i + 1) * 300_000,
        region: { ...region, name: `Part ${i}`, cells: [cell] },
      }),
    );
    const picture = incidentPicture(timeline({ ...alert, findings: findings.map(({ id }) => id) }, findings))!;
    expect(picture.match(/known by/g)).toHaveLength(5);
  });

  test("without places there is a chart, without a series a map, without both nothing", () => {
    const nowhere = findingExample({ region: { ...region, cells: [] } });
    const chartless = timeline(alert, [findingExample()]);
    expect(incidentPicture(timeline(alert, [nowhere]))).toContain('viewBox="0 0 480 360"');
    expect(incidentPicture({ ...chartless, chart: null })).toContain('viewBox="0 0 480 360"');
    expect(incidentPicture({ ...chartless, chart: null, outline: [] })).toBeNull();
  });

  test("texts out of a log are no markup", () => {
    for (const title of ATTACKS) {
      const picture = incidentPicture(timeline({ ...alert, title: `${title}"><script>` }, [findingExample()]))!;
      expect(picture.match(/<[a-z]+/g)!.filter((tag) => !/^<(svg|rect|text|path|g|clip)/.test(tag))).toEqual([]);
      expect(picture).not.toMatch(/[\u202e\u2066]|href|<img/);
      expect(picture.match(/"/g)!.length % 2).toBe(0);
    }
  });
});

describe("mapFrame", () => {
  test("shows all of the outline, also across the antimeridian and near the poles", () => {
    const rings = [
      [
        [
          [8, 50],
          [9, 50],
          [9, 51],
        ],
      ],
      [
        [
          [179, -17],
          [-179, -17],
          [-179, -16],
        ],
      ],
      [
        [
          [-170, 84],
          [170, 84],
          [10, 88],
        ],
      ],
      [
        [
          [-180, -85],
          [0, 85],
          [179, 0],
        ],
      ],
      [[[10, 10]]],
    ];
    for (const some of rings) {
      const { project, shows } = mapFrame(some, box);
      for (const [lon, lat] of some.flat()) {
        const [x, y] = project(lon!, lat!);
        expect(x).toBeGreaterThanOrEqual(-1);
        expect(x).toBeLessThanOrEqual(401);
        expect(y).toBeGreaterThanOrEqual(-1);
        expect(y).toBeLessThanOrEqual(301);
      }
      expect(shows([[some[0]![0]![0]!, some[0]![0]![1]!]])).toBe(true);
    }
  });

  test("north is up, east is right, and a degree is as long either way at the middle", () => {
    const { project } = mapFrame(
      [
        [
          [9, 49],
          [11, 51],
        ],
      ],
      box,
    );
    const [x, y] = project(10, 50);
    expect(project(10, 51)[1]).toBeLessThan(y);
    expect(project(11, 50)[0]).toBeGreaterThan(x);
    const ratio = (project(11, 50)[0] - x) / (y - project(10, 51)[1]);
    expect(ratio).toBeCloseTo(Math.cos((50 * Math.PI) / 180), 6);
  });
});

test("every draft in docs has its picture there, and is listed", () => {
  const names = readdirSync("docs/incidents");
  const list = readFileSync("docs/incidents/README.md", "utf8");
  const drafts = names.filter((name) => name.endsWith(".md") && name !== "README.md");
  expect(drafts.length).toBeGreaterThan(4);
  for (const draft of drafts) {
    expect(list).toContain(`](${draft})`);
    const [, picture] = /!\[[^\]]*\]\(([^)]+)\)/.exec(readFileSync(`docs/incidents/${draft}`, "utf8")) ?? [];
    expect(names).toContain(picture);
  }
});
