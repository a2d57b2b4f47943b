import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { Random } from "../../src/core/random.js";
import { greatCircleKm } from "../../src/core/sphere.js";
import { lightMs } from "../../src/steer/latency/distanceLine.js";
import { latencyModel } from "../../src/steer/latencyModel.js";
import {
  leaveSitesOut,
  modelOfLog,
  type Pair,
  pairFolds,
  picks,
  type Site,
  summary,
} from "../support/latencyAccuracy.js";
import { measuredCube } from "../support/measuredCube.js";
import { hasSharedData, sharedData } from "../support/sharedData.js";

const { sites, pairs } = madeMatrix(24, 3);

test("pairs nobody measured are predicted far better than by the line of distance, and intervals hold", () => {
  const predicted = pairFolds(sites, pairs, 5, 1);
  const { median, p90, covered } = summary(predicted);
  const byLine = summary(predicted.map((p) => ({ ...p, predictedMs: 15 + 0.014 * kmOf(p) })));
  expect(median).toBeLessThan(0.06);
  expect(median).toBeLessThan(byLine.median / 2);
  expect(p90).toBeLessThan(byLine.p90 / 2);
  expect(covered).toBeGreaterThan(0.84);
  expect(covered).toBeLessThan(0.97);
});

test("the same out of a log in which a third of the pairs was never seen", () => {
  const predicted = pairFolds(sites, pairs, 3, 1, modelOfLog);
  const { median, p90, covered } = summary(predicted);
  const byLine = summary(predicted.map((p) => ({ ...p, predictedMs: 15 + 0.014 * kmOf(p) })));
  expect(predicted.length).toBe(pairs.length);
  expect(median).toBeLessThan(0.07);
  expect(median).toBeLessThan(byLine.median / 2);
  expect(p90).toBeLessThan(byLine.p90 / 2);
  expect(covered).toBeGreaterThan(0.84);
  expect(covered).toBeLessThan(0.97);
});

test("beyond 1,500 pairs a prediction learns from those around it, and intervals still hold", {
  timeout: 300_000,
}, () => {
  const many = madeMatrix(70, 5);
  expect(many.pairs.length).toBeGreaterThan(2300);
  const held = many.pairs.filter((_, i) => i % 20 === 0);
  const samples = many.pairs
    .filter((_, i) => i % 20 !== 0)
    .map(({ a, b, ms }) => ({ ...placeOf(many.sites, a), server: b, latencyMs: ms }));
  const model = latencyModel({ servers: many.sites, samples });
  expect(model.measuredPairs).toBeGreaterThan(1500);
  const predicted = held.map(({ a, b, ms }) => {
    const { ms: predictedMs, low, high, measured } = model.predict(placeOf(many.sites, a), b);
    expect(measured).toBe(false);
    return { a, b, ms, predictedMs, low, high };
  });
  const { median, p90, covered } = summary(predicted);
  expect(median).toBeLessThan(0.06);
  expect(p90).toBeLessThan(0.3);
  expect(covered).toBeGreaterThan(0.8);
});

test("a pair of which the log has one request, and one without a latency, are told with what surrounds them", () => {
  const cube = measuredCube(sites, pairs.slice(0, 150), 1, 1);
  const model = latencyModel({ servers: sites, cube });
  const { a, b, ms } = pairs[3]!;
  const told = model.predict(siteOf(a), b);
  expect(told.measured).toBe(true);
  expect(told.ms / ms).toBeGreaterThan(0.5);
  expect(told.ms / ms).toBeLessThan(2);
  expect(told.low).toBeLessThan(told.ms);
  expect(told.high).toBeGreaterThan(told.ms);
  const without = measuredCube(sites, [...pairs.slice(0, 150), { ...pairs[200]!, ms: Number.NaN }], 1, 1);
  const unseen = latencyModel({ servers: sites, cube: without });
  expect(unseen.measuredPairs).toBe(model.measuredPairs);
  expect(unseen.predict(siteOf(pairs[200]!.a), pairs[200]!.b).measured).toBe(false);
});

test("what was measured is told as measured; nothing is ever below light; both directions are one pair", () => {
  const [a, b] = [sites[0]!, sites[1]!];
  const samples = [{ lat: a.lat, lon: a.lon, server: b.name, latencyMs: 200 }];
  const model = latencyModel({ servers: sites, samples });
  expect(model.predict(a, b.name)).toMatchObject({ ms: expect.closeTo(200, 6), measured: true });
  expect(model.predict(b, a.name)).toMatchObject({ ms: expect.closeTo(200, 6), measured: true });
  const impossible = latencyModel({ servers: sites, samples: [{ ...samples[0]!, latencyMs: 0.01 }] });
  for (const { name, lat, lon } of sites) {
    const told = impossible.predict(a, name);
    expect(told.low).toBeGreaterThanOrEqual(lightMs(greatCircleKm(a.lat, a.lon, lat, lon)));
    expect(told.low <= told.ms && told.ms <= told.high).toBe(true);
  }
});

