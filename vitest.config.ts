import { readdirSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

// `npm test` runs test/**; what takes minutes is named *.slow.test.ts and runs with `npm run test:slow`.
const THOROUGH = /\.thorough\.test\.ts$/;
// `npm run test:thorough` runs *.thorough.test.ts, and those that try more random cases then (test/support/runs.ts).
const thorough = readdirSync("test", { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".test.ts"))
  .filter((file) => THOROUGH.test(file) || readFileSync(`test/${file}`, "utf8").includes("support/runs.js"))
  .map((file) => `test/${file}`);
const suite = process.env.GEOPIVOT_THOROUGH ? "thorough" : process.env.GEOPIVOT_SLOW ? "slow" : "default";
const include = { thorough, slow: ["test/**/*.slow.test.ts"], default: ["test/**/*.test.ts"] };

export default defineConfig({
  // The examples import the package by its name.
  resolve: {
    alias: [
      { find: /^geopivot$/, replacement: fileURLToPath(new URL("src/index.ts", import.meta.url)) },
      { find: /^geopivot\/spatial$/, replacement: fileURLToPath(new URL("src/spatial.ts", import.meta.url)) },
      { find: /^geopivot\/triage$/, replacement: fileURLToPath(new URL("src/triage/index.ts", import.meta.url)) },
      { find: /^geopivot\/steer$/, replacement: fileURLToPath(new URL("src/steer/index.ts", import.meta.url)) },
      { find: /^geopivot\/monitor$/, replacement: fileURLToPath(new URL("src/monitor/index.ts", import.meta.url)) },
      {
        find: /^geopivot\/clickhouse$/,
        replacement: fileURLToPath(new URL("src/engine/clickhouse/index.ts", import.meta.url)),
      },
      {
        find: /^geopivot\/duckdb$/,
        replacement: fileURLToPath(new URL("src/engine/duckdb/index.ts", import.meta.url)),
      },
      { find: /^geopivot\/report$/, replacement: fileURLToPath(new URL("src/report/index.ts", import.meta.url)) },
    ],
  },
  test: {
    include: include[suite],
    exclude:
      suite === "default"
        ? ["node_modules/**", "test/**/*.slow.test.ts", "test/**/*.thorough.test.ts"]
        : ["node_modules/**"],
    testTimeout: suite === "default" ? 120_000 : 1_800_000,
    hookTimeout: 120_000,
    pool: "forks",
    // One worker a processor: vitest keeps one free, which on two processors is half of them.
    maxWorkers: availableParallelism(),
    // Commands that the tests start keep compiled databases here, not in the home of who runs them.
    env: { XDG_CACHE_HOME: fileURLToPath(new URL("node_modules/.cache", import.meta.url)) },
  },
});
