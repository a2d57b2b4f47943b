import { expect, test } from "vitest";
import { isGeopivotError } from "../../src/core/errors.js";
import { greatCircleKm } from "../../src/core/sphere.js";
import { Cube } from "../../src/cube/cube.js";
import { placeServers } from "../../src/steer/sites/placeServers.js";
import { CITIES, regionalTraffic } from "../support/regionalTraffic.js";
import { distanceModel, SERVERS } from "../support/steerTraffic.js";

const cube = Cube.from(regionalTraffic({ hours: 48, perMinute: 20 }), { bucketSeconds: 900 });
const existing = SERVERS.filter(({ name }) => name === "fra");
const candidates = [
  ...SERVERS.filter(({ name }) => name !== "fra"),
  { name: "ams", lat: 52.31, lon: 4.76 },
  { name: "scl", lat: -33.39, lon: -70.79 },
];
const model = distanceModel([...existing, ...candidates]);

/** Mean milliseconds by hand, with every place at its best server. */
function meanMs(names: readonly string[]): number {
  const open = [...existing, ...candidates].filter(({ name }) => names.includes(name));
  let [sum, total] = [0, 0];
  for (let g = 0; g < cube.groups.length; g++) {
    const place = cube.groups.place[g]!;
    const km = open.map((s) => greatCircleKm(cube.places.lat[place]!, cube.places.lon[place]!, s.lat, s.lon));
    sum += cube.groups.count[g]! * (15 + 0.014 * Math.min(...km));
    total += cube.groups.count[g]!;
  }
  return sum / total;
}

test("the sites are the best of all choices, and what they save is what a count by hand gives", () => {
  for (const k of [1, 2, 3]) {
    const choices = candidates.flatMap(({ name: a }, i) =>
      candidates.slice(i).flatMap(({ name: b }, j) => candidates.slice(i + j).map(({ name: c }) => [a, b, c])),
    );
    const best = Math.min(
      ...choices.filter((names) => new Set(names).size <= k).map((names) => meanMs(["fra", ...names])),
    );
    const placed = placeServers(cube, { existing, candidates, k, model });
    expect(placed.isExact).toBe(true);
    expect(placed.opened).toHaveLength(k);
    expect(meanMs(["fra", ...placed.opened])).toBeCloseTo(best, 1);
    expect(placed.afterMs).toBeCloseTo(best, 1);
    expect(placed.beforeMs).toBeCloseTo(meanMs(["fra"]), 1);
    expect(placed.savedMs.low).toBeLessThan(placed.savedMs.value);
    expect(placed.savedMs.high).toBeGreaterThan(placed.savedMs.value);
    expect(placed.savedMs.value).toBeCloseTo(placed.beforeMs - placed.afterMs, 9);
  }
});

test("a site that costs more than it saves stays closed; a full site takes no more", () => {
  const dear = candidates.map((site) => ({ ...site, openingMs: 1_000 }));
  expect(placeServers(cube, { existing, candidates: dear, k: 2, model }).opened).toEqual([]);
  const roomy = placeServers(cube, { existing, candidates, k: 1, model });
  const capacity = { [roomy.opened[0]!]: 0.0001 };
  expect(placeServers(cube, { existing, candidates, k: 1, model, capacity }).opened).not.toEqual(roomy.opened);
});

test("regions that gain are told with the site that serves them", () => {
  const placed = placeServers(cube, { existing, candidates, k: 2, model });
  expect(placed.regions.length).toBeGreaterThan(3);
  for (const { server, savedMs, country } of placed.regions) {
    expect(placed.opened).toContain(server);
    expect(savedMs.value).toBeGreaterThan(0);
    expect(CITIES.some((city) => city.country === country)).toBe(true);
  }
  expect(placed.alone[0]!.savedMs.value).toBeGreaterThanOrEqual(placed.alone[1]!.savedMs.value);
});

test("too little room and nonsense are typed errors", () => {
  const codes = [
    () => placeServers(cube, { existing, candidates, k: 0, model }),
    () => placeServers(cube, { existing, candidates: [], model }),
    () => placeServers(cube, { existing, candidates: [existing[0]!], model }),
    () =>
      placeServers(cube, {
        existing,
        candidates,
        model,
        capacity: Object.fromEntries([...existing, ...candidates].map(({ name }) => [name, 1e-6])),
      }),
  ].map((run) => {
    try {
      run();
      return "none";
    } catch (error) {
      return isGeopivotError(error) ? error.code : String(error);
    }
  });
  expect(codes).toEqual(Array.from({ length: 4 }, () => "bad-plan-option"));
});
