import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Finding } from "../../../src/detect/finding.js";
import { postMortem } from "../../../src/triage/timeline/postMortem.js";
import { timeline } from "../../../src/triage/timeline/timeline.js";
import { triage } from "../../../src/triage/triage.js";
import type { TriageState } from "../../../src/triage/triageState.js";
import { findingExample } from "../../report/findingExample.js";
import { runs } from "../../support/runs.js";
import { alertExample } from "../alertExample.js";
import { ATTACKS, hostileAlert } from "../payloads/hostileAlerts.js";

const MINUTE_MS = 60_000;
const START_MS = findingExample().startMs;
const { region } = findingExample();
const hesse = findingExample({
  id: "hesse",
  dimensions: {},
  cause: [],
  severity: "high",
  title: "Traffic from Hesse down 70%",
  detectedAtMs: START_MS + 5 * MINUTE_MS,
  region: { ...region, name: "Hesse, Germany", subdivisions: ["Hesse"], cells: ["841fae1ffffffff"] },
});
const germany = findingExample({ id: "germany", dimensions: {}, detectedAtMs: START_MS + 10 * MINUTE_MS });
const policy = { routes: [{ receivers: ["sre-emea"] }], flapping: false as const };

/** What triage says at each of some minutes, of what can be known then. */
function live(findings: readonly Finding[], minutes: readonly number[]) {
  let state: TriageState | null = null;
  let last: ReturnType<typeof triage> | null = null;
  for (const minute of minutes) {
    const nowMs = START_MS + minute * MINUTE_MS;
    const known = findings
      .filter(({ detectedAtMs }) => detectedAtMs <= nowMs)
      .map((finding) => ({
        ...finding,
        endMs: finding.endMs !== null && finding.endMs <= nowMs ? finding.endMs : null,
      }));
    last = triage(known, policy, state, { nowMs });
    state = last.state;
  }
  return last!;
}

