import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { defineConfig, type Options } from "tsup";

type EsbuildPlugin = NonNullable<Options["esbuildPlugins"]>[number];

const shared = {
  target: "node20",
  // import.meta.url and __dirname mean the same in both builds: workers and data files are found beside the code.
  shims: true,
  splitting: true,
} satisfies Options;

/** Where there is a file `x.browser.ts` beside `x.ts`, it stands for it in the browser's build. */
const browserFiles = filesFor(".browser.ts");
/** `x.page.ts` stands for `x.ts` in geopivot/browser alone: for what a page with saved cubes does without. */
const pageFiles = filesFor(".page.ts");

const browser = {
  target: "es2022",
  platform: "browser",
  dts: false,
  clean: false,
  noExternal: ["d3-geo-voronoi", "fflate"],
  esbuildPlugins: [browserFiles],
} satisfies Options;

const page = { ...browser, esbuildPlugins: [pageFiles, browserFiles] } satisfies Options;

/** Modules that bundlers can leave out with the libraries that they import, because each has a file of its own. */
const apart = [...modulesIn("grid"), "detect/regional/countOutages"].map(
  (path) => [`browser/${path}`, `src/${path}.ts`] as const,
);
const pageParts = ["cube/cube", "detect/detect", "pivot/pivot", "pivot/compare/compare", "grid/distance"].map(
  (path) => [`page/${path}`, `src/${path}.ts`] as const,
);

const entries = {
  index: "src/index.ts",
  spatial: "src/spatial.ts",
  report: "src/report/index.ts",
  simulate: "src/simulate/index.ts",
  triage: "src/triage/index.ts",
  steer: "src/steer/index.ts",
  monitor: "src/monitor/index.ts",
  clickhouse: "src/engine/clickhouse/index.ts",
  duckdb: "src/engine/duckdb/index.ts",
};

const commandLine = {
  ...shared,
  format: ["esm"],
  entry: { ...entries, cli: "src/cli/main.ts" },
  dts: false,
  clean: true,
} satisfies Options;

const workers = {
  ...shared,
  entry: { readWorker: "src/read/parallel/readWorker.ts", cubeWorker: "src/cube/parallel/cubeWorker.ts" },
  format: ["cjs"],
  // A thread starts sooner from one file, and CommonJS that is split is rewritten for engines of long ago.
  splitting: false,
  dts: false,
  clean: false,
} satisfies Options;

const all: Options[] = [
  commandLine,
  { ...shared, format: ["cjs"], entry: entries, dts: false, clean: false },
  {
    ...shared,
    format: ["esm", "cjs"],
    entry: { ...entries, browser: "src/browser.ts" },
    dts: { only: true },
    clean: false,
  },
  workers,
  {
    ...browser,
    entry: { "browser/spatial": "src/spatial.ts", ...Object.fromEntries(apart) },
    format: ["esm"],
    splitting: true,
  },
  { ...page, entry: { browser: "src/browser.ts", ...Object.fromEntries(pageParts) }, format: ["esm"], splitting: true },
  { ...page, entry: { browser: "src/browser.ts" }, format: ["cjs"], splitting: false },
];

// `--env.PART command` builds what the command line runs, and nothing else: a demo is not to wait for types.
export default defineConfig(({ env }) => (env?.PART === "command" ? [commandLine, workers] : all));

/** A plugin by which a file with an ending stands for the one without. */
function filesFor(ending: string): EsbuildPlugin {
  return {
    name: `files${ending}`,
    setup(build) {
      build.onResolve({ filter: /^\.{1,2}\/.*\.js$/ }, ({ path, resolveDir, importer }) => {
        const file = join(resolveDir, path).replace(/\.js$/, ending);
        return existsSync(file) && !importer.endsWith(ending) ? { path: file } : undefined;
      });
    },
  };
}

/** Paths of the modules of a room, within src and without ending. */
function modulesIn(room: string): string[] {
  return readdirSync(`src/${room}`, { recursive: true, encoding: "utf8" })
    .filter((path) => /^[^.]+\.ts$/.test(path))
    .map((path) => `${room}/${path.slice(0, -".ts".length)}`);
}
