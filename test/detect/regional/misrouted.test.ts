import { expect, test } from "vitest";
import { Dictionary } from "../../../src/core/dictionary.js";
import type { Events } from "../../../src/core/events.js";
import { HOUR_MS } from "../../../src/core/time.js";
import { Cube } from "../../../src/cube/cube.js";
import { detect } from "../../../src/detect/detect.js";
import { findMisrouted } from "../../../src/detect/regional/routing/findMisrouted.js";
import { greatCircleKm } from "../../../src/grid/distance.js";
import { Monitor } from "../../../src/monitor/monitor.js";
import { feed, locatorOf } from "../../support/liveTraffic.js";
import { type City, MONDAY_MS, regionalTraffic } from "../../support/regionalTraffic.js";

const SERVERS = [
  { name: "fra", lat: 50.11, lon: 8.68 },
  { name: "iad", lat: 39.04, lon: -77.49 },
  { name: "nrt", lat: 35.77, lon: 140.39 },
];
const from = MONDAY_MS + 30 * HOUR_MS;
const until = from + 3 * HOUR_MS;

interface Plan {
  /** Who answers instead of the nearest server; null for the nearest. */
  readonly route?: (city: City, timeMs: number, client: number) => string | null;
  readonly factor?: (city: City, timeMs: number) => number;
  readonly seed?: number;
}

/** Traffic that the nearest server answers, but for what `route` says; 15 ms and 20 ms more every 1,000 km. */
const cubeOf = (plan: Plan): Cube => Cube.from(routedEvents(plan), { dimensions: ["pop"] });

function routedEvents({ route = () => null, factor = () => 1, seed = 1 }: Plan): Events {
  const pops = new Dictionary();
  const codes: number[] = [];
  const kmTo = (city: City, name: string): number => {
    const { lat, lon } = SERVERS.find((server) => server.name === name)!;
    return greatCircleKm(city.lat, city.lon, lat, lon);
  };
  const nearest = (city: City): string =>
    SERVERS.reduce((best, { name }) => (kmTo(city, name) < kmTo(city, best) ? name : best), "fra");
  const popOf = (city: City, t: number, client: number): string => route(city, t, client) ?? nearest(city);
  const events: Events = regionalTraffic({
    seed,
    hours: 40,
    perMinute: 20,
    change: (r, t, random) => {
      const km = kmTo(r.city, popOf(r.city, t, r.client));
      return { ...r, latencyMs: (15 + 0.02 * km) * factor(r.city, t) * Math.exp(0.3 * random.normal()) };
    },
  });
  for (let i = 0; i < events.length; i++) {
    const city = events.places.at(events.place[i]!)! as City;
    codes.push(pops.code(popOf(city, events.timeMs[i]!, events.client.value[i]! & 0xffff)));
  }
  const dimensions = new Map([...events.dimensions, ["pop", { dictionary: pops, codes: Uint32Array.from(codes) }]]);
  return { ...events, dimensions };
}

const isDuring = (t: number): boolean => t >= from && t < until;
const bavarians = ({ region }: City): boolean => region === "Bavaria" || region === "Berlin";

test("clients that a farther server answers all at once are told, once, with who answered before and what it costs", () => {
  const cube = cubeOf({ route: (city, t) => (bavarians(city) && isDuring(t) ? "iad" : null) });
  const found = findMisrouted(cube, SERVERS);
  expect(found).toHaveLength(1);
  const [{ startMs, endMs, region, dimensions, evidence, title }] = found as [(typeof found)[0]];
  expect(Math.abs(startMs - from)).toBeLessThanOrEqual(cube.bucketMs);
  expect(Math.abs(endMs! - until)).toBeLessThanOrEqual(2 * cube.bucketMs);
  expect(region.cities).toEqual(["Berlin", "Munich", "Nuremberg"]);
  expect(dimensions).toEqual({ pop: "iad" });
  expect(evidence).toMatchObject({ usualServer: "fra", server: "iad" });
  expect(evidence!.share).toBeGreaterThan(0.9);
  expect(evidence!.expectedExtraMs).toBeGreaterThan(70);
  expect(title).toMatch(/is served by iad \(6\d{3} km\), usually by fra/);
  // It is slow, too: that is one incident, told by its cause.
  const all = detect(cube, { servers: SERVERS }).filter((f) => f.startMs >= from - HOUR_MS && f.severity !== "info");
  expect(all.map((f) => [f.subtype, f.dimensions])).toEqual([["misrouted", { pop: "iad" }]]);
  expect(detect(cube).some(({ subtype }) => subtype === "misrouted")).toBe(false);
});

test("a monitor tells them within the hour, and that they are over", async () => {
  const events = routedEvents({ route: (city, t) => (bavarians(city) && isDuring(t) ? "iad" : null) });
  const told: string[] = [];
  const monitor = new Monitor({
    locator: locatorOf(events),
    dimensions: ["pop"],
    suspicious: false,
    servers: SERVERS,
    onChange: ({ atMs, change, finding: { subtype } }) => {
      if (subtype === "misrouted") told.push(`${change} ${Math.ceil((atMs - from) / HOUR_MS)}`);
    },
  });
  await feed(monitor, [events]);
  await monitor.flush();
  expect(told.filter((line) => !line.startsWith("updated"))).toEqual(["opened 1", "resolved 4"]);
  await monitor.close();
});

test("slowness of the same way, a loss of the nearer server, a nearer server and a few clients are none", () => {
  const silent: Plan[] = [
    {},
    { factor: (city, t) => (bavarians(city) && isDuring(t) ? 4 : 1) },
    // All that fra has goes elsewhere: it is down or drained.
    { route: (city, t) => (isDuring(t) && city.lon > -10 && city.lon < 20 ? "iad" : null) },
    // A third of the clients always comes from afar.
    { route: (city, _, client) => (bavarians(city) && client % 3 === 0 ? "iad" : null) },
    { route: (city, t, client) => (city.city === "Munich" && client < 4 && isDuring(t) ? "iad" : null) },
    // What was wrong is put right.
    { route: (city, t) => (bavarians(city) && t < from ? "iad" : null) },
  ];
  for (const plan of silent) expect(findMisrouted(cubeOf(plan), SERVERS)).toEqual([]);
});

test("a model has the last word on what is farther; without names of servers in the cube nothing is told", () => {
  const cube = cubeOf({ route: (city, t) => (bavarians(city) && isDuring(t) ? "iad" : null) });
  expect(findMisrouted(cube, SERVERS, { expectedMs: (_, server) => (server === "iad" ? 20 : 80) })).toEqual([]);
  expect(findMisrouted(cube, SERVERS, { expectedMs: (_, server) => (server === "iad" ? 80 : 20) })).toHaveLength(1);
  const others = SERVERS.map((server) => ({ ...server, name: `other-${server.name}` }));
  expect(findMisrouted(cube, others)).toEqual([]);
  expect(() => findMisrouted(cube, [{ name: "x", lat: 91, lon: 0 }])).toThrow(/servers/);
});
