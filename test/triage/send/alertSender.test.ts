import type { ServerResponse } from "node:http";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Finding } from "../../../src/detect/finding.js";
import type { Alert } from "../../../src/triage/alert.js";
import { AlertSender, type AlertSenderOptions, type Delivery } from "../../../src/triage/send/alertSender.js";
import type { Receiver } from "../../../src/triage/send/receiver.js";
import { type Triage, triage } from "../../../src/triage/triage.js";
import { alertExample } from "../alertExample.js";
import { findingOf, NOON_MS } from "../findings.js";
import { ManualClock } from "./manualClock.js";
import { type ReceiverServer, receiverServer } from "./receiverServer.js";

const MINUTE_MS = 60_000;
let server: ReceiverServer;
let clock: ManualClock;
let deliveries: Delivery[];

beforeEach(async () => {
  server = await receiverServer();
  clock = new ManualClock();
  deliveries = [];
});
afterEach(() => server.close());

const receiver = (changes: Partial<Receiver> = {}): Receiver => ({
  name: "sre-emea",
  format: "pagerduty",
  url: `${server.url}/hook`,
  routingKey: "routing-secret",
  ...changes,
});

function sender(changes: Partial<Receiver> = {}, options: Partial<AlertSenderOptions> = {}): AlertSender {
  const onDelivery = (delivery: Delivery): unknown => deliveries.push(delivery);
  return new AlertSender({ receivers: [receiver(changes)], clock, onDelivery, ...options });
}

const firing = alertExample({ change: "opened" });
const grown = alertExample({ change: "grown", title: "Traffic from Europe down 80%" });
const same = alertExample({ change: "unchanged", title: grown.title });
const resolved = alertExample({ status: "resolved", change: "resolved", endMs: firing.startMs + 3_600_000 });
const actions = (): string[] => server.received.map(({ body }) => body.event_action);

async function advance(sending: AlertSender, ms: number): Promise<void> {
  clock.advance(ms);
  await sending.settled();
}

async function accept(sending: AlertSender, ...alerts: Alert[]): Promise<void> {
  sending.accept(alerts);
  await sending.settled();
}

