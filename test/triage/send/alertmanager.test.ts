import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Finding } from "../../../src/detect/finding.js";
import type { Alert } from "../../../src/triage/alert.js";
import { alertmanagerAlerts } from "../../../src/triage/payloads/alertmanagerAlerts.js";
import type { Policy } from "../../../src/triage/policy/policy.js";
import { AlertSender } from "../../../src/triage/send/alertSender.js";
import type { SenderClock } from "../../../src/triage/send/senderClock.js";
import { triage } from "../../../src/triage/triage.js";
import type { TriageState } from "../../../src/triage/triageState.js";
import { findingExample } from "../../report/findingExample.js";
import { type Alertmanager, alertmanagerPath, startAlertmanager } from "../../support/alertmanager.js";
import { alertExample } from "../alertExample.js";
import { findingOf } from "../findings.js";
import { ATTACKS } from "../payloads/hostileAlerts.js";
import { type ReceiverServer, receiverServer } from "./receiverServer.js";

if (!alertmanagerPath) console.warn("no prometheus-alertmanager here: what is sent to it is not tried on it");

/** An alert as `GET /api/v2/alerts` gives it. */
interface StoredAlert {
  readonly labels: Record<string, string>;
  readonly annotations: Record<string, string>;
  readonly status: { readonly state: string };
}

/** A notification of version 4. */
interface Notification {
  readonly status: string;
  readonly alerts: readonly (StoredAlert & { readonly fingerprint: string })[];
}

const clock: SenderClock = {
  nowMs: () => Date.now(),
  after: (delayMs, call) => {
    const timer = setTimeout(call, delayMs);
    return () => clearTimeout(timer);
  },
};

describe.skipIf(!alertmanagerPath)("Alertmanager", { timeout: 60_000 }, () => {
  let webhook: ReceiverServer;
  let alertmanager: Alertmanager;

  beforeAll(async () => {
    webhook = await receiverServer();
    alertmanager = await startAlertmanager(webhook.url);
  }, 60_000);
  afterAll(async () => {
    await alertmanager?.stop();
    await webhook?.close();
  });

  const stored = async (key: string): Promise<StoredAlert[]> => {
    const response = await fetch(`${alertmanager.url}/api/v2/alerts`);
    return ((await response.json()) as StoredAlert[]).filter(({ labels }) => labels.geopivot_key === key);
  };
  const news = (key: string): Notification[] =>
    webhook.received
      .map(({ body }): Notification => body)
      .filter(({ alerts }) => alerts.some(({ labels }) => labels.geopivot_key === key));
  const sender = (): AlertSender =>
    new AlertSender({
      receivers: [{ name: "sre", format: "alertmanager", url: alertmanager.url }],
      clock,
      resendMs: 500,
    });

  test("an incident that grows, gets worse, is silenced and ends region by region is one alert there", async () => {
    const sending = sender();
    const life = new Life();
    const told = async (step: Step): Promise<Alert> => {
      const alerts = life.next(step);
      expect(alerts).toHaveLength(1);
      sending.accept(alerts);
      await until(
        async () => (await stored(alerts[0]!.key))[0]?.annotations.summary === expectedAnnotations(alerts[0]!).summary,
      );
      const [only, ...others] = await stored(alerts[0]!.key);
      expect(others).toEqual([]);
      expect(only!.annotations).toEqual(expectedAnnotations(alerts[0]!));
      expect(only!.status.state).toBe("active");
      return alerts[0]!;
    };
    const opened = await told({ hesse: "firing" });
    await until(() => news(opened.key).length === 1);
    const grown = await told({ hesse: "firing", germany: "firing" });
    const silenced = await told({ hesse: "firing", germany: "firing", silenced: true });
    const parentOver = await told({ hesse: "firing", germany: "over" });
    expect([grown, silenced, parentOver].map(({ key }) => key)).toEqual(Array.from({ length: 3 }, () => opened.key));
    expect(opened.severity).toBe("high");
    expect(grown.severity).toBe("critical");

    // Longer than it remembers what it does not hear of.
    await pause(4_000);
    expect(news(opened.key)).toHaveLength(1);
    const [end] = life.next({ hesse: "over", germany: "over" });
    sending.accept([end!]);
    await until(() => news(opened.key).length === 2);
    await sending.close();

    const notifications = news(opened.key);
    expect(notifications.map(({ status }) => status)).toEqual(["firing", "resolved"]);
    expect(new Set(notifications.flatMap(({ alerts }) => alerts.map(({ fingerprint }) => fingerprint))).size).toBe(1);
    expect(notifications[1]!.alerts[0]!.annotations).toEqual(expectedAnnotations(end!));
    expect(notifications[1]!.alerts[0]!.annotations.resolution).toMatch(/\S/);
    await until(async () => (await stored(opened.key)).length === 0);
  });

  test("two alerts that become parts of a third are ended there once each, and a parent that ends first is no news", async () => {
    const sending = sender();
    const nowMs = Date.now();
    const minute = (n: number): number => nowMs - (40 - n) * 60_000;
    const germany = findingOf({
      id: "germany",
      startMs: minute(2),
      detectedAtMs: minute(8),
      to: null,
      severity: "critical",
    });
    const children = ["Frankfurt", "Munich"].map((city, i) =>
      findingOf({ id: city, city, subdivision: `Land ${i}`, startMs: minute(i), detectedAtMs: minute(4), to: null }),
    );
    const policy: Policy = { routes: [{ receivers: ["sre"] }], flapping: false };
    let state: TriageState | null = null;
    const told = (findings: readonly Finding[], atMinute: number): readonly Alert[] => {
      const result = triage(findings, policy, state, { nowMs: minute(atMinute) });
      state = result.state;
      sending.accept(result.alerts);
      return result.alerts;
    };
    const keys = told(children, 5).map(({ key }) => key);
    expect(new Set(keys).size).toBe(2);
    await until(() => keys.every((key) => news(key).length === 1));
    expect((await Promise.all(keys.map(stored))).map((alerts) => alerts.length)).toEqual([1, 1]);

    const [parent, part] = told([...children, germany], 9);
    expect([parent!.status, part!.status]).toEqual(["firing", "resolved"]);
    expect(part!.resolution).toContain("now part of: Traffic from Germany");
    await until(() => news(part!.key).length === 2);
    await until(async () => (await stored(parent!.key))[0]?.annotations.severity === "critical");

    const after = told([...children, { ...germany, endMs: minute(20) }], 21);
    expect(after.map(({ key, status, change }) => [key, status, change])).toEqual([
      [parent!.key, "firing", "unchanged"],
    ]);
    await pause(4_000);
    expect([news(parent!.key).length, news(part!.key).length]).toEqual([1, 2]);

    told(
      [...children, germany].map((one) => ({ ...one, endMs: minute(30) })),
      31,
    );
    await until(() => news(parent!.key).length === 2);
    await sending.close();
    const statuses = keys.map((key) => news(key).map(({ status }) => status));
    expect(statuses).toEqual([
      ["firing", "resolved"],
      ["firing", "resolved"],
    ]);
    await until(async () => (await Promise.all(keys.map(stored))).flat().length === 0);
  });

  test("what it no longer hears of, it takes for over: sending again is what keeps an alert", async () => {
    const key = "regional-outage/errors/brazil/abcdefghijklmnop";
    const sending = sender();
    sending.accept([alertExample({ key, receivers: ["sre"], startMs: Date.now() - 60_000 })]);
    await until(() => news(key).length === 1);
    await sending.close();
    await until(() => news(key).length === 2);
    expect(news(key)[1]!.status).toBe("resolved");
  });

  test("hostile alerts are taken whole", async () => {
    const long = "x".repeat(10_000);
    const hostile = [...ATTACKS, long].map((text, i) =>
      alertExample({
        key: `${i} ${text}`,
        title: text,
        cause: text,
        region: { ...alertExample().region, name: text },
        dimensions: { [text]: text },
        steps: [text],
        runbook: text,
        receivers: ["sre"],
        startMs: Date.now() - 60_000,
      }),
    );
    const response = await fetch(`${alertmanager.url}/api/v2/alerts`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(alertmanagerAlerts(hostile, { labels: { team: "sre" } })),
    });
    expect([response.status, await response.text()]).toEqual([200, ""]);
    // At once: it forgets them within seconds.
    const all = (await (await fetch(`${alertmanager.url}/api/v2/alerts`)).json()) as StoredAlert[];
    for (const alert of alertmanagerAlerts(hostile)) {
      const [only, ...others] = all.filter(({ labels }) => labels.geopivot_key === alert.labels.geopivot_key);
      expect(others).toEqual([]);
      expect(only!.annotations).toEqual(alert.annotations);
    }
  });
});