describe("timeline", () => {
  test("says what began, what could be known when, what was told to whom, and when it ended", () => {
    const { alerts } = live([hesse, germany], [5, 10, 30, 65]);
    const { moments, knowableMs, toldMs } = timeline(alerts[0]!, [hesse, germany]);
    const told = moments.map(({ atMs, kind, text, receivers }) =>
      [(atMs - START_MS) / MINUTE_MS, kind, text.replace(/ \(.*/, ""), receivers.join()].join(" | "),
    );
    expect(told).toEqual([
      "0 | began | Traffic from Germany down 93% | ",
      "0 | began | Traffic from Hesse down 70% | ",
      "5 | knowable | Traffic from Hesse down 70% | ",
      expect.stringMatching(/^5 \| told \| opened as high: .*Hesse.* \| sre-emea$/),
      "10 | knowable | Traffic from Germany down 93% | ",
      expect.stringMatching(/^10 \| told \| grown as critical: .*Germany.* \| sre-emea$/),
      "60 | ended | Traffic from Germany down 93% | ",
      "60 | ended | Traffic from Hesse down 70% | ",
      expect.stringMatching(/^65 \| told \| resolved as critical: .* \| sre-emea$/),
    ]);
    expect([knowableMs, toldMs]).toEqual([hesse.detectedAtMs, START_MS + 5 * MINUTE_MS]);
  });

  test("the outline holds what was known by then, and only grows", () => {
    const { alerts } = live([hesse, germany], [10, 65]);
    expect(timeline(alerts[0]!, [germany, hesse, findingExample({ id: "another" })]).outline).toEqual([
      { atMs: hesse.detectedAtMs, regions: ["Hesse, Germany"], cells: ["841fae1ffffffff"] },
      { atMs: germany.detectedAtMs, regions: ["Germany", "Hesse, Germany"], cells: region.cells },
    ]);
  });

  test("without its findings, an alert tells what it knows itself", () => {
    const alert = alertExample({ endMs: START_MS + 3_600_000, status: "resolved", resolution: "lasted 1 h" });
    const { moments, outline, chart } = timeline(alert, []);
    expect(moments.map(({ kind }) => kind)).toEqual(["began", "knowable", "ended"]);
    expect(outline).toEqual([{ atMs: alert.detectedAtMs, regions: ["Germany"], cells: alert.region.cells }]);
    expect(chart).toBeNull();
  });

  test("of hundreds of findings the gravest are told one by one, and the rest counted", () => {
    const many = Array.from({ length: 300 }, (_, i) => findingExample({ id: `f${i}` }));
    const incident = timeline(alertExample({ findings: many.map(({ id }) => id) }), many);
    expect(incident.omitted).toBe(280);
    expect(postMortem(incident)).toContain("And 280 more findings.");
  });

  test("moments are in order, whatever the findings are", () => {
    const findings = fc.array(fc.record({ start: fc.nat(500), known: fc.nat(500), lasts: fc.option(fc.nat(500)) }), {
      maxLength: 30,
    });
    fc.assert(
      fc.property(findings, (all) => {
        const own = all.map(({ start, known, lasts }, i) =>
          findingExample({
            id: `f${i}`,
            startMs: start,
            detectedAtMs: start + known,
            endMs: lasts === null ? null : start + lasts,
          }),
        );
        const { moments, outline } = timeline(alertExample({ findings: own.map(({ id }) => id) }), own);
        const times = moments.map(({ atMs }) => atMs);
        expect(times).toEqual([...times].sort((a, b) => a - b));
        const sizes = outline.map(({ cells }) => cells.length);
        expect(sizes).toEqual([...sizes].sort((a, b) => a - b));
      }),
      { numRuns: runs(100) },
    );
  });
});

describe("postMortem", () => {
  test("reads as a draft: figures, picture, timeline, outline, cause, steps, and what people have to add", () => {
    const { alerts } = live([hesse, germany], [5, 10, 30, 65]);
    const text = postMortem(timeline(alerts[0]!, [hesse, germany]), { picture: "germany.svg" });
    expect(text.split("\n").filter((line) => /^#/.test(line))).toEqual([
      expect.stringMatching(/^# .*Germany/),
      "## Figures",
      "## Timeline",
      "## How the outline grew",
      "## What carries it",
      "## To be added by people",
      "## Why it was told as it was",
    ]);
    expect(text).toContain(
      "It began 2026-03-02 12:00:00Z and could be known 5 min later. Somebody was told 5 min later. It ended 2026-03-02 13:00:00Z, after 1 h.",
    );
    expect(text).toContain("![Where, and how it went: Germany](germany.svg)");
    expect(text).toContain("| 2026-03-02 12:05:00Z | Hesse, Germany | 1 |");
    const other = postMortem(timeline(alertExample(), []), { reportUrl: "https://reports.example/1" });
    expect(other).toContain("## What carries it\n\n- 97%: version 4.3.0\n\n## What was to be done first\n\n- Check");
    expect(other).toContain("[Runbook](https://runbooks.example/outage) · [Report](https://reports.example/1)");
  });

  test("hostile texts stay what they are", () => {
    fc.assert(
      fc.property(hostileAlert, (alert) => {
        const findings = ATTACKS.slice(0, 5).map((title, i) => findingExample({ id: `f${i}`, title }));
        const incident = timeline({ ...alert, findings: findings.map(({ id }) => id) }, findings);
        const text = postMortem(incident, { picture: 'x.svg) <img src="y">' });
        expect(text).not.toMatch(/<[!@#/?a-z]|@[\p{L}\p{N}_]|[\u202e\u2066]/iu);
        const links = text.match(/\]\([^)]*\)|:\/\//g) ?? [];
        expect(links.filter((link) => link !== "://" && !link.startsWith("](https://runbooks.example/"))).toEqual([]);
        for (const line of text.split("\n").filter((one) => one.startsWith("|")))
          expect(line.match(/\|/g)!.length).toBeLessThanOrEqual(4);
      }),
      { numRuns: runs(100), seed: 7 },
    );
  });
});
