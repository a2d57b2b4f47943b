import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { tableFromIPC } from "@uwdata/flechette";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { crc32, deflate, inflate } from "../src/cube/io/deflate.browser.js";
import * as node from "../src/cube/io/deflate.js";
import { Cube, detect, type Finding, type PivotTable, pivot } from "../src/index.js";
import { answerTable as pageTable } from "../src/pivot/answerTable.browser.js";
import { answerTable } from "../src/pivot/answerTable.js";
import { chromiumPath, launchChromium } from "./support/chromium.js";
import { regionalTraffic } from "./support/regionalTraffic.js";

const built = existsSync("dist/browser.js");

test("the browser's DEFLATE and CRC-32 are Node's", () => {
  for (const length of [0, 1, 300, 70_000]) {
    const bytes = Uint8Array.from({ length }, (_, i) => (i * i) >> (i % 7));
    expect(crc32(bytes)).toBe(node.crc32(bytes));
    expect(inflate(node.deflate(bytes), length)).toEqual(bytes);
    expect(node.inflate(deflate(bytes, 1), length || 1)).toEqual(Buffer.from(bytes));
    if (length > 0) expect(() => inflate(deflate(bytes), length - 1)).toThrow();
    expect(() => inflate(node.deflate(bytes).subarray(0, -1), length)).toThrow();
  }
});

const folder = mkdtempSync(join(tmpdir(), "geopivot-browser-"));
mkdirSync(join(folder, "node_modules"));
symlinkSync(resolve("."), join(folder, "node_modules", "geopivot"), "dir");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A browser's bundle of some code, in which no module of Node may be. */
async function bundle(contents: string, format: "iife" | "esm" = "esm"): Promise<string> {
  const { outputFiles, metafile } = await build({
    stdin: { contents, resolveDir: folder },
    ...{
      bundle: true,
      minify: true,
      write: false,
      metafile: true,
      platform: "browser",
      format,
      globalName: "geopivot",
    },
    ...{ tsconfigRaw: {}, logLevel: "silent" },
  });
  // esbuild refuses modules that it cannot resolve; what it left outside would be asked for in the browser.
  expect(Object.values(metafile.outputs).flatMap(({ imports }) => imports)).toEqual([]);
  return outputFiles[0]!.text;
}

const zippedKb = (code: string): number => gzipSync(code, { level: 9 }).length / 1000;

test("a page's table of an answer is what arquero's is", () => {
  const columns: [string, (string | number | null)[]][] = [
    ["country", ["DE", 'a "quoted", one', "line\nbreak", null]],
    ["count", [1, 2.5, null, 0]],
  ];
  const [page, own] = [pageTable(columns), answerTable(columns) as PivotTable];
  for (const of of [page, own]) {
    expect([of.numRows(), of.numCols(), of.columnNames(), of.get("count", 1), of.get("country")]).toEqual([
      ...[4, 2, ["country", "count"], 2.5, "DE"],
    ]);
    expect(Array.from(of.array("count"))).toEqual([1, 2.5, null, 0]);
  }
  expect(page.objects()).toEqual(own.objects());
  expect(page.objects({ limit: 2 })).toEqual(own.objects({ limit: 2 }));
  expect(page.toCSV()).toBe(own.toCSV());
  expect(page.toCSV({ delimiter: ";" })).toBe(own.toCSV({ delimiter: ";" }));
  for (const type of ["columns", "rows", "ndjson"] as const) expect(page.toJSON({ type })).toBe(own.toJSON({ type }));
  const read = (bytes: Uint8Array): unknown => tableFromIPC(bytes).toColumns();
  expect(read(page.toArrowIPC({ format: "stream" }))).toEqual(read(own.toArrowIPC({ format: "stream" })));
});