describe("order", () => {
  test("opened, grown and resolved are told once each, in order, under one key", async () => {
    const sending = sender();
    for (const alert of [firing, { ...firing, change: "unchanged" as const }, grown, same, resolved])
      await accept(sending, alert);
    expect(actions()).toEqual(["trigger", "trigger", "resolve"]);
    expect(new Set(server.received.map(({ body }) => body.dedup_key)).size).toBe(1);
    expect(server.received[1]!.body.payload.summary).toBe(grown.title);
    expect(sending.state.entries).toEqual([]);
  });

  test("the digest is told as one alert of its own, grows and ends under its key", async () => {
    const budget = { alertsPerHour: 1, digestReceivers: ["sre-emea"] };
    const policy = { budget, grouping: { storm: 0 }, routes: [{ receivers: ["sre-emea"] }] };
    const findings = ["DE", "JP", "BR", "AU", "ZA"].map((country) => findingOf({ country, to: null }));
    const sending = sender();
    let state: Triage["state"] | null = null;
    const told = async (known: readonly Finding[], minute: number): Promise<void> => {
      const result = triage(known, policy, state, { nowMs: NOON_MS + minute * MINUTE_MS });
      state = result.state;
      await accept(sending, ...result.alerts, ...(result.digestAlert === null ? [] : [result.digestAlert]));
    };
    await told(findings.slice(0, 2), 10);
    await told(findings.slice(0, 2), 11);
    await told(findings, 30);
    await told(
      findings.map((one) => ({ ...one, endMs: NOON_MS + 40 * MINUTE_MS })),
      101,
    );
    const ofDigest = server.received.map(({ body }) => body).filter(({ dedup_key: key }) => key.startsWith("digest/"));
    expect(ofDigest.map(({ event_action: action, payload }) => [action, payload.summary])).toEqual([
      ["trigger", "1 more incident, over the budget of 1 alerts an hour"],
      ["trigger", "4 more incidents, over the budget of 1 alerts an hour"],
      ["resolve", "4 more incidents, over the budget of 1 alerts an hour"],
    ]);
    expect(ofDigest[1]!.payload.custom_details.digest).toContain("high: Traffic from Japan down 90%");
    expect(new Set(ofDigest.map(({ dedup_key: key }) => key)).size).toBe(1);
    expect(actions().filter((action) => action === "resolve")).toHaveLength(2);
    expect(sending.state.entries).toEqual([]);
  });

  test("what comes while a request is on its way waits for it; of several the latest is told", async () => {
    const held: ServerResponse[] = [];
    server.answers.push((response) => held.push(response));
    const sending = sender();
    sending.accept([firing]);
    await until(() => held.length === 1);
    sending.accept([grown]);
    sending.accept([resolved]);
    expect(server.received).toHaveLength(1);
    held[0]!.writeHead(202).end();
    await sending.settled();
    expect(actions()).toEqual(["trigger", "resolve"]);
  });

  test("different keys do not wait for each other, and the gravest goes first", async () => {
    const alerts = ["low", "critical", "medium"].map((severity) =>
      alertExample({ key: severity, severity: severity as Alert["severity"] }),
    );
    await accept(sender({}, { concurrency: 1 }), ...alerts);
    expect(server.received.map(({ body }) => body.dedup_key)).toEqual(["critical", "medium", "low"]);
  });

  test("only receivers on the route hear of it, and those that did hear of its end when they no longer are", async () => {
    const sending = sender();
    await accept(sending, alertExample({ key: "other", receivers: ["somebody-else"] }));
    expect(server.received).toEqual([]);
    await accept(sending, firing);
    await accept(sending, { ...resolved, receivers: ["somebody-else"] });
    expect(actions()).toEqual(["trigger", "resolve"]);
  });

  test("who joins the route later is told, though nothing else is new", async () => {
    const sending = sender();
    await accept(sending, { ...firing, receivers: [] });
    await accept(sending, { ...firing, change: "unchanged" });
    expect(actions()).toEqual(["trigger"]);
  });
});

describe("retries", () => {
  test("delays grow from one second to five minutes until it is delivered", async () => {
    server.answers.push(...Array.from({ length: 12 }, () => 500));
    const sending = sender();
    await accept(sending, firing);
    const sentAt: number[] = [];
    const startMs = clock.nowMs();
    while (server.received.length < 13) {
      const before = server.received.length;
      await advance(sending, 500);
      if (server.received.length > before) sentAt.push((clock.nowMs() - startMs) / 1000);
    }
    const delays = sentAt.map((at, i) => at - (sentAt[i - 1] ?? 0));
    expect(delays).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]);
    expect(deliveries.at(-1)).toMatchObject({ outcome: "delivered", attempts: 13, problem: null });
  });

  test("a receiver that asks for a pause gets it, for all keys", async () => {
    server.answers.push([429, { "retry-after": "30" }]);
    const sending = sender({}, { concurrency: 1 });
    await accept(sending, firing, alertExample({ key: "other" }));
    await advance(sending, 29_000);
    expect(server.received).toHaveLength(1);
    await advance(sending, 1_500);
    expect(server.received).toHaveLength(3);
  });

  test("what is refused is not sent again, but its next news are", async () => {
    server.answers.push(400);
    const sending = sender();
    await accept(sending, firing);
    await advance(sending, 60 * MINUTE_MS);
    expect(server.received).toHaveLength(1);
    expect(sending.state.entries).toMatchObject([{ pending: true, told: null }]);
    await accept(sending, resolved);
    expect(actions()).toEqual(["trigger", "resolve"]);
  });

  test("Slack, which cannot tell news apart, is not told twice; of the end it is", async () => {
    const drop = (response: ServerResponse): void => void response.destroy();
    server.answers.push(drop, 500, drop, 500, 200);
    const sending = sender({ format: "slack" });
    await accept(sending, firing);
    await advance(sending, 10 * MINUTE_MS);
    expect(server.received).toHaveLength(1);
    await accept(sending, grown);
    await advance(sending, 10 * MINUTE_MS);
    expect(server.received).toHaveLength(2);
    await accept(sending, resolved);
    for (let i = 0; i < 10; i++) await advance(sending, 1_000);
    expect(server.received).toHaveLength(5);
    expect(deliveries.map(({ outcome }) => outcome)).toEqual(["uncertain", "uncertain", "retry", "retry", "delivered"]);
  });

  test("nothing reached anybody: Slack is tried again", async () => {
    const { url } = server;
    await server.close();
    const sending = sender({ format: "slack" });
    await accept(sending, firing);
    expect(deliveries).toMatchObject([{ outcome: "retry", problem: "ECONNREFUSED" }]);
    server = await receiverServer();
    expect(url).not.toBe(server.url);
  });

  test("an answer that does not come ends in a time-out", async () => {
    server.answers.push(() => {});
    const sending = sender({}, { timeoutMs: 5_000 });
    sending.accept([firing]);
    await until(() => server.received.length === 1);
    await advance(sending, 5_000);
    expect(deliveries).toMatchObject([{ outcome: "retry", problem: "no answer within 5000 ms" }]);
    await advance(sending, 1_000);
    expect(deliveries.at(-1)).toMatchObject({ outcome: "delivered", attempts: 2 });
  });
});