interface Step {
  readonly hesse: "firing" | "over";
  readonly germany?: "firing" | "over";
  readonly silenced?: boolean;
}

/** Hesse fails, then all of Germany; triage says what there is to tell, minute by minute. */
class Life {
  #state: TriageState | null = null;
  #nowMs = Date.now() - 20 * 60_000;
  readonly #startMs = this.#nowMs - 10 * 60_000;

  next({ hesse, germany, silenced = false }: Step): readonly Alert[] {
    this.#nowMs += 4 * 60_000;
    const findings = [
      this.#finding("hesse", hesse, { severity: "high", title: "Traffic from Hesse down 70%" }),
      ...(germany ? [this.#finding("germany", germany, { title: "Traffic from Germany down 93%" })] : []),
    ];
    const { alerts, state } = triage(findings, policyOf(silenced, this.#nowMs), this.#state, { nowMs: this.#nowMs });
    this.#state = state;
    return alerts;
  }

  #finding(id: string, status: "firing" | "over", changes: Partial<Finding>): Finding {
    const { region } = findingExample();
    const isHesse = id === "hesse";
    return findingExample({
      id,
      startMs: this.#startMs,
      endMs: status === "over" ? this.#nowMs - 60_000 : null,
      detectedAtMs: this.#startMs + 5 * 60_000,
      region: isHesse
        ? { ...region, name: "Hesse, Germany", subdivisions: ["Hesse, Germany"], cells: ["841fae1ffffffff"] }
        : region,
      ...changes,
    });
  }
}

function policyOf(silenced: boolean, nowMs: number): Policy {
  const silence = {
    match: { region: "Germany" },
    until: new Date(nowMs + 60_000).toISOString(),
    author: "ada",
    reason: "known",
  };
  return { routes: [{ receivers: ["sre"] }], flapping: false, ...(silenced ? { silences: [silence] } : {}) };
}

const expectedAnnotations = (alert: Alert) => alertmanagerAlerts([alert])[0]!.annotations;

const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (let i = 0; i < 150; i++) {
    if (await condition()) return;
    await pause(100);
  }
  expect.unreachable("it did not happen within 15 s");
}
