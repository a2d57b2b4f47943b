import { expect, test } from "vitest";
import { Random } from "../../../src/core/random.js";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../../src/core/time.js";
import { findSuspicious } from "../../../src/detect/suspicious/findSuspicious.js";
import { eventsOf } from "./eventsOf.js";
import { berlin, hanoi, inOrder, isGrave, quietDays, START, tokyo } from "./quietWorld.js";

test("quiet traffic gives no finding", () => {
  expect(findSuspicious(eventsOf(quietDays(1)))).toEqual([]);
});

test("an account used in Berlin and ten minutes later in Tokyo is one finding with both ends", () => {
  const at = START + 3 * DAY_MS;
  const requests = [...Array(6).keys()].map((k) => ({
    at: at + k * MINUTE_MS * 2,
    user: "u7",
    ip: "50.0.0.9",
    place: tokyo,
    path: "/app",
    method: "GET",
  }));
  const home = { at: at - 9 * MINUTE_MS, user: "u7", ip: "20.0.0.7", place: berlin, path: "/app", method: "GET" };
  const found = findSuspicious(eventsOf(inOrder([...quietDays(2), home, ...requests])));
  expect(found).toHaveLength(1);
  expect(found[0]).toMatchObject({
    subtype: "impossible-travel",
    severity: "high",
    users: ["u7"],
    startMs: at,
    endMs: at + 10 * MINUTE_MS,
    region: { countries: ["JP"], cities: ["Tokyo"] },
  });
  expect(found[0]!.ips[0]).toBe("50.0.0.9");
});

test("log-ins that fail for many names out of one city are one finding, with the accounts that it opened", () => {
  const random = new Random(3);
  const at = START + 3 * DAY_MS + 5 * HOUR_MS;
  const attack = [...Array(500).keys()].map((k) => ({
    at: at + random.int(30 * MINUTE_MS),
    user: `u${random.int(400)}`,
    ip: `60.1.1.${k % 20}`,
    place: hanoi,
    path: "/login",
    method: "POST",
    status: k === 250 ? 200 : 401,
  }));
  const found = findSuspicious(eventsOf(inOrder([...quietDays(3), ...attack])));
  expect(found.filter(isGrave)).toHaveLength(1);
  expect(found[0]).toMatchObject({ subtype: "credential-stuffing", severity: "critical", observed: 499, clients: 20 });
  expect(found[0]!.users).toEqual([attack[250]!.user]);
});

test("requests without users out of one city, twenty times the usual, are one finding", () => {
  const random = new Random(4);
  const at = START + 3 * DAY_MS + 5 * HOUR_MS;
  const burst = [...Array(2_000).keys()].map((k) => ({
    at: at + random.int(20 * MINUTE_MS),
    ip: `70.1.1.${k % 100}`,
    place: tokyo,
    path: "/pricing",
    method: "GET",
    status: random.next() < 0.9 ? 200 : 429,
  }));
  const found = findSuspicious(eventsOf(inOrder([...quietDays(4), ...burst])));
  expect(found).toHaveLength(1);
  expect(found[0]).toMatchObject({ subtype: "traffic-surge", severity: "high", dimensions: { path: "/pricing" } });
  expect(found[0]!.ips).toHaveLength(100);
  expect(found[0]!.ips.every((ip) => ip.startsWith("70.1.1."))).toBe(true);
});
