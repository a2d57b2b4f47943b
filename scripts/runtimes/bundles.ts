import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

/** Optional peers are asked for by import() where they are used. */
const EXTERNAL = ["@clickhouse/client", "@duckdb/node-api", "@opentelemetry/api", "ip2location-nodejs"];
/** CommonJS inside an ES module asks for Node's modules by this. */
const REQUIRE =
  'import { createRequire as requireFor } from "node:module"; const require = requireFor(import.meta.url);';

/** Bundles the project's Lambda by esbuild as CommonJS and ES module into a folder; gives the files. */
export async function bundleByEsbuild(project: string, out: string): Promise<string[]> {
  for (const [format, file] of [
    ["cjs", "esbuild.cjs"],
    ["esm", "esbuild.mjs"],
  ] as const)
    await build({
      entryPoints: [join(project, "handler.mjs")],
      ...{ bundle: true, platform: "node", target: "node20", format, outfile: join(out, file), external: EXTERNAL },
      ...{ logLevel: "silent", ...(format === "esm" && { banner: { js: REQUIRE } }), tsconfigRaw: {} },
    });
  return ["esbuild.cjs", "esbuild.mjs"];
}

/** The same by rollup, which is installed into `tools`; none where it cannot be had. */
export function bundleByRollup(project: string, out: string, tools: string): string[] {
  mkdirSync(tools, { recursive: true });
  writeFileSync(join(tools, "package.json"), '{ "private": true, "type": "module" }\n');
  const plugins = ["node-resolve", "commonjs", "json"].map((name) => `@rollup/plugin-${name}`);
  const args = ["install", "--no-audit", "--no-fund", "--no-save", "rollup", ...plugins];
  if (spawnSync("npm", args, { cwd: tools, timeout: 120_000 }).status !== 0) return [];
  const code = `import { rollup } from "rollup";
import resolve from "@rollup/plugin-node-resolve"; import commonjs from "@rollup/plugin-commonjs"; import json from "@rollup/plugin-json";
const [input, out] = process.argv.slice(2);
const plugins = [resolve({ preferBuiltins: true, exportConditions: ["node"] }), commonjs(), json()];
const bundle = await rollup({ input, plugins, external: ${JSON.stringify(EXTERNAL)}, logLevel: "silent" });
for (const [format, file] of [["cjs", "rollup.cjs"], ["es", "rollup.mjs"]])
  await bundle.write({ file: out + "/" + file, format, inlineDynamicImports: true, exports: "named" });
`;
  writeFileSync(join(tools, "rollup.js"), code);
  execFileSync(process.execPath, ["rollup.js", join(project, "handler.mjs"), out], { cwd: tools, stdio: "pipe" });
  return ["rollup.cjs", "rollup.mjs"];
}

/** Kilobytes, zipped, of a browser's bundle of some code; throws where a module of Node's is in it. */
export async function browserKb(project: string, contents: string): Promise<number> {
  const { outputFiles, metafile } = await build({
    stdin: { contents, resolveDir: project },
    ...{ bundle: true, minify: true, write: false, metafile: true, platform: "browser", format: "esm" },
    ...{ tsconfigRaw: {}, logLevel: "silent" },
  });
  const left = Object.values(metafile.outputs).flatMap(({ imports }) => imports.map(({ path }) => path));
  if (left.length > 0) throw new Error(`a page would ask for ${left.join(", ")}`);
  return gzipSync(outputFiles[0]!.text, { level: 9 }).length / 1000;
}
