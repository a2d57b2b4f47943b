import fc from "fast-check";
import { expect, test } from "vitest";
import { latencyModel } from "../../src/steer/latencyModel.js";
import { nearestServers } from "../../src/steer/nearest/nearestServers.js";

const servers = [
  { name: "fra", lat: 50.11, lon: 8.68 },
  { name: "iad", lat: 39.04, lon: -77.49 },
  { name: "nrt", lat: 35.77, lon: 140.39 },
  { name: "syd", lat: -33.87, lon: 151.21 },
];
const names = servers.map(({ name }) => name);
const samples = [
  { lat: 48.14, lon: 11.58, server: "fra", latencyMs: 300 },
  { lat: 48.14, lon: 11.58, server: "iad", latencyMs: 90 },
];
const model = latencyModel({ servers, samples });

test("the best come first, as the model tells them; what was measured overrules distance", () => {
  const munich = nearestServers({ lat: 48.14, lon: 11.58 }, { model, k: 4 });
  expect(munich[0]).toMatchObject({ server: "iad", measured: true });
  fc.assert(
    fc.property(
      fc.double({ min: -90, max: 90, noNaN: true }),
      fc.double({ min: -180, max: 180, noNaN: true }),
      (lat, lon) => {
        const told = nearestServers({ lat, lon }, { model, k: 9 });
        expect(told.map(({ server }) => server).sort()).toEqual([...names].sort());
        for (let i = 1; i < told.length; i++) expect(told[i]!.ms).toBeGreaterThanOrEqual(told[i - 1]!.ms);
        for (const { server, ms } of told) expect(ms / model.predict({ lat, lon }, server).ms).toBeCloseTo(1, 1);
      },
    ),
    { numRuns: 50 },
  );
});

test("only healthy servers are named, however they are told; none left is an empty answer", () => {
  const at = { lat: 35, lon: 139 };
  for (const healthy of [new Set(["fra", "syd"]), ["fra", "syd"], (s: string) => s === "fra" || s === "syd"])
    expect(
      nearestServers(at, { model, healthy, k: 3 })
        .map(({ server }) => server)
        .sort(),
    ).toEqual(["fra", "syd"]);
  for (const healthy of [new Set<string>(), [], () => false, ["no-such"]])
    expect(nearestServers(at, { model, healthy, k: 3 })).toEqual([]);
});

test("addresses are located; those that have no place are answered as clients see servers on the whole", () => {
  const locator = { locate: (ip: string) => (ip.startsWith("2001:") ? { lat: -34, lon: 151 } : null) };
  expect(nearestServers("2001:db8::1", { model, locator })[0]!.server).toBe("syd");
  const unlocated = nearestServers("10.0.0.1", { model, locator, k: 4 });
  expect(unlocated).toEqual(nearestServers(null, { model, k: 4 }));
  expect(unlocated.every(({ measured, low, high }) => !measured && low < high)).toBe(true);
  expect(() => nearestServers("10.0.0.1", { model })).toThrow(/locator/);
  expect(() => nearestServers(null, { model, k: 0 })).toThrow(/k is 0/);
});
