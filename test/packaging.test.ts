import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as geopivot from "../src/index.js";

const built = existsSync("dist/index.js");
const folder = mkdtempSync(join(tmpdir(), "geopivot-consumer-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("the public names are these and no others", () => {
  expect(Object.keys(geopivot).sort()).toMatchInlineSnapshot(`
    [
      "CountryIndex",
      "Cube",
      "DETECTION_DIMENSIONS",
      "Dictionary",
      "DistinctSketch",
      "FORMAT_NAMES",
      "GeopivotError",
      "Locator",
      "LogBins",
      "NetworkTable",
      "OTHER_VALUES",
      "PlaceTable",
      "RegionGroups",
      "SEVERITIES",
      "SuspiciousDetector",
      "UNLOCATED",
      "UserHistory",
      "adaptiveCells",
      "addressText",
      "analyze",
      "benjaminiHochberg",
      "cellAdjacency",
      "cellHalves",
      "cellText",
      "cellsAreaKm2",
      "cellsCentroid",
      "cellsToGeoJson",
      "checkCatalogue",
      "circularScan",
      "clientAddress",
      "compactCells",
      "compare",
      "connectedScan",
      "countOutages",
      "countries",
      "country",
      "countryCode",
      "countryName",
      "denseCells",
      "detect",
      "eventsFromObjects",
      "eventsFromTable",
      "expandCells",
      "findDatabases",
      "findHotspots",
      "findOutages",
      "findSlowForDistance",
      "findSuspicious",
      "flexibleScan",
      "getisOrd",
      "greatCircleKm",
      "greatCirclesKm",
      "isGeopivotError",
      "latLngsToCellHalves",
      "latLngsToCells",
      "localMoran",
      "localize",
      "moran",
      "nameText",
      "openLocator",
      "openRecords",
      "orderedFindings",
      "parseAddress",
      "parseAddressBytes",
      "parseDurationMs",
      "parseTimeMs",
      "pivot",
      "pseudonymizeAddresses",
      "readBatches",
      "readCatalogue",
      "readCube",
      "readEvents",
      "regionTree",
      "rowsWithinKm",
      "saveTable",
      "spatialWeights",
      "subdivision",
      "subdivisionCode",
      "surelyApartKm",
      "tailFile",
      "tooLittleHistory",
      "truncateAddresses",
    ]
  `);
});

describe.skipIf(!built)("a consumer's project", () => {
  beforeAll(() => {
    mkdirSync(join(folder, "node_modules"));
    symlinkSync(resolve("."), join(folder, "node_modules", "geopivot"), "dir");
  });

  test("imports and requires the same names", () => {
    const names = (code: string, flag: string): string =>
      execFileSync(process.execPath, [flag, "-e", code], { cwd: folder, encoding: "utf8" });
    const imported = names(
      "import * as g from 'geopivot'; console.log(Object.keys(g).sort().join())",
      "--input-type=module",
    );
    const required = names(
      "console.log(Object.keys(require('geopivot')).filter((n) => n !== 'default').sort().join())",
      "--input-type=commonjs",
    );
    expect(imported).toBe(required);
    expect(imported.trim().split(",")).toEqual(Object.keys(geopivot).sort());
  });

  test("compiles against the types under strict settings, without skipping the checks of libraries", () => {
    writeFileSync(
      join(folder, "use.mts"),
      `import { Dictionary, type Finding, parseDurationMs } from "geopivot";
export const minutes: number = parseDurationMs("5m") / 60_000;
export const worst = (findings: readonly Finding[]): string => findings[0]?.title ?? new Dictionary().value(0);\n`,
    );
    const tsc = resolve("node_modules/typescript/bin/tsc");
    const options = [
      "--noEmit",
      "--strict",
      "--module",
      "nodenext",
      "--target",
      "es2022",
      "--lib",
      "es2023",
      "--types",
      "node",
    ];
    const types = ["--typeRoots", resolve("node_modules/@types")];
    expect(
      execFileSync(process.execPath, [tsc, ...options, ...types, "use.mts"], { cwd: folder, encoding: "utf8" }),
    ).toBe("");
  });
});