describe("hosts", () => {
  test("redirects to elsewhere are not followed", async () => {
    const other = await receiverServer();
    for (const status of [301, 302, 307, 308]) server.answers.push([status, { location: `${other.url}/hook` }]);
    for (let i = 0; i < 4; i++) await accept(sender(), firing);
    expect(other.received).toEqual([]);
    expect(server.received).toHaveLength(4);
    expect(new Set(deliveries.map(({ outcome }) => outcome))).toEqual(new Set(["refused"]));
    await other.close();
  });

  test("redirects within the host are, where they keep the method, and not for ever", async () => {
    server.answers.push([308, { location: "/moved" }]);
    await accept(sender(), firing);
    expect(server.received.map(({ path }) => path)).toEqual(["/hook", "/moved"]);
    server.answers.push(
      ...Array.from({ length: 20 }, () => [307, { location: "/round" }] as [number, { location: string }]),
    );
    await accept(sender(), firing);
    expect(server.received.length).toBeLessThan(8);
    expect(deliveries.map(({ outcome }) => outcome)).toEqual(["delivered", "refused"]);
  });
});

describe("Alertmanager", () => {
  const alertmanager = (): AlertSender => sender({ format: "alertmanager", url: server.url });

  test("hears every minute what fires, with the latest annotations, and five minutes long that it is over", async () => {
    const sending = alertmanager();
    await accept(sending, firing);
    for (let i = 0; i < 10; i++) await advance(sending, MINUTE_MS);
    expect(server.received).toHaveLength(11);
    await accept(sending, same);
    await advance(sending, MINUTE_MS);
    expect(server.received.at(-1)!.body[0].annotations.summary).toBe(grown.title);
    await accept(sending, resolved);
    for (let i = 0; i < 10; i++) await advance(sending, MINUTE_MS);
    const ends = server.received.filter(({ body }) => body[0].endsAt !== undefined);
    expect(ends).toHaveLength(6);
    expect(sending.state.entries).toEqual([]);
    expect(server.received[0]!.path).toBe("/api/v2/alerts");
  });

  test("what fires is told again after a restart, before it is forgotten", async () => {
    const sending = alertmanager();
    await accept(sending, firing);
    await sending.close();
    const after = sender({ format: "alertmanager", url: server.url }, { state: restored(sending) });
    await advance(after, 1);
    expect(server.received).toHaveLength(2);
  });
});

