import { expect, test } from "vitest";
import { Random } from "../../src/core/random.js";
import { buildReportModel } from "../../src/report/page/buildReportModel.js";
import { pageHtml } from "../../src/report/page/pageHtml.js";
import { type CellColumns, latencyCode, type ReportLevel } from "../../src/report/page/reportModel.js";
import { findingsJson } from "../../src/report/payloads/findingsJson.js";
import { inputExample } from "./findingExample.js";

const FRAMES = 200;

/** Cells with traffic in every frame: Poisson counts of a mean of their own, latencies around a median of their own. */
function denseLevel(resolution: number, cells: number, random: Random): ReportLevel {
  const columns = (frames: number): CellColumns => {
    const rows = cells * frames;
    const measures = {
      count: new Uint32Array(rows),
      errors: new Uint32Array(rows),
      clients: new Uint32Array(rows),
      p50: new Uint16Array(rows),
      p95: new Uint16Array(rows),
    };
    for (let cell = 0; cell < cells; cell++) {
      const mean = 3 * Math.exp(1.5 * random.normal());
      const median = 60 * Math.exp(0.5 * random.normal());
      for (let frame = 0; frame < frames; frame++) {
        const row = frame * cells + cell;
        const count = 1 + random.poisson((mean * FRAMES) / frames);
        measures.count[row] = count;
        measures.errors[row] = random.binomial(count, 0.01);
        measures.clients[row] = Math.max(1, random.binomial(count, 0.7));
        measures.p50[row] = latencyCode(median * Math.exp((0.5 * random.normal()) / Math.sqrt(count)));
        measures.p95[row] = latencyCode(2.3 * median * Math.exp((0.9 * random.normal()) / Math.sqrt(count)));
      }
    }
    return measures;
  };
  return {
    resolution,
    lat: Float32Array.from({ length: cells }, () => 160 * random.next() - 80),
    lon: Float32Array.from({ length: cells }, () => 360 * random.next() - 180),
    vertexCount: new Uint8Array(cells).fill(6),
    outline: Float32Array.from({ length: 12 * cells }, () => 360 * random.next() - 180),
    label: Array.from({ length: cells }, (_, i) => `City number ${i}, Country ${i % 200}`),
    otherPlaces: Uint32Array.from({ length: cells }, () => random.int(10)),
    total: columns(1),
    rows: columns(FRAMES),
    rowStart: Uint32Array.from({ length: FRAMES + 1 }, (_, frame) => frame * cells),
    rowCell: Uint32Array.from({ length: FRAMES * cells }, (_, row) => row % cells),
  };
}

test("a report of 5,000 cells and 200 frames, every one with traffic, stays under 10 MB", () => {
  const random = new Random(1);
  const levels = [denseLevel(2, 1_200, random), denseLevel(3, 3_200, random), denseLevel(4, 5_000, random)];
  const model = buildReportModel({ cube: null, findings: [], input: inputExample });
  const html = pageHtml({ ...model, levels }, findingsJson(inputExample, []));
  expect(html.length).toBeLessThan(10_000_000);
});