describe.skipIf(!built)("in a browser's bundle (after npm run build)", () => {
  test("what is asked for brings little else", { timeout: 60_000 }, async () => {
    expect(zippedKb(await bundle('export { greatCircleKm } from "geopivot/spatial"'))).toBeLessThan(5);
    expect(zippedKb(await bundle('export { greatCircleKm } from "geopivot/browser"'))).toBeLessThan(5);
    expect(zippedKb(await bundle('export { latLngsToCells } from "geopivot/spatial"'))).toBeLessThan(80);
    expect(zippedKb(await bundle('export { Cube } from "geopivot/browser"'))).toBeLessThan(LIMIT_KB);
  });

  test("all of it holds no module of Node", { timeout: 60_000 }, async () => {
    expect(zippedKb(await bundle('export * from "geopivot/browser"'))).toBeLessThan(LIMIT_KB);
    expect(zippedKb(await bundle('export * from "geopivot/spatial"'))).toBeLessThan(260);
  });

  describe.skipIf(!chromiumPath)(`in Chromium${chromiumPath ? "" : " (skipped: no Chromium found)"}`, () => {
    const cube = Cube.from(
      regionalTraffic({
        change: (request, timeMs, random) => {
          const down = request.city.country === "DE" && timeMs > Date.UTC(2026, 2, 4, 8);
          return down && random.next() < 0.7 ? { ...request, status: 503 } : request;
        },
      }),
      { dimensions: ["service"] },
    );
    let code = "";
    beforeAll(async () => {
      code = await bundle('export * from "geopivot/browser"', "iife");
    });

    test("a saved cube gives the tables and the findings that it gives here", { timeout: 120_000 }, async () => {
      const browser = await launchChromium();
      try {
        const page = await browser.newPage();
        const problems: string[] = [];
        page.on("pageerror", (error) => problems.push(String(error)));
        await page.setContent("<!doctype html><title>geopivot</title>");
        await page.addScriptTag({ content: code });
        const seen = await page.evaluate(judged, Buffer.from(cube.save()).toString("base64"));
        expect(problems).toEqual([]);
        const { findings, rows, saved, again, refused, noEvents } = seen;
        expect(findings).toEqual(JSON.parse(JSON.stringify(detect(cube))));
        expect(findings.length).toBeGreaterThan(0);
        expect(rows).toEqual(JSON.parse(JSON.stringify(pivot(cube, QUESTION).objects())));
        expect(again).toBe(true);
        expect(Cube.load(Buffer.from(saved, "base64")).save()).toEqual(cube.save());
        expect(refused).toBe("bad-cube-file");
        expect(noEvents).toBe("not-in-browser");
      } finally {
        await browser.close();
      }
    });
  });
});

/** Kilobytes, zipped, of all that a page with a saved cube needs. */
const LIMIT_KB = 150;

const QUESTION = { by: ["country", "hour"], measures: ["count", "error_rate", "p95", "clients"] };

interface Judged {
  readonly findings: readonly Finding[];
  readonly rows: readonly object[];
  readonly saved: string;
  readonly again: boolean;
  readonly refused: string;
  readonly noEvents: string;
}

/** Runs in the page. */
function judged(base64: string): Judged {
  const { geopivot } = globalThis as unknown as { geopivot: typeof import("../src/browser.js") };
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const cube = geopivot.Cube.load(bytes);
  const question = { by: ["country", "hour"], measures: ["count", "error_rate", "p95", "clients"] };
  const saved = cube.save();
  let refused = "";
  try {
    geopivot.Cube.load(bytes.slice(0, -1));
  } catch (error) {
    if (geopivot.isGeopivotError(error)) refused = error.code;
  }
  let noEvents = "";
  try {
    geopivot.detect(cube, { events: [] });
  } catch (error) {
    if (geopivot.isGeopivotError(error)) noEvents = error.code;
  }
  return {
    findings: JSON.parse(JSON.stringify(geopivot.detect(cube))),
    rows: JSON.parse(JSON.stringify(geopivot.pivot(cube, question).objects())),
    saved: btoa(Array.from(saved, (byte) => String.fromCharCode(byte)).join("")),
    again: geopivot.Cube.fromArrow(cube.toArrow()).groups.length === cube.groups.length,
    refused,
    noEvents,
  };
}
