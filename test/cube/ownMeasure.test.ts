import fc from "fast-check";
import { expect, test } from "vitest";
import { Cube } from "../../src/cube/cube.js";
import { latency } from "../../src/cube/measures/latency.js";
import { OPTIONAL_MEASURES } from "../../src/cube/measures/measures.js";
import type { Counts } from "../../src/cube/measures/state/stateSchema.js";
import { sumMeasure } from "../../src/cube/measures/sumMeasure.js";
import { pivot } from "../../src/pivot/pivot.js";
import { arbitraryEvent, TEST_ORIGIN_MS } from "../support/arbitraryEvents.js";
import { eventsOf, type PlainEvent } from "../support/randomEvents.js";

/** Requests that were answered from elsewhere: all that it takes to add a measure. */
const redirects = sumMeasure<{ readonly redirects: Counts; readonly redirectBytes: Float64Array }>({
  name: "redirects",
  columns: { redirects: "count", redirectBytes: "f64" },
  amounts: {
    redirects:
      ({ status }) =>
      (row) =>
        isRedirect(status[row]!) ? 1 : 0,
    redirectBytes:
      ({ status, bytes }) =>
      (row) =>
        isRedirect(status[row]!) && bytes[row]! > 0 ? bytes[row]! : 0,
  },
  figures: {
    redirects: { empty: 0, sum: (state) => state.redirects },
    redirect_rate: { empty: null, sum: (state) => state.redirects, trials: "count" },
    redirect_bytes: { empty: 0, sum: (state) => state.redirectBytes },
  },
});

const isRedirect = (status: number): boolean => status >= 300 && status < 400;

const plain: PlainEvent[] = fc.sample(arbitraryEvent, { seed: 11, numRuns: 3000 });
const options = {
  bucketSeconds: 3600,
  dimensions: ["service"],
  measures: [...(["bytes", "latency"] as const), redirects],
};
const cube = Cube.from(eventsOf(plain), options);
const FIGURES = ["count", "redirects", "redirect_rate", "redirect_bytes", "p95"];
const answers = (of: Cube) => pivot(of, { by: ["country", "service"], measures: FIGURES, totals: true }).toJSON();

test("a measure of one's own is counted, beside those that a cube has", () => {
  const hits = plain.filter(({ status }) => isRedirect(status));
  const total = pivot(cube, { measures: FIGURES });
  expect(hits.length).toBeGreaterThan(50);
  expect(total.get("redirects", 0)).toBe(hits.length);
  expect(total.get("redirect_rate", 0)).toBe(hits.length / plain.length);
  expect(total.get("redirect_bytes", 0)).toBe(hits.reduce((sum, { bytes }) => sum + (bytes || 0), 0));
  expect(total.columnNames()).toContain("redirect_rate_low");
});

test("it is merged, sliced, rolled up and taken out again", () => {
  const halves = [plain.filter((_, i) => i % 2 === 0), plain.filter((_, i) => i % 2 === 1)];
  const merged = Cube.merge(halves.map((half) => Cube.from(eventsOf(half), options)));
  expect(answers(merged)).toEqual(answers(cube));
  const splitMs = TEST_ORIGIN_MS + 86_400_000;
  const [early, late] = [cube.slice({ toMs: splitMs }), cube.slice({ fromMs: splitMs })];
  expect(answers(Cube.merge([late, early]))).toEqual(answers(cube));
  expect(answers(cube.minus(late))).toEqual(answers(early));
  expect(answers(cube.rollUp({ level: "country", bucketSeconds: 86_400 }))).toEqual(answers(cube));
});

test("it is saved and loaded, as bytes and as Arrow", () => {
  const saved = cube.save();
  const loaded = Cube.load(saved, { measures: [redirects] });
  expect(answers(loaded)).toEqual(answers(cube));
  expect(loaded.save()).toEqual(saved);
  const all = { ...options, measures: [...OPTIONAL_MEASURES.map(nameOf), redirects] };
  const arrow = Cube.from(eventsOf(plain), all).toArrow();
  expect(answers(Cube.fromArrow(arrow, { measures: [redirects] }))).toEqual(answers(cube));
});

const nameOf = ({ name }: { readonly name: string }) => name as "bytes";

test("whoever does not know it is told so", () => {
  expect(() => Cube.load(cube.save())).toThrow(expect.objectContaining({ code: "bad-cube-file" }));
  const other = Cube.from(eventsOf(plain), { ...options, measures: ["bytes", "latency"] });
  expect(() => Cube.merge([cube, other])).toThrow(expect.objectContaining({ code: "cubes-differ" }));
  expect(() => pivot(other, { measures: ["redirects"] })).toThrow(expect.objectContaining({ code: "no-such-measure" }));
});

test("it must be told apart from others", () => {
  const refused = (own: object) => () => new Cube({ measures: [{ ...redirects, ...own }] });
  const bad = expect.objectContaining({ code: "bad-cube-option" });
  expect(refused({ name: "latency" })).toThrow(bad);
  expect(refused({ columns: { count: "count" } })).toThrow(bad);
  expect(refused({ columns: { bucket: "u32" } })).toThrow(bad);
  expect(refused({ list: latency.list })).toThrow(bad);
  expect(refused({ figures: ["p75"] })).toThrow(bad);
  expect(() => new Cube({ measures: [redirects, redirects] })).toThrow(bad);
});
