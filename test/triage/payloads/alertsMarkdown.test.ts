import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { alertsMarkdown } from "../../../src/triage/payloads/alertsMarkdown.js";
import { runs } from "../../support/runs.js";
import { alertExample } from "../alertExample.js";
import { hostileAlert, hostileText } from "./hostileAlerts.js";

/** Every line of ours: a heading, a row of two cells, an entry of a list, a label or a link. */
const LINES: readonly RegExp[] = [
  /^$/,
  /^## (?<text>.+) \((critical|high|medium|low|info|resolved)\)$/,
  /^\|( \|){2}$|^\|---\|---\|$|^\| severity \| what \| incidents \|$|^\|---\|---\|--:\|$/,
  /^\| [A-Z][a-z ]+ \| (?<text>[^|]*) \|$/,
  /^\| (critical|high|medium|low|info) \| (?<text>[^|]*) \| \d+ \|$/,
  /^(?:\d+\.|-) (?<text>.+)$/,
  /^\*\*(What is in it|What to do first|Why this alert)\*\*$/,
  /^\[(Runbook|Report)\]\(https:\/\/(runbooks|reports)\.example\/[^()\s|<>]*\)$/,
];

function checkLine(line: string): void {
  const matched = LINES.map((pattern) => pattern.exec(line)).find((match) => match !== null);
  expect(matched, line).toBeDefined();
  const text = matched?.groups?.text ?? "";
  expect(text.replace(/&(amp|lt|gt|#\d+);/g, "")).not.toMatch(/[\\`*_[\]{}|~#@!<>&$^]|:\/\/|\bwww\./);
  expect(text).not.toMatch(/^(\d+[.)]|[-+=])(\s|$)/);
}

describe("alertsMarkdown", () => {
  test("hostile texts stay within their line and are shown as they are", () => {
    fc.assert(
      fc.property(hostileAlert, hostileText, (alert, title) => {
        const digest = [{ title, count: 2, severity: "low" as const, findings: [], fresh: 0 }];
        const text = alertsMarkdown([alert, { ...alert, digest }], { reportUrl: "https://reports.example/1" });
        for (const line of text.split("\n")) checkLine(line);
      }),
      { numRuns: runs(300), seed: 7 },
    );
  });

  test("says what, where, since when, how bad, how sure, whom it hits, what carries it and what to do", () => {
    expect(alertsMarkdown([alertExample()])).toBe(
      [
        "## Traffic from Germany down 93% (10 of 138 expected) (critical)",
        "",
        "| | |",
        "|---|---|",
        "| Where | Germany |",
        "| Since | 2026-03-02 12:00:00Z |",
        "| How bad | requests: 10, expected 138 |",
        "| Cost | 128 requests lost, 93% of the region's traffic |",
        "| What carries it | 97% of the lost requests: version 4.3.0 |",
        "| Clients | 96 |",
        "| How sure | 99.8% |",
        "| Hits | gold |",
        "| Only | service api |",
        "| Seen by others | also seen by IODA |",
        "| Also going on | Latency in Brazil up 3 times |",
        "",
        "**What to do first**",
        "",
        "1. Check the provider's status page",
        "2. Roll back version 4.3.0",
        "",
        "[Runbook](https://runbooks.example/outage)",
        "",
        "**Why this alert**",
        "",
        "- severity critical: 93% of Germany lost for 55 min",
        "- route: region Europe → sre-emea",
        "",
      ].join("\n"),
    );
  });
});
