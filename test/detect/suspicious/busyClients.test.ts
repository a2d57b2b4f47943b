import { expect, test } from "vitest";
import { Random } from "../../../src/core/random.js";
import { DAY_MS, MINUTE_MS } from "../../../src/core/time.js";
import type { Finding } from "../../../src/detect/finding.js";
import { findSuspicious } from "../../../src/detect/suspicious/findSuspicious.js";
import { SUSPICIOUS_GUARDS } from "../../../src/detect/suspicious/suspiciousGuards.js";
import { BusiestClients } from "../../../src/detect/suspicious/volume/busiestClients.js";
import { eventsOf, type Request } from "./eventsOf.js";
import { AT } from "./loginWorlds.js";
import { berlin, inOrder, isGrave, lagos, START, visit } from "./quietWorld.js";

/** Pages of people in Berlin that bring a number of further requests with them: most few, some a thousand. */
function heavyPages(seed: number, days: number): Request[] {
  const random = new Random(seed);
  const requests: Request[] = [];
  for (let at = START; at < START + days * DAY_MS; at += MINUTE_MS + random.int(2 * MINUTE_MS)) {
    const ip = `21.${random.int(3)}.${random.int(200)}.9`;
    const assets = Math.min(1500, 5 * (1 - random.next()) ** (-1 / 1.5));
    for (let n = 0; n < assets; n++) requests.push(visit(at + n, "", ip, berlin, { path: `/a${n % 7}` }));
  }
  return requests;
}

/** An address that asks for something else twice a second, for forty minutes. */
const scraper = (): Request[] =>
  [...Array(4800).keys()].map((n) => visit(AT + n * 500, "", "77.7.7.7", lagos, { path: `/items/${n % 900}` }));

const busy = (findings: readonly Finding[]): Finding[] => findings.filter((f) => isGrave(f) && f.ips.length === 1);

test("pages that bring a thousand requests are no busy clients, and a scraper among them is one", () => {
  const quiet = heavyPages(3, 5);
  expect(busy(findSuspicious(eventsOf(quiet)))).toEqual([]);
  const without = new Set(SUSPICIOUS_GUARDS.filter((g) => g !== "bursts"));
  expect(busy(findSuspicious(eventsOf(quiet), {}, without)).length).toBeGreaterThan(0);
  const found = busy(findSuspicious(eventsOf(inOrder([...quiet, ...scraper()]))));
  expect(found).toMatchObject([{ subtype: "scraper", ips: ["77.7.7.7"] }]);
});

test("the chance of a largest burst follows its tail: Pareto of shape 1.5, within a factor of e", () => {
  const random = new Random(8);
  const clients = new BusiestClients();
  for (let n = 0; n < 2016; n++) clients.add(30 * (1 - random.next()) ** (-1 / 1.5));
  // P(X > x) = (30 / x) ** 1.5
  for (const x of [100, 1000, 10_000]) expect(Math.abs(clients.surprise(x) - 1.5 * Math.log(x / 30))).toBeLessThan(1);
});
