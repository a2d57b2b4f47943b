import { describe, expect, test } from "vitest";
import { HOUR_MS } from "../../../src/core/time.js";
import type { Finding } from "../../../src/detect/finding.js";
import { findSuspicious } from "../../../src/detect/suspicious/findSuspicious.js";
import type { SuspiciousOptions } from "../../../src/detect/suspicious/suspiciousOptions.js";
import { eventsOf, type Request } from "./eventsOf.js";
import { AT, JSON_API, type LoginStyle, peopleWhoLogIn, spray } from "./loginWorlds.js";
import { inOrder, isGrave } from "./quietWorld.js";

const STYLES: readonly LoginStyle[] = [
  { path: "/login", ok: 200, failed: 401 },
  { path: "/oauth/token", ok: 200, failed: 400 },
  { path: "/api/v1/session", ok: 201, failed: 422 },
  { path: "/login", ok: 200, failed: 403 },
  { path: "/login", ok: 302, failed: 429 },
  { path: "/wp-login.php", ok: 302, failed: 200 },
  { path: "/signin", ok: 302, failed: 200 },
  { path: "/login", ok: 200, failed: 302 },
  { path: "/login", ok: 200, failed: 200, okBytes: 5_400, failedBytes: 310 },
];
const grave = (log: readonly Request[], options: SuspiciousOptions = {}): Finding[] =>
  findSuspicious(eventsOf(inOrder(log)), options).filter(isGrave);

describe.each(STYLES)("log-ins at $path that answer $ok, and $failed where they fail", (style) => {
  const quiet = peopleWhoLogIn(11, 4, style);
  test("raise nothing in peace", () => expect(grave(quiet)).toEqual([]));
  test.each([
    ["fast", { minutes: 20, tries: 800, addresses: 20, countries: 1 }],
    ["slow", { minutes: 360, tries: 400, addresses: 300, countries: 6 }],
    ["spread", { minutes: 90, tries: 2_500, addresses: 600, countries: 18 }],
  ])("tell a %s attack once", (_, plan) => {
    const attack = spray(style, { from: AT, ...plan });
    const found = grave([...quiet, ...attack]);
    expect(found).toHaveLength(1);
    const mine = found[0]!.ips.filter((ip) => ip.startsWith("77."));
    expect(mine.length).toBeGreaterThan(0.8 * new Set(attack.map((r) => r.ip)).size);
    expect(mine.length).toBeGreaterThan(0.9 * found[0]!.ips.length);
  });
});

test("an attack in waves by the same addresses is one finding that recurs", () => {
  const wave = (k: number) =>
    spray(JSON_API, { from: AT + k * 5 * HOUR_MS, minutes: 25, tries: 500, addresses: 40, countries: 2, seed: k });
  const found = grave([...peopleWhoLogIn(12, 5, JSON_API), ...wave(0), ...wave(1), ...wave(2)]);
  expect(found).toHaveLength(1);
  expect(found[0]!.title).toContain("recurring, 3 times");
});

test("a rule tells a path that no pattern knows, and what its failures are", () => {
  const style = { path: "/rpc/enter", ok: 204, failed: 401 };
  const log = [
    ...peopleWhoLogIn(13, 4, style),
    ...spray(style, { from: AT, minutes: 20, tries: 500, addresses: 20, countries: 1 }),
  ];
  const stuffing = (options: SuspiciousOptions) => grave(log, options).filter((f) => f.measure === "failed_logins");
  expect(stuffing({})).toEqual([]);
  const rules = [{ path: "/rpc/*", failed: [401] }];
  expect(stuffing({ logins: { rules } })).toMatchObject([{ subtype: "credential-stuffing", observed: 500 }]);
  expect(stuffing({ logins: { rules: [{ path: "/rpc/enter", failed: ["4xx"], methods: ["GET"] }] } })).toEqual([]);
});

test("a rule with a status that there is not is refused by name", () => {
  const rules = [{ path: "/x", failed: ["often"] }];
  expect(() => findSuspicious(eventsOf([]), { logins: { rules } })).toThrow(/logins.rules failed is "often"/);
});
