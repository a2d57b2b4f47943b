import { describe, expect, test } from "vitest";
import { Random } from "../../src/core/random.js";
import { Cube } from "../../src/cube/cube.js";
import { explain } from "../../src/explain/explain.js";
import { eventsFromObjects } from "../../src/read/records/eventsFromObjects.js";
import { unlocated } from "../../src/read/unlocated.js";

const START = Date.UTC(2026, 2, 2);
const HOUR = 3_600_000;
const COUNTRIES = ["DE", "FR", "US", "BR", "JP"];
const window = { from: START + 30 * HOUR, to: START + 32 * HOUR };

interface Request {
  readonly ts: number;
  readonly ip: string;
  readonly country: string;
  readonly version: string;
  readonly service: string;
  readonly inWindow: boolean;
}

/** Two days of some 60,000 requests, 1% of which fail; `fails` says what share of a request's kind fails in the window. */
function traffic(
  seed: number,
  fails: (request: Request) => number,
  extra: (random: Random) => object[] = () => [],
): Cube {
  const random = new Random(seed);
  const rows: object[] = [];
  for (let i = 0; i < 60_000; i++) {
    const ts = START + (48 * HOUR * i) / 60_000;
    const country = COUNTRIES[Math.floor(COUNTRIES.length * random.next() ** 1.5)]!;
    const request: Request = {
      ts,
      ip: `198.51.${random.int(100)}.${random.int(250)}`,
      country,
      version: random.next() < 0.3 ? "2.0" : "1.9",
      service: ["api", "web", "login"][random.int(3)]!,
      inWindow: ts >= window.from && ts < window.to,
    };
    const status = random.next() < (request.inWindow ? fails(request) : 0.01) ? 503 : 200;
    rows.push({ ...request, "geo.country_iso_code": country, status, latency_ms: 40 + 20 * random.next() });
  }
  rows.push(...extra(random));
  const options = { locator: unlocated(), dimensions: ["version", "service"] };
  return Cube.from(eventsFromObjects(rows, options), { bucketSeconds: 600, dimensions: ["version", "service"] });
}

describe("explain", () => {
  test("one version in one country, in 19 of 20 seeds", () => {
    const right = range(20).filter((seed) => {
      const cube = traffic(seed, (r) => (r.country === "FR" && r.version === "2.0" ? 0.5 : 0.01));
      const [first] = explain(cube, {
        ...window,
        measure: "errors",
        dimensions: ["country", "version", "service"],
      }).causes;
      return first?.slice.country === "FR" && first.slice.version === "2.0" && Object.keys(first.slice).length === 2;
    });
    expect(right.length).toBeGreaterThanOrEqual(19);
  }, 240_000);

  test("two things at once, with figures that agree", () => {
    const cube = traffic(3, (r) => (r.country === "JP" || r.service === "login" ? 0.4 : 0.01));
    const why = explain(cube, { ...window, measure: "error_rate", dimensions: ["country", "version", "service"] });
    expect(why.causes.slice(0, 2).map(({ slice }) => slice)).toEqual(
      expect.arrayContaining([{ service: "login" }, { country: "JP" }]),
    );
    expect(why.mix! + why.rate!).toBeCloseTo(why.observed - why.reference, 12);
    for (const { observed, expected, interval, share, clients } of why.causes) {
      expect(observed).toBeGreaterThan(interval[1]);
      expect(expected).toBeGreaterThanOrEqual(interval[0]);
      expect(share).toBeLessThanOrEqual(1);
      expect(clients).toBeGreaterThan(10);
    }
  });

  test("what happens everywhere alike is external, and a quiet window explains nothing", () => {
    const dimensions = ["country", "version", "service"];
    expect(
      explain(
        traffic(5, () => 0.2),
        { ...window, measure: "errors", dimensions },
      ).verdict,
    ).toBe("external");
    const quiet = range(10).map((seed) =>
      explain(
        traffic(seed, () => 0.01),
        { ...window, measure: "error_rate", dimensions },
      ),
    );
    expect(quiet.filter(({ verdict }) => verdict !== "none")).toEqual([]);
  });

  test("a client that fails a thousand times is named, not its country", () => {
    const bad = (): object[] =>
      range(1040).map((i) => ({
        ts: window.from + i * 5000,
        ip: "203.0.113.9",
        "geo.country_iso_code": "US",
        version: "1.9",
        service: "api",
        status: 500,
      }));
    const why = explain(
      traffic(7, () => 0.01, bad),
      { ...window, dimensions: ["country", "version", "service"] },
    );
    expect(why.causes[0]).toMatchObject({ client: "203.0.113.9", slice: { country: "US" } });
  });

  test("latency, by what was slow before", () => {
    const cube = traffic(
      9,
      () => 0.01,
      (random) =>
        range(600).map((i) => ({
          ts: window.from + i * 10_000,
          ip: `203.0.113.${random.int(200)}`,
          "geo.country_iso_code": "BR",
          version: "2.0",
          service: "web",
          status: 200,
          latency_ms: 900,
        })),
    );
    const why = explain(cube, { ...window, measure: "p95", dimensions: ["country", "version", "service"] });
    expect(why.causes[0]!.slice).toMatchObject({ country: "BR" });
    expect(why.slowerThan).toMatch(/^[56]\d\.?\d*ms$/);
  });

  test("two versions in the same window", () => {
    const cube = traffic(11, (r) => (r.version === "2.0" && r.service === "web" ? 0.3 : 0.01));
    const why = explain(cube, {
      ...window,
      where: { version: "2.0" },
      versus: { version: "1.9" },
      measure: "error_rate",
      dimensions: ["country", "service"],
    });
    expect(why.causes[0]!.slice).toEqual({ service: "web" });
  });

  test("what cannot be asked is said", () => {
    const cube = traffic(1, () => 0.01);
    const asked = (options: object) => () => explain(cube, { ...window, ...options });
    const bad = expect.objectContaining({ code: "bad-explain-option" });
    expect(asked({ to: window.from })).toThrow(bad);
    expect(asked({ from: 0, to: 1 })).toThrow(bad);
    expect(asked({ measure: "happiness" })).toThrow(bad);
    expect(asked({ dimensions: [] })).toThrow(bad);
    expect(asked({ against: { from: 5, to: 5 } })).toThrow(bad);
    expect(asked({ dimensions: ["nosuch"] })).toThrow(expect.objectContaining({ code: "no-such-dimension" }));
  });
});

const range = (length: number): number[] => Array.from({ length }, (_, i) => i);
