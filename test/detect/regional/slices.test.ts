import { expect, test } from "vitest";
import { HOUR_MS, MINUTE_MS } from "../../../src/core/time.js";
import { Cube } from "../../../src/cube/cube.js";
import { detect } from "../../../src/detect/detect.js";
import { MONDAY_MS, type Request, regionalTraffic, type TrafficPlan } from "../../support/regionalTraffic.js";

/** Tuesday, 10:02 UTC. */
const START = MONDAY_MS + 34 * HOUR_MS + 2 * MINUTE_MS;
const during = (time: number): boolean => time >= START;
const change =
  (then: NonNullable<TrafficPlan["change"]>): NonNullable<TrafficPlan["change"]> =>
  (request, time, random) => {
    // One request in 25 is of a service too small to be seen among the rest.
    const service = random.next() < 0.04 ? "checkout" : request.service;
    return then({ ...request, service }, time, random);
  };
const found = (then: NonNullable<TrafficPlan["change"]>, plan: TrafficPlan = {}) =>
  detect(Cube.from(regionalTraffic({ hours: 36, perMinute: 250, ...plan, change: change(then) }), CUBE)).map(
    ({ subtype, region, dimensions }) => [subtype, region.name, dimensions],
  );
const CUBE = { dimensions: ["service"] };
const checkout = (r: Request, country?: string): boolean =>
  r.service === "checkout" && (country === undefined || r.city.country === country);

test("a small service that vanishes in one country", () => {
  expect(found((r, t) => (during(t) && checkout(r, "DE") ? null : r))).toEqual([
    ["traffic-drop", "Germany", { service: "checkout" }],
  ]);
});

test("a small service that vanishes everywhere", () => {
  const log = regionalTraffic({
    hours: 36,
    perMinute: 250,
    change: change((r, t) => (during(t) && checkout(r) ? null : r)),
  });
  const [finding, ...others] = detect(Cube.from(log, CUBE));
  expect(others).toEqual([]);
  expect(finding).toMatchObject({ subtype: "traffic-drop", dimensions: { service: "checkout" } });
  expect(finding!.region).toMatchObject({ name: "the whole world" });
  expect(finding!.region.countries).toHaveLength(7);
  expect(finding!.region.cells.length).toBeGreaterThan(15);
  expect(finding!.title).toMatch(
    /^Traffic from the whole world \(service checkout\) down \d+% \(\d+ of \d+ expected\)$/,
  );
});

test("a small service that fails, and one that is slow", () => {
  expect(found((r, t) => (during(t) && checkout(r, "FR") ? { ...r, status: 503 } : r))).toMatchObject([
    ["errors", "France", { service: "checkout" }],
  ]);
  expect(found((r, t) => (during(t) && checkout(r) ? { ...r, latencyMs: 3 * r.latencyMs } : r))).toMatchObject([
    ["latency", "the whole world", { service: "checkout" }],
  ]);
});

test("a service that another one takes over from cuts nobody off", () => {
  expect(found((r, t) => (during(t) && checkout(r) ? { ...r, service: "payment" } : r))).toEqual([]);
  expect(found((r, t) => (during(t) && r.service === "api" ? { ...r, service: "api2" } : r))).toEqual([]);
});

test("what a place tells is not told of its services again", () => {
  expect(found((r, t) => (during(t) && r.city.country === "GB" ? null : r))).toMatchObject([
    ["traffic-drop", "United Kingdom", {}],
  ]);
  expect(
    found((r, t) => (during(t) && r.city.country === "IN" ? { ...r, latencyMs: 3 * r.latencyMs } : r)),
  ).toMatchObject([["latency", "India", {}]]);
});

test("quiet logs have no findings of services", () => {
  for (let seed = 1; seed <= 4; seed++) expect(found((r) => r, { seed, perMinute: 100 })).toEqual([]);
});
