import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { build, type Format } from "esbuild";
import { afterAll, describe, expect, test } from "vitest";

const built = existsSync("dist/index.js") && existsSync("dist/readWorker.cjs");
const source = mkdtempSync(join(tmpdir(), "geopivot-bundle-"));
/** Where the bundle runs: no package is there. */
const task = mkdtempSync(join(tmpdir(), "geopivot-task-"));
mkdirSync(join(source, "node_modules"));
symlinkSync(resolve("."), join(source, "node_modules", "geopivot"), "dir");
afterAll(() => {
  for (const folder of [source, task]) rmSync(folder, { recursive: true, force: true });
});

const FORMATS: readonly [Format, string][] = [
  ["cjs", "handler.cjs"],
  ["esm", "handler.mjs"],
];

describe.skipIf(!built)("bundled by esbuild for a Lambda (after npm run build)", () => {
  test.each(FORMATS)("the handler finds an outage, %s", { timeout: 120_000 }, async (format, file) => {
    const contents = `${readFileSync("examples/lambdaHandler.ts", "utf8")}
import { renderReport } from "geopivot/report";
export const page = (input: never): number => renderReport(input).length;`;
    await build({
      stdin: { contents, loader: "ts", resolveDir: source },
      ...{ bundle: true, platform: "node", target: "node20", format, outfile: join(task, file), logLevel: "silent" },
      // Optional peers are asked for by import() where they are used.
      external: ["@clickhouse/client", "@duckdb/node-api", "@opentelemetry/api", "ip2location-nodejs"],
      ...(format === "esm"
        ? {
            banner: {
              js: 'import { createRequire as requireFor } from "node:module"; const require = requireFor(import.meta.url);',
            },
          }
        : {}),
      tsconfigRaw: {},
    });
    writeFileSync(join(task, "reportPage.json"), readFileSync("dist/reportPage.json"));
    const data = gzipSync(brazilDown()).toString("base64");
    const networks = [
      { cidr: "10.1.0.0/16", country: "BR", lat: -23.5, lon: -46.6 },
      { cidr: "10.2.0.0/16", country: "DE", lat: 52.5, lon: 13.4 },
    ];
    writeFileSync(join(task, "event.json"), JSON.stringify({ awslogs: { data }, networks }));
    const run = `import(${JSON.stringify(`./${file}`)}).then(async (all) => {
      const { handler, page } = all.handler ? all : all.default;
      const { titles } = await handler(JSON.parse(require("fs").readFileSync("event.json", "utf8")));
      const input = { files: [], events: 0, rejected: 0, unlocated: 0, fromMs: null, toMs: null };
      console.log(JSON.stringify([titles, page({ findings: [], input }) > 100_000]));
    })`;
    const said = execFileSync(process.execPath, ["-e", run], { cwd: task, encoding: "utf8" }).trim().split("\n");
    expect(said[0]).toMatch(/^\d+ requests, \d+ findings$/);
    const [titles, hasPage] = JSON.parse(said.at(-1)!) as [string[], boolean];
    expect(titles.join()).toMatch(/Brazil/);
    expect(hasPage).toBe(true);
  });
});

/** Two days of two countries, one of which has failed for the last two hours. */
function brazilDown(): string {
  const lines: string[] = [];
  const startMs = Date.UTC(2026, 2, 2);
  for (let minute = 0; minute < 2 * 1440; minute++)
    for (let k = 0; k < 6; k++)
      for (const net of [1, 2]) {
        const status = net === 1 && minute >= 2 * 1440 - 120 ? 503 : 200;
        const ts = startMs + minute * 60_000 + k * 9_000 + net;
        lines.push(JSON.stringify({ ts, ip: `10.${net}.${(minute * 7 + k) % 40}.${k + 1}`, status }));
      }
  return `${lines.join("\n")}\n`;
}