describe("restarts", () => {
  test("what was not delivered is, and ends are told to whoever was told the beginning", async () => {
    server.answers.push(200, 503);
    const first = sender();
    await accept(first, firing);
    await accept(first, resolved);
    await first.close();
    expect(actions()).toEqual(["trigger", "resolve"]);
    const second = sender({}, { state: restored(first) });
    await advance(second, 1);
    expect(actions()).toEqual(["trigger", "resolve", "resolve"]);
    expect(second.state.entries).toEqual([]);
  });

  test("what a receiver knows already is not told again", async () => {
    const first = sender();
    await accept(first, firing);
    const second = sender({}, { state: restored(first) });
    await advance(second, 10 * MINUTE_MS);
    await accept(second, { ...firing, change: "unchanged" });
    expect(actions()).toEqual(["trigger"]);
    await accept(second, resolved);
    expect(actions()).toEqual(["trigger", "resolve"]);
  });

  test("close waits for what is under way, and gives up after its time", async () => {
    server.answers.push(() => {});
    const sending = sender({}, { timeoutMs: 60_000 });
    sending.accept([firing]);
    await until(() => server.received.length === 1);
    const closing = sending.close(2_000);
    clock.advance(2_000);
    await closing;
    expect(sending.state.entries).toMatchObject([{ pending: true }]);
  });

  test("a state that is none is refused", () => {
    for (const state of [{}, { schema: "geopivot.sender/1" }, { schema: "geopivot.sender/1", entries: [null] }, 7])
      expect(() => sender({}, { state: state as never })).toThrow(/not a state of a sender/);
  });
});

const restored = (sending: AlertSender) => JSON.parse(JSON.stringify(sending.state));

describe("secrets", () => {
  const SECRET = "t0p-s3cret";
  const secret: Partial<Receiver> = {
    routingKey: SECRET,
    headers: { authorization: `Bearer ${SECRET}`, "x-token": SECRET },
  };

  test("go to the receiver and nowhere else", async () => {
    server.answers.push(200, 500, 400, (response) => void response.destroy());
    const sending = sender({ ...secret, url: `${server.url}/services/${SECRET}?key=${SECRET}` });
    for (const alert of [firing, grown, { ...grown, title: "Again" }, resolved]) await accept(sending, alert);
    expect(server.received[0]!.headers.authorization).toBe(`Bearer ${SECRET}`);
    expect(server.received[0]!.body.routing_key).toBe(SECRET);
    expect(deliveries.length).toBeGreaterThan(3);
    expect(JSON.stringify([deliveries, sending.state])).not.toContain(SECRET);
    expect(deliveries[0]!.host).toBe(new URL(server.url).host);
  });

  test.each([
    ["has credentials", { url: `https://user:${SECRET}@host.example/` }],
    ["has no address", { url: `not an address ${SECRET}` }],
    ["has an address of file:", { url: `file:///${SECRET}` }],
    ["has no routing key", { routingKey: "" }],
    ["has a header", { headers: { "bad header": SECRET } }],
    ["has a header", { headers: { authorization: `${SECRET}\r\nx: y` } }],
    ["has no name", { name: " " }],
  ])("a receiver that %s is refused without telling them", (problem, changes) => {
    try {
      sender(changes);
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({ code: "bad-receiver" });
      expect(String(error)).toContain(problem);
      expect(`${String(error)}${JSON.stringify(error)}`).not.toContain(SECRET);
    }
  });

  test("errors of the network say their code only", async () => {
    const fetch = async (url: string): Promise<Response> => {
      throw new TypeError(`fetch failed: ${url}`, { cause: new Error(`proxy said no to ${url}`) });
    };
    const sending = sender({ ...secret, url: `https://hooks.example/${SECRET}` }, { fetch });
    await accept(sending, firing);
    expect(deliveries).toMatchObject([{ outcome: "retry", problem: "TypeError", host: "hooks.example" }]);
    expect(JSON.stringify(deliveries)).not.toContain(SECRET);
  });
});

async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 500 && !condition(); i++) await new Promise((done) => setTimeout(done, 10));
  expect(condition()).toBe(true);
}
