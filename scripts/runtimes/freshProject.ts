import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { transformSync } from "esbuild";

/** What a user writes in a new project, by file. */
export const FILES = {
  "esm.mjs": `import * as all from "geopivot";
import { greatCircleKm } from "geopivot/spatial";
import "geopivot/browser"; import "geopivot/monitor"; import "geopivot/report"; import "geopivot/simulate";
import "geopivot/steer"; import "geopivot/triage";
console.log(Object.keys(all).length, Math.round(greatCircleKm(52.5, 13.4, 48.9, 2.4)));
`,
  "cjs.cjs": `const all = require("geopivot");
const { greatCircleKm } = require("geopivot/spatial");
for (const name of ["browser", "monitor", "report", "simulate", "steer", "triage"]) require("geopivot/" + name);
console.log(Object.keys(all).filter((name) => name !== "default").length, Math.round(greatCircleKm(52.5, 13.4, 48.9, 2.4)));
`,
  "use.ts": `import { type Analysis, analyze, Cube, type Finding, Monitor, openLocator, pivot } from "geopivot";
import { detect } from "geopivot/browser";
import { renderReport } from "geopivot/report";
import { simulateTraffic } from "geopivot/simulate";
import { greatCircleKm } from "geopivot/spatial";
import { catchments } from "geopivot/steer";
import { pagerDutyEvents } from "geopivot/triage";
export const worst = (findings: readonly Finding[]): string => findings[0]?.title ?? "";
export async function run(): Promise<string> {
  const { cube, findings, report: input, locator }: Analysis = await analyze("access.log", { bucketSeconds: 60 });
  const hours: Cube = Cube.merge([cube.slice({ countries: ["DE"] }), cube.resample(3600)]);
  pivot(hours, { by: ["country"], measures: ["count"] }).print({ limit: 5 });
  return worst(findings) + renderReport({ cube, findings, input, attributions: locator.attributions });
}
export const used = [Monitor, openLocator, detect, simulateTraffic, catchments, pagerDutyEvents] as const;
export const km: number = greatCircleKm(52.5, 13.4, 48.9, 2.4);
// @ts-expect-error: a text is no list
pivot(new Cube({ bucketSeconds: 60 }), { by: "country" });
`,
  "page.ts": `import { Cube, detect, pivot, type Finding } from "geopivot/browser";
import { greatCircleKm } from "geopivot/spatial";
export const findings = (bytes: Uint8Array): readonly Finding[] => detect(Cube.load(bytes));
export const rows = (cube: Cube): object[] => pivot(cube, { by: ["country"] }).objects();
export const km: number = greatCircleKm(52.5, 13.4, 48.9, 2.4);
`,
  "run.cjs": `const { readFileSync } = require("node:fs");
import(process.argv[2]).then(async (all) => {
  const { handler, page } = all.handler ? all : all.default;
  const { titles } = await handler(JSON.parse(readFileSync("event.json", "utf8")));
  const input = { files: [], events: 0, rejected: 0, unlocated: 0, fromMs: null, toMs: null };
  console.log(JSON.stringify({ titles, page: page({ findings: [], input }).length }));
});
`,
} as const;

/** Settings of TypeScript by name: strict, and the checks of libraries not skipped. */
export const SETTINGS = {
  "node16, ES modules": { file: "use.mts", module: "node16", moduleResolution: "node16" },
  "node16, CommonJS": { file: "use.cts", module: "node16", moduleResolution: "node16" },
  nodenext: { file: "use.mts", module: "nodenext", moduleResolution: "nodenext" },
  bundler: { file: "use.ts", module: "esnext", moduleResolution: "bundler" },
  "bundler, a page without Node's types": { file: "page.ts", module: "esnext", moduleResolution: "bundler" },
} as const;

/** Writes a new user's project: it depends on the packed package alone. */
export function writeProject(folder: string, tarball: string): void {
  mkdirSync(folder, { recursive: true });
  cpSync(tarball, join(folder, "geopivot.tgz"));
  const manifest = { name: "fresh", private: true, dependencies: { geopivot: "file:./geopivot.tgz" } };
  writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
  for (const [name, text] of Object.entries(FILES)) writeFileSync(join(folder, name), text);
  for (const ending of ["mts", "cts"]) writeFileSync(join(folder, `use.${ending}`), FILES["use.ts"]);
  writeFileSync(join(folder, "handler.mjs"), lambdaHandler());
}

/** A tsconfig of one of the settings; Node's types come from this repository. */
export function tsconfig(name: keyof typeof SETTINGS): object {
  const { file, ...modules } = SETTINGS[name];
  const page = file === "page.ts";
  return {
    compilerOptions: {
      ...{ ...modules, noEmit: true, strict: true, exactOptionalPropertyTypes: true, target: "es2022" },
      ...(page
        ? { lib: ["es2023", "dom", "dom.iterable"], types: [], typeRoots: [] }
        : { lib: ["es2023"], types: ["node"], typeRoots: [resolve("node_modules/@types")] }),
    },
    files: [file],
  };
}

/** The example of a Lambda, and a second export that draws a report. */
function lambdaHandler(): string {
  const example = readFileSync("examples/lambdaHandler.ts", "utf8");
  const { code } = transformSync(example, { loader: "ts", format: "esm" });
  return `${code}
import { renderReport } from "geopivot/report";
export const page = (input) => renderReport(input);
`;
}

/** What the Lambda is handed: two days of two countries, one of which has failed for the last two hours. */
export function lambdaEvent(): string {
  let log = "";
  for (let minute = 0; minute < 2 * 1440; minute++)
    for (let k = 0; k < 6; k++)
      for (const net of [1, 2]) {
        const status = net === 1 && minute >= 2 * 1440 - 120 ? 503 : 200;
        const ts = Date.UTC(2026, 2, 2) + minute * 60_000 + k * 9000 + net;
        log += `${JSON.stringify({ ts, ip: `10.${net}.${(minute * 7 + k) % 40}.${k + 1}`, status })}\n`;
      }
  const networks = [
    { cidr: "10.1.0.0/16", country: "BR", lat: -23.5, lon: -46.6 },
    { cidr: "10.2.0.0/16", country: "DE", lat: 52.5, lon: 13.4 },
  ];
  return JSON.stringify({ awslogs: { data: gzipSync(log).toString("base64") }, networks });
}
