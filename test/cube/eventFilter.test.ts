import { expect, test } from "vitest";
import { EventFilter, filterDimension } from "../../src/cube/build/eventFilter.js";
import { eventsOf } from "../detect/suspicious/eventsOf.js";
import { berlin, tokyo } from "../detect/suspicious/quietWorld.js";

const events = eventsOf([
  {
    at: 0,
    ip: "10.0.0.1",
    user: "anna",
    place: berlin,
    path: "/api/a?x=1",
    network: { asn: 3320, organization: "Telekom" },
    user_agent: "Mozilla",
  },
  {
    at: 1,
    ip: "10.0.1.1",
    user: "bob",
    place: tokyo,
    path: "/health",
    network: { name: "office", tags: ["vpn"] },
    user_agent: "Googlebot/2.1",
  },
  { at: 2, ip: "11.0.0.1", place: berlin, path: "/api/b", user_agent: "" },
]);
const kept = (where: readonly string[], exclude: readonly string[] = []): number[] =>
  Array.from(new EventFilter({ where, exclude }).rows(events) ?? [0, 1, 2]);

test.each([
  [["path=/api/*"], [], [0, 2]],
  [["path=/api/a"], [], [0]],
  [["user=anna|bob"], [], [0, 1]],
  [["user!=anna"], [], [1, 2]],
  [["agent=*bot*"], [], [1]],
  [["network=AS3320|vpn"], [], [0, 1]],
  [["network=10.0.0.0/23"], [], [0, 1]],
  [["ip=11.0.0.1"], [], [2]],
  [["country=DE", "path=/api/*"], ["user=anna"], [2]],
  [[], ["path=/health", "network=Telekom"], [2]],
  [["tenant=x"], [], []],
  [["tenant!=x"], [], [0, 1, 2]],
])("where %j, exclude %j keeps %j", (where, exclude, rows) => expect(kept(where, exclude)).toEqual(rows));

test("a condition names the dimension that must be read for it", () => {
  expect(["agent=x", "path!=y", "user=z", "network=AS1"].map(filterDimension)).toEqual([
    "user_agent",
    "path",
    undefined,
    undefined,
  ]);
});

test.each(["", "path", "=x", "path=", "ip=no", "network=10.0.0.1/8"])("%j is refused", (text) => {
  expect(() => new EventFilter({ where: [text] })).toThrow();
});
