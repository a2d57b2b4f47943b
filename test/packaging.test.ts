import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as browser from "../src/browser.js";
import * as geopivot from "../src/index.js";
import * as spatial from "../src/spatial.js";

const built = existsSync("dist/index.js");
const folder = mkdtempSync(join(tmpdir(), "geopivot-consumer-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.skipIf(!built)("the package is small: no source maps, 6 MB unpacked", () => {
  const [packed] = JSON.parse(execFileSync("npm", ["pack", "--dry-run", "--json"], { encoding: "utf8" })) as {
    readonly unpackedSize: number;
    readonly files: readonly { readonly path: string }[];
  }[];
  expect(packed!.unpackedSize).toBeLessThan(6_000_000);
  expect(packed!.files.filter(({ path }) => path.endsWith(".map"))).toEqual([]);
});

test("the public names are these and no others", () => {
  expect(Object.keys(geopivot).sort()).toMatchInlineSnapshot(`
    [
      "Cube",
      "Locator",
      "Monitor",
      "SEVERITIES",
      "Session",
      "SuspiciousDetector",
      "UserHistory",
      "addressText",
      "alertPayload",
      "analyze",
      "clientAddress",
      "compare",
      "detect",
      "eventsFromObjects",
      "eventsFromTable",
      "explain",
      "findDatabases",
      "isGeopivotError",
      "latLngsToCells",
      "latencyModel",
      "localize",
      "nameText",
      "nearestServers",
      "openLocator",
      "openRecords",
      "parsePolicy",
      "pivot",
      "pseudonymizeAddresses",
      "readBatches",
      "readCube",
      "readEvents",
      "saveTable",
      "sumMeasure",
      "tailFile",
      "triage",
      "truncateAddresses",
    ]
  `);
});

test("the public names of geopivot/spatial are these and no others", () => {
  expect(Object.keys(spatial).sort()).toMatchInlineSnapshot(`
    [
      "CountryIndex",
      "DistinctSketch",
      "LogBins",
      "RegionGroups",
      "adaptiveCells",
      "benjaminiHochberg",
      "cellAdjacency",
      "cellHalves",
      "cellText",
      "cellsAreaKm2",
      "cellsCentroid",
      "cellsToGeoJson",
      "checkCatalogue",
      "circularScan",
      "compactCells",
      "connectedScan",
      "countOutages",
      "countries",
      "country",
      "countryCode",
      "countryName",
      "denseCells",
      "ellipticScan",
      "expandCells",
      "flexibleScan",
      "getisOrd",
      "greatCircleKm",
      "greatCirclesKm",
      "latLngsToCellHalves",
      "latLngsToCells",
      "localMoran",
      "moran",
      "readCatalogue",
      "regionToGeoJson",
      "regionTree",
      "restrictedScan",
      "rowsWithinKm",
      "spaceTimeScan",
      "spatialWeights",
      "subdivision",
      "subdivisionCode",
      "surelyApartKm",
    ]
  `);
});

test("geopivot/browser has what works on a saved cube, under the names of the other entries", () => {
  const names = ["Cube", "SEVERITIES", "cellHalves", "cellText", "compare", "countryName", "detect"];
  expect(Object.keys(browser).sort()).toEqual([...names, "greatCircleKm", "isGeopivotError", "pivot"]);
  for (const name of Object.keys(browser)) expect(name in spatial || name in geopivot, name).toBe(true);
});

test("every public function and class of the main entry has an example", () => {
  const text = readFileSync("src/index.ts", "utf8");
  const without = Object.keys(geopivot).filter((name) => {
    const [, file] = text.match(new RegExp(`export \\{[^}]*\\b${name}\\b[^}]*\\} from "\\./(.*)\\.js"`)) ?? [];
    const code = readFileSync(`src/${file}.ts`, "utf8");
    const [doc] = code.match(
      new RegExp(`/\\*\\*(?:(?!\\*/).)*\\*/\\nexport (?:async )?(?:function\\*?|class|const) ${name}\\b`, "s"),
    ) ?? [""];
    return !doc.includes("@example");
  });
  expect(without).toEqual([]);
});

