import fc from "fast-check";
import { cellToLatLng, cellToParent, latLngToCell } from "h3-js";
import { expect, test } from "vitest";
import { Cube } from "../../src/cube/cube.js";
import { buildReportModel } from "../../src/report/page/buildReportModel.js";
import { latencyOf, type ReportLevel } from "../../src/report/page/reportModel.js";
import { arbitraryEvents } from "../support/arbitraryEvents.js";
import { eventsOf, type PlainEvent, TEST_PLACES } from "../support/randomEvents.js";
import { inputExample } from "./findingExample.js";

/** One row, as a test thinks of it. */
interface Row {
  readonly count: number;
  readonly errors: number;
  readonly clients: number;
  readonly latencies: readonly number[];
}

function naiveRow(events: readonly PlainEvent[]): Row {
  return {
    count: events.length,
    errors: events.filter((e) => e.status >= 500 && e.status <= 599).length,
    clients: new Set(events.map((e) => e.client).filter((client) => client !== null)).size,
    latencies: events
      .map((e) => Math.fround(e.latencyMs))
      .filter((ms) => !Number.isNaN(ms))
      .sort((a, b) => a - b),
  };
}

function cellOf(event: PlainEvent, resolution: number): string {
  const [, , , lat, lon] = TEST_PLACES[event.place]!;
  return cellToParent(latLngToCell(lat, lon, 4), resolution);
}

/** The level's cells by their centre, since the page has no use for their indexes. */
function cellNumber(level: ReportLevel, cell: string): number {
  const [lat, lon] = cellToLatLng(cell);
  return level.lat.findIndex((x, i) => Math.fround(lat) === x && Math.fround(lon) === level.lon[i]);
}

test("every level, frame and cell of a report agrees with counting one event at a time", () => {
  fc.assert(
    fc.property(arbitraryEvents, fc.constantFrom(300, 3_600, 7_000), (plain, bucketSeconds) => {
      const cube = Cube.from(eventsOf(plain), { bucketSeconds });
      const { levels, frameMs, originMs, timeline } = buildReportModel({ cube, findings: [], input: inputExample });
      const located = plain.filter((e) => e.place !== 0);
      expect(levels.map((level) => level.resolution)).toEqual(located.length > 0 ? [2, 3, 4] : []);
      expect(timeline.count.reduce((a, b) => a + b, 0)).toBe(plain.length);
      for (const level of levels) {
        const rows = grouped(located, level.resolution);
        for (const [cell, events] of rows) {
          const number = cellNumber(level, cell);
          expectRow(level.total, number, naiveRow(events));
          for (let f = 0; f < timeline.count.length; f++) {
            const inFrame = events.filter((e) => Math.floor((e.timeMs - originMs) / frameMs) === f);
            const row = level.rowCell.subarray(0, level.rowStart[f + 1]!).indexOf(number, level.rowStart[f]!);
            if (inFrame.length === 0) expect(row).toBe(-1);
            else expectRow(level.rows, row, naiveRow(inFrame));
          }
        }
        expect(level.lat.length).toBe(rows.size);
      }
    }),
    { numRuns: 40 },
  );
});

function grouped(events: readonly PlainEvent[], resolution: number): Map<string, PlainEvent[]> {
  const groups = new Map<string, PlainEvent[]>();
  for (const event of events) {
    const cell = cellOf(event, resolution);
    groups.set(cell, [...(groups.get(cell) ?? []), event]);
  }
  return groups;
}

function expectRow(columns: ReportLevel["rows"], row: number, naive: Row): void {
  expect(columns.count[row]).toBe(naive.count);
  expect(columns.errors[row]).toBe(naive.errors);
  expect(columns.clients[row]).toBe(naive.clients);
  for (const [code, q] of [
    [columns.p50[row]!, 0.5],
    [columns.p95[row]!, 0.95],
  ] as const) {
    const { latencies } = naive;
    const true_ = latencies[Math.ceil(q * latencies.length - 1e-9) - 1] ?? Number.NaN;
    if (Number.isNaN(true_)) expect(code).toBe(0);
    else if (true_ < 0.01) expect(latencyOf(code)).toBeCloseTo(0.01);
    else expect(Math.abs(latencyOf(code) / true_ - 1)).toBeLessThan(0.021);
  }
}

test("frames are at most two hundred, whole buckets, and divide a day", () => {
  const at = (day: number): PlainEvent => ({
    timeMs: Date.UTC(2026, 2, 1 + day, 5),
    place: 1,
    status: 200,
    latencyMs: 1,
    bytes: 1,
    client: 1,
    user: "",
    service: "",
    version: "",
  });
  for (const [days, frameMinutes] of [
    [0.5, 5],
    [1, 10],
    [8, 60],
    [30, 240],
    [365, 2_880],
    [20_000, 60 * 24 * 101],
  ] as const) {
    const cube = Cube.from(eventsOf([at(0), at(days)]));
    const { frameMs, originMs, timeline } = buildReportModel({ cube, findings: [], input: inputExample });
    expect(timeline.count.length).toBeLessThanOrEqual(200);
    expect(frameMs % cube.bucketMs).toBe(0);
    expect(originMs % frameMs).toBe(0);
    expect(frameMs / 60_000).toBe(frameMinutes);
  }
});
