import { expect, test } from "vitest";
import { isGeopivotError } from "../../src/core/errors.js";
import { greatCircleKm } from "../../src/core/sphere.js";
import { Cube } from "../../src/cube/cube.js";
import { planFailover } from "../../src/steer/failover/planFailover.js";
import { regionalTraffic } from "../support/regionalTraffic.js";
import { distanceModel, SERVERS } from "../support/steerTraffic.js";

const model = distanceModel(SERVERS);
const events = regionalTraffic({ hours: 168, perMinute: 30 });
const cube = Cube.from(events, { bucketSeconds: 900, dimensions: ["service"] });
const total = 168 * 60 * 30;

test("without limits everybody goes to the fastest server that is up, and nothing is lost", () => {
  const plan = planFailover(cube, { servers: SERVERS, model, down: ["fra"] });
  expect(plan.slots).toHaveLength(168);
  expect(plan.cases.map(({ down }) => down.join())).toEqual([
    "fra",
    "lhr",
    "iad",
    "nrt",
    "bom",
    "fra,lhr",
    "fra,iad",
    "fra,nrt",
    "fra,bom",
    "lhr,iad",
    "lhr,nrt",
    "lhr,bom",
    "iad,nrt",
    "iad,bom",
    "nrt,bom",
  ]);
  for (const { place, server } of plan.asked!.places.map((p) => ({ place: p, server: p.server }))) {
    const up = SERVERS.filter(({ name }) => name !== "fra");
    const km = (s: (typeof up)[number]): number => greatCircleKm(place.lat, place.lon, s.lat, s.lon);
    expect(server).toBe([...up].sort((a, b) => km(a) - km(b))[0]!.name);
  }
  const served = plan.asked!.hours.flatMap(({ servers }) => servers.map(({ load }) => load.value * 3600));
  // The log begins within its first second, so that its first hour is a little shorter than an hour.
  expect(served.reduce((a, b) => a + b, 0) / events.length).toBeCloseTo(1, 3);
  expect(events.length).toBeGreaterThan(0.9 * total);
  for (const one of plan.cases) expect(one.shed).toMatchObject({ share: 0, slots: [] });
  expect(plan.cases[0]!.verdict).toBe("holds");
  expect(plan.cases[0]!.addedMs).toBeGreaterThan(0);
});

test("capacities hold in every hour; who would get too much by distance alone is named with the hours", () => {
  const free = planFailover(cube, { servers: SERVERS, model });
  const peaks = Object.fromEntries(free.healthy.servers.map(({ name, peakRps }) => [name, 1.2 * peakRps]));
  const capacity: Record<string, number> = { ...peaks, iad: 100 };
  const plan = planFailover(cube, { servers: SERVERS, model, capacity, down: ["fra"] });
  const fra = plan.cases[0]!;
  expect(fra.verdict).toBe("overflows");
  expect(fra.overflow.map(({ name }) => name)).toEqual(["lhr"]);
  expect(fra.overflow[0]!.worst).toBeGreaterThan(1.2);
  expect(fra.shed.share).toBe(0);
  for (const { servers } of plan.asked!.hours)
    for (const { name, load } of servers) expect(load.value).toBeLessThanOrEqual(capacity[name]! * (1 + 1e-9));
  expect(fra.servers.find(({ name }) => name === "lhr")!.hoursFull).toBeGreaterThan(20);
});

test("what nobody has room for is shed, the least important service first", () => {
  const capacity = Object.fromEntries(SERVERS.map(({ name }) => [name, 0.1]));
  const { healthy, cases } = planFailover(cube, { servers: SERVERS, model, capacity, priorities: ["web"] });
  const [web, rest] = healthy.shed.byPriority;
  expect(web).toEqual({ service: "web", share: 0 });
  expect(rest!.share).toBeGreaterThan(0.05);
  expect(cases[0]!.verdict).toBe("sheds");
  expect(cases[0]!.shed.share).toBeGreaterThan(healthy.shed.share);
  // The shed share is demand less capacity, exactly.
  const slots = new Map<number, number>();
  cube.groups.bucket.forEach((bucket, g) => {
    const slot = Math.floor(bucket / 4);
    slots.set(slot, (slots.get(slot) ?? 0) + cube.groups.count[g]! / 3600);
  });
  const over = [...slots.values()].reduce((sum, rps) => sum + Math.max(0, rps - 0.5), 0);
  const all = [...slots.values()].reduce((sum, rps) => sum + rps, 0);
  expect(healthy.shed.share).toBeCloseTo(over / all, 3);
});

test("what is asked wrongly is a typed error", () => {
  const fails = (code: string, run: () => unknown): void => {
    try {
      run();
      expect.unreachable();
    } catch (error) {
      expect(isGeopivotError(error, code), String(error)).toBe(true);
    }
  };
  fails("no-such-server", () => planFailover(cube, { servers: SERVERS, model, down: ["cdg"] }));
  fails("no-such-server", () => planFailover(cube, { servers: SERVERS, model, capacity: { cdg: 1 } }));
  fails("bad-plan-option", () => planFailover(cube, { servers: [...SERVERS, SERVERS[0]!], model }));
  fails("bad-plan-option", () => planFailover(cube, { servers: [], model }));
  fails("bad-plan-option", () => planFailover(cube, { servers: SERVERS, model, capacity: { fra: -1 } }));
  fails("bad-plan-option", () =>
    planFailover(cube, { servers: SERVERS, model, down: SERVERS.map(({ name }) => name) }),
  );
  fails("no-traffic", () => planFailover(new Cube(), { servers: SERVERS, model }));
});