describe.skipIf(!built)("a consumer's project", () => {
  beforeAll(() => {
    mkdirSync(join(folder, "node_modules"));
    symlinkSync(resolve("."), join(folder, "node_modules", "geopivot"), "dir");
  });

  test.each([
    ["geopivot", geopivot],
    ["geopivot/spatial", spatial],
    ["geopivot/browser", browser],
  ])("imports and requires the same names of %s", (entry, own) => {
    const names = (code: string, flag: string): string =>
      execFileSync(process.execPath, [flag, "-e", code], { cwd: folder, encoding: "utf8" });
    const imported = names(
      `import * as g from '${entry}'; console.log(Object.keys(g).sort().join())`,
      "--input-type=module",
    );
    const required = names(
      `console.log(Object.keys(require('${entry}')).filter((n) => n !== 'default').sort().join())`,
      "--input-type=commonjs",
    );
    expect(imported).toBe(required);
    expect(imported.trim().split(",")).toEqual(Object.keys(own).sort());
  });

  test("a class is the same in every entry of Node's", () => {
    const code = `import { Cube, isGeopivotError } from "geopivot"; import { moran, latLngsToCells } from "geopivot/spatial";
try { latLngsToCells([99], [0], 4); } catch (error) { console.log(isGeopivotError(error), error.code); }`;
    const args = ["--input-type=module", "-e", code];
    expect(execFileSync(process.execPath, args, { cwd: folder, encoding: "utf8" })).toBe("true bad-coordinates\n");
  });

  const resolutions = [
    { name: "node16, ES modules", file: "use.mts", module: "node16", moduleResolution: "node16" },
    { name: "node16, CommonJS", file: "use.cts", module: "node16", moduleResolution: "node16" },
    { name: "nodenext", file: "use.mts", module: "nodenext", moduleResolution: "nodenext" },
    { name: "bundler", file: "use.ts", module: "esnext", moduleResolution: "bundler" },
  ];
  test.each(resolutions)(
    "compiles against the types under strict settings, without skipping the checks of libraries: $name",
    ({ file, module, moduleResolution }) => {
      writeFileSync(join(folder, file), USE);
      const tsc = resolve("node_modules/typescript/bin/tsc");
      const options = [
        ...["--noEmit", "--strict", "--module", module, "--moduleResolution", moduleResolution],
        ...["--target", "es2022", "--lib", "es2023,esnext.disposable", "--types", "node"],
        ...["--typeRoots", resolve("node_modules/@types")],
      ];
      expect(execFileSync(process.execPath, [tsc, ...options, file], { cwd: folder, encoding: "utf8" })).toBe("");
    },
  );
});

/** Code of a consumer's. */
const USE = `import { type Analysis, analyze, Cube, type Finding, pivot, Session } from "geopivot";
import { detect } from "geopivot/browser";
import { renderReport } from "geopivot/report";
import { greatCircleKm, moran, type Moran } from "geopivot/spatial";
export const worst = (findings: readonly Finding[]): string => findings[0]?.title ?? "";
export async function run(): Promise<string> {
  const { cube, findings, report: input, locator }: Analysis = await analyze("access.log", { session: new Session() });
  const hours: Cube = Cube.merge([cube.slice({ countries: ["DE"] }), cube.resample(3600)]).withPrivacyFloor(5);
  pivot(hours, { by: ["country"], measures: ["count"] }).print();
  return worst(findings) + renderReport({ cube, findings, input, attributions: locator.attributions });
}
export const km: number = greatCircleKm(52.5, 13.4, 48.9, 2.4);
export const statistic: typeof moran | Moran = moran;
export const judge: typeof detect = detect;
`;
