import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Alert } from "../../../src/triage/alert.js";
import { alertPayload, PAYLOAD_FORMATS } from "../../../src/triage/payloads/alertPayload.js";
import { runs } from "../../support/runs.js";
import { alertExample } from "../alertExample.js";
import { ATTACKS, hostileAlert, hostileText, textsIn } from "./hostileAlerts.js";
import { payloadErrors } from "./payloadSchemas.js";

const JSON_FORMATS = PAYLOAD_FORMATS.filter((format) => format !== "markdown");
const RUNS = { numRuns: runs(300), seed: 7 };
const bytes = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

/** What a chat, a mail or a ticket would act on. */
const FORGERIES: readonly RegExp[] = [
  /<[!@#/?a-z]/i,
  /@[\p{L}\p{N}_]/u,
  /\]\(/,
  /\bwww\.\S/i,
  /\b(javascript|mailto|data):\S/i,
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029]/,
  /[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff]/,
  /[\uD800-\uDFFF]/u,
];

describe.each(JSON_FORMATS)("%s", (format) => {
  const parsed = (alerts: readonly Alert[]): unknown =>
    JSON.parse(alertPayload(format, alerts, { reportUrl: "https://reports.example/1", nowMs: 1e12 }));

  test("is valid by the receiver's schema for 300 hostile alerts", () => {
    fc.assert(
      fc.property(fc.array(hostileAlert, { minLength: 1, maxLength: 2 }), (alerts) => {
        expect(payloadErrors[format]!(parsed(alerts))).toEqual([]);
      }),
      RUNS,
    );
  });

  test("holds no text that forges a mention, a link or markup, or that hides or reverses text", () => {
    fc.assert(
      fc.property(hostileAlert, (alert) => {
        // Links to the report and to the runbook of the policy are ours.
        const texts = textsIn(parsed([alert])).filter(
          (text) => !/^https?:\/\/(runbooks|reports)\.example\//.test(text),
        );
        for (const text of texts) {
          for (const forgery of FORGERIES) expect(text).not.toMatch(forgery);
          expect(text).not.toMatch(/:\/\//);
        }
      }),
      RUNS,
    );
  });

  test("says the same for the same alert", () => {
    const alert = alertExample();
    expect(alertPayload(format, [alert])).toBe(alertPayload(format, [alertExample()]));
  });

  test("takes no alerts for what they are", () => {
    expect(payloadErrors[format]!(JSON.parse(alertPayload(format, [])))).toEqual([]);
  });
});

describe("Alertmanager", () => {
  test("identity is the key: labels stay while everything else changes", () => {
    const labelsOf = (alert: Alert): unknown => JSON.parse(alertPayload("alertmanager", [alert]))[0].labels;
    const key = "regional-outage/errors/brazil/abcdefghijklmnop";
    fc.assert(
      fc.property(hostileAlert, (alert) => {
        expect(labelsOf({ ...alert, key })).toEqual({
          alertname: "geopivot",
          geopivot_key: key,
          kind: "regional-outage",
          subtype: "errors",
        });
      }),
      RUNS,
    );
  });

  test("different keys are different alerts, also where they are long or hostile", () => {
    fc.assert(
      fc.property(hostileText, hostileText, (a, b) => {
        fc.pre(a !== b);
        const [first, second] = JSON.parse(
          alertPayload("alertmanager", [alertExample({ key: a }), alertExample({ key: b })]),
        );
        expect(first.labels).not.toEqual(second.labels);
      }),
      RUNS,
    );
  });

  test("an end before the start, which it would refuse, is the start", () => {
    const [alert] = JSON.parse(
      alertPayload("alertmanager", [alertExample({ status: "resolved", startMs: 2000, endMs: 1000 })]),
    );
    expect(alert.endsAt).toBe(alert.startsAt);
  });

  test("static labels cannot take the place of the key", () => {
    const labels = { team: "sre", geopivot_key: "other", "bad name": "x", empty: "" };
    const [alert] = JSON.parse(alertPayload("alertmanager", [alertExample()], { labels }));
    expect(Object.keys(alert.labels).sort()).toEqual(["alertname", "geopivot_key", "kind", "subtype", "team"]);
    expect(alert.labels.geopivot_key).toBe(alertExample().key);
  });
});

describe("PagerDuty", () => {
  test("events stay under 512,000 bytes", () => {
    fc.assert(
      fc.property(hostileAlert, (alert) => {
        for (const event of JSON.parse(alertPayload("pagerduty", [alert]))) expect(bytes(event)).toBeLessThan(512_000);
      }),
      RUNS,
    );
  });

  test("growth is a trigger and the end a resolve, under one key", () => {
    const [grown, resolved] = JSON.parse(
      alertPayload("pagerduty", [
        alertExample({ change: "grown", title: "Traffic from Europe down 80%" }),
        alertExample({ status: "resolved", change: "resolved", endMs: Date.UTC(2026, 2, 2, 13) }),
      ]),
    );
    expect([grown.event_action, resolved.event_action]).toEqual(["trigger", "resolve"]);
    expect(grown.dedup_key).toBe(resolved.dedup_key);
  });
});

describe("Slack", () => {
  test("messages stay under 12,000 bytes, whatever the script", () => {
    fc.assert(
      fc.property(hostileAlert, (alert) => {
        for (const message of JSON.parse(alertPayload("slack", [alert]))) {
          expect(bytes(message)).toBeLessThanOrEqual(12_000);
          for (const text of textsIn(message)) expect(text.replace(/&(amp|lt|gt);/g, "")).not.toMatch(/[<>&]/);
        }
      }),
      RUNS,
    );
    const long = "漢".repeat(10_000);
    const why = Array.from({ length: 30 }, () => long);
    const alert = alertExample({ title: long, cause: long, steps: why, alongside: why, why, resolution: long });
    expect(bytes(JSON.parse(alertPayload("slack", [alert]))[0])).toBeLessThanOrEqual(12_000);
  });

  test("a digest of any length is one message", () => {
    const digest = Array.from({ length: 500 }, (_, i) => ({ ...digestExample, title: `${ATTACKS[i % 28]} ${i}` }));
    const messages = JSON.parse(alertPayload("slack", [alertExample({ digest })]));
    expect(payloadErrors.slack!(messages)).toEqual([]);
    expect(messages).toHaveLength(1);
    expect(JSON.stringify(messages)).toContain("and 488 more");
  });
});

describe("Teams", () => {
  test("messages stay under half of the 28 KB that Teams takes, whatever the script", () => {
    fc.assert(
      fc.property(hostileAlert, (alert) => {
        for (const message of JSON.parse(alertPayload("teams", [alert]))) expect(bytes(message)).toBeLessThan(14_000);
      }),
      RUNS,
    );
    const long = "漢".repeat(10_000);
    const why = Array.from({ length: 30 }, () => long);
    const alert = alertExample({ title: long, cause: long, steps: why, alongside: why, why, resolution: long });
    expect(bytes(JSON.parse(alertPayload("teams", [alert]))[0])).toBeLessThan(14_000);
  });

  test("what is over is told as such, in green, with links to runbook and report", () => {
    const over = alertExample({ status: "resolved", change: "resolved", endMs: Date.UTC(2026, 2, 2, 13) });
    const [message] = JSON.parse(alertPayload("teams", [over], { reportUrl: "https://reports.example/1" }));
    const { content } = message.attachments[0];
    expect(message.summary).toBe(`Resolved: ${over.title}`);
    expect(content.body[0].style).toBe("good");
    expect(content.actions.map(({ title, url }: { title: string; url: string }) => [title, url])).toEqual([
      ["Runbook", "https://runbooks.example/outage"],
      ["Report", "https://reports.example/1"],
    ]);
  });
});

const digestExample = { title: "Errors in Hesse", count: 3, severity: "low" as const, findings: ["a"], fresh: 1 };

describe("CloudEvents", () => {
  test("the same news has the same id, other news another, the subject stays", () => {
    const event = (changes: Partial<Alert>) => JSON.parse(alertPayload("cloudevents", [alertExample(changes)]))[0];
    const [first, again, grown] = [event({}), event({}), event({ title: "Traffic from Europe down 80%" })];
    expect(again.id).toBe(first.id);
    expect(grown.id).not.toBe(first.id);
    expect(grown.subject).toBe(first.subject);
  });

  test("its source is a URI reference, whatever was configured", () => {
    fc.assert(
      fc.property(hostileText, (source) => {
        const events = JSON.parse(alertPayload("cloudevents", [alertExample()], { source }));
        expect(payloadErrors.cloudevents!(events)).toEqual([]);
      }),
      RUNS,
    );
  });
});

test("OpenTelemetry: the name of the event is on the record, and no attribute is event.name", () => {
  const { resourceLogs } = JSON.parse(alertPayload("otlp", [alertExample()]));
  const [record] = resourceLogs[0].scopeLogs[0].logRecords;
  const attributes = new Map(
    record.attributes.map(({ key, value }: { key: string; value: object }) => [key, Object.values(value)[0]]),
  );
  expect(record.eventName).toBe("geopivot.alert");
  expect(record.timeUnixNano).toBe(`${alertExample().detectedAtMs}000000`);
  expect(attributes.get("geo.country.iso_code")).toBe("DE");
  expect(attributes.get("geo.location.lat")).toBe(50.9);
  expect(attributes.has("event.name")).toBe(false);
});
