import fc from "fast-check";
import { expect, test } from "vitest";
import { Cube } from "../../src/cube/cube.js";
import { pivot } from "../../src/pivot/pivot.js";
import { wilson } from "../../src/stats/wilson.js";
import { arbitraryEvent } from "../support/arbitraryEvents.js";
import { eventsOf, type PlainEvent } from "../support/randomEvents.js";

/** The width of a bin, as a part of the value: what the sketch promises of shares under a target. */
const BIN = 1 / 64;

const known = (plain: readonly PlainEvent[]): number[] =>
  plain.map(({ latencyMs }) => Math.fround(latencyMs)).filter((latencyMs) => !Number.isNaN(latencyMs));

const share = (latencies: readonly number[], limitMs: number): number =>
  latencies.filter((latencyMs) => latencyMs <= limitMs).length / latencies.length;

const apdex = (latencies: readonly number[], targetMs: number, over = 1): number =>
  (share(latencies, over * targetMs) + share(latencies, over * 4 * targetMs)) / 2;

const one = (plain: readonly PlainEvent[], measure: string): unknown =>
  pivot(Cube.from(eventsOf(plain)), { measures: [measure] }).get(measure, 0);

test("under: and apdex: are those of the requests, but for a bin's width above the target", () => {
  const events = fc.array(arbitraryEvent, { minLength: 1, maxLength: 200 });
  fc.assert(
    fc.property(events, fc.double({ min: 0.01, max: 5000, noNaN: true }), (plain, random) => {
      const latencies = known(plain);
      fc.pre(latencies.length > 0);
      const targets = [random, ...latencies.slice(0, 2).filter((latencyMs) => latencyMs >= 0.001)];
      for (const target of targets) {
        const text = target.toFixed(6);
        const targetMs = Number(text);
        const under = one(plain, `under:${text}ms`) as number;
        expect(under).toBeGreaterThanOrEqual(share(latencies, Math.fround(targetMs)));
        expect(under).toBeLessThanOrEqual(share(latencies, targetMs * (1 + BIN)));
        const score = one(plain, `apdex:${text}ms`) as number;
        expect(score).toBeGreaterThanOrEqual(apdex(latencies, targetMs, 1 - 1e-7) - 1e-12);
        expect(score).toBeLessThanOrEqual(apdex(latencies, targetMs, 1 + BIN) + 1e-12);
      }
    }),
    { numRuns: 50 },
  );
});

const event = (latencyMs: number): PlainEvent => ({
  ...{
    timeMs: 1_772_409_600_000,
    place: 1,
    service: "api",
    version: "",
    status: 200,
    bytes: 1,
    client: null,
    user: "",
  },
  latencyMs,
});

test("targets have units, and count what is right at them", () => {
  const plain = [100, 250, 251.9, 400, 1000, 1001, 1020, 3000].map(event);
  expect(one(plain, "under:250ms")).toBe(3 / 8);
  expect(one(plain, "under:0.25s")).toBe(3 / 8);
  expect(one(plain, "under:1m")).toBe(1);
  // 250 ms and what shares its bin is satisfied; up to 1 s and what shares that bin is tolerable.
  expect(one(plain, "apdex:250ms")).toBe((3 + 3 / 2 + 0) / 8);
});

test("a share under a target comes with its interval", () => {
  const table = pivot(Cube.from(eventsOf([100, 200, 300, 400].map(event))), { measures: ["under:250ms"] });
  expect(table.columnNames()).toEqual(["under:250ms", "under:250ms_low", "under:250ms_high"]);
  expect([table.get("under:250ms_low", 0), table.get("under:250ms_high", 0)]).toEqual([...wilson(2, 4)]);
});

test("without latencies there is nothing to tell", () => {
  expect(one([event(Number.NaN)], "under:250ms")).toBeNull();
  expect(one([event(Number.NaN)], "apdex:250ms")).toBeNull();
});

test("what is no target is told by a typed error", () => {
  const cube = Cube.from(eventsOf([event(1)]));
  const failing =
    (measure: string, of = cube) =>
    () =>
      pivot(of, { measures: [measure] });
  for (const measure of ["under:", "under:250", "under:fast", "apdex:-1s", "under:0ms", "apdex:250 ms"])
    expect(failing(measure), measure).toThrow(expect.objectContaining({ code: "bad-measure" }));
  expect(failing("beneath:250ms")).toThrow(expect.objectContaining({ code: "no-such-measure" }));
  const without = Cube.from(eventsOf([event(1)]), { measures: ["bytes"] });
  expect(failing("under:250ms", without)).toThrow(expect.objectContaining({ code: "measure-not-kept" }));
});