test("a thin measurement is drawn towards what its surroundings say, a thick one is not", () => {
  const around = pairs.map(({ a, b, ms }) => ({ ...siteOf(a), server: b, latencyMs: ms }));
  const { a, b, ms } = pairs[10]!;
  const others = around.filter((_, i) => i !== 10);
  const spread = (count: number) => [1.2, 1.9, 2.6].map((f) => ({ ...siteOf(a), server: b, latencyMs: ms * f, count }));
  const thin = latencyModel({ servers: sites, samples: [...others, ...spread(1)] }).predict(siteOf(a), b);
  const many = Array.from({ length: 200 }, () => spread(1)).flat();
  const thick = latencyModel({ servers: sites, samples: [...others, ...many] }).predict(siteOf(a), b);
  expect(thin.ms).toBeLessThan(1.8 * ms);
  expect(thick.ms).toBeGreaterThan(1.5 * ms);
  expect(thin.high / thin.low).toBeGreaterThan(thick.high / thick.low);
});

test("a client that is known to 500 km has a wider interval; with nothing measured, public networks' line is told", () => {
  const model = latencyModel({ servers: sites, samples: [] });
  const { ms, low, high, measured } = model.predict({ lat: 0, lon: 0 }, sites[0]!.name);
  expect(ms).toBeCloseTo(15 + 0.014 * greatCircleKm(0, 0, sites[0]!.lat, sites[0]!.lon), 6);
  expect(low < ms && ms < high && !measured).toBe(true);
  const vague = model.predict({ lat: 0, lon: 0, accuracyKm: 2000 }, sites[0]!.name);
  expect(vague.high / vague.ms).toBeGreaterThan(high / ms);
});

test.each([
  [() => latencyModel({ servers: [], samples: [] }), /there are none/],
  [() => latencyModel({ servers: [sites[0]!, sites[0]!], samples: [] }), /occurs twice/],
  [() => latencyModel({ servers: [{ name: "x", lat: 91, lon: 0 }], samples: [] }), /no latitude/],
  [() => latencyModel({ servers: sites }), /cube/],
  [() => latencyModel({ servers: sites, samples: [{ lat: 0, lon: 0, server: "?", latencyMs: 1 }] }), /no server "\?"/],
  [() => latencyModel({ servers: sites, samples: [{ lat: 0, lon: 0, server: "s0", latencyMs: 0 }] }), /latencyMs is 0/],
  [() => latencyModel({ servers: sites, samples: [] }).predict({ lat: Number.NaN, lon: 0 }, "s0"), /not a point/],
  [() => latencyModel({ servers: sites, samples: [] }).predict({ lat: 0, lon: 0 }, "nowhere"), /no server "nowhere"/],
])("what cannot be meant is refused: %s", (act, message) => expect(act).toThrow(message));

test.skipIf(!hasSharedData("steer/cloud-region-rtt.csv"))(
  "between cloud regions, a fold of pairs is predicted to a few per cent, and so is a region of which nothing is known",
  { timeout: 120_000 },
  () => {
    const rows = (file: string) =>
      readFileSync(sharedData(file), "utf8")
        .trim()
        .split("\n")
        .slice(1)
        .map((line) => line.split(","));
    const regions = rows("steer/cloud-regions.csv").map(([name, lat, lon]) => ({
      name: name!,
      lat: +lat!,
      lon: +lon!,
    }));
    const rtt = rows("steer/cloud-region-rtt.csv").map(([a, b, ms]) => ({ a: a!, b: b!, ms: +ms! }));
    const predicted = pairFolds(regions, rtt, 4, 1);
    const { median, p90, covered } = summary(predicted);
    expect(median).toBeLessThan(0.03);
    expect(p90).toBeLessThan(0.16);
    expect(covered).toBeGreaterThan(0.86);
    expect(picks(predicted, 1).fastest).toBeGreaterThan(0.9);
    const left = summary(
      leaveSitesOut(
        regions.filter((_, i) => i % 9 === 0),
        rtt,
        regions,
      ),
    );
    expect(left.median).toBeLessThan(0.08);
  },
);

/** Sites in clusters, with detours that near pairs have in common: what the model is for. */
function madeMatrix(count: number, seed: number): { sites: Site[]; pairs: Pair[] } {
  const random = new Random(seed);
  const centres = [
    [50, 8],
    [40, -80],
    [35, 138],
    [-33, 150],
    [20, 77],
    [-23, -46],
  ] as const;
  const detour = centres.map(() => centres.map(() => Math.exp(0.25 * random.normal())));
  const made = Array.from({ length: count }, (_, i): Site & { cluster: number } => {
    const cluster = i % centres.length;
    const [lat, lon] = centres[cluster]!;
    return { name: `s${i}`, cluster, lat: lat + 4 * random.normal(), lon: lon + 4 * random.normal() };
  });
  const all = made.flatMap((a, i) =>
    made.slice(0, i).map((b): Pair => {
      const [x, y] = [Math.min(a.cluster, b.cluster), Math.max(a.cluster, b.cluster)];
      const km = greatCircleKm(a.lat, a.lon, b.lat, b.lon);
      return {
        a: a.name,
        b: b.name,
        ms: (8 + 0.014 * km) * (x === y ? 1 : detour[x]![y]!) * Math.exp(0.02 * random.normal()),
      };
    }),
  );
  return { sites: made, pairs: all };
}

function siteOf(name: string): { lat: number; lon: number } {
  return placeOf(sites, name);
}

function placeOf(among: readonly Site[], name: string): { lat: number; lon: number } {
  const { lat, lon } = among.find((site) => site.name === name)!;
  return { lat, lon };
}

function kmOf({ a, b }: Pair): number {
  return greatCircleKm(siteOf(a).lat, siteOf(a).lon, siteOf(b).lat, siteOf(b).lon);
}
