// npm run bench: every bench of this folder, one after the other, each in a process of its own.
// `npm run bench -- locate read` runs only those; what is no name is passed on: `npm run bench -- read --lines 100000`.
//
// Benches are compiled first and run on Node alone, as programs of users are: under tsx, whose loader detaches memory,
// V8 gives up the assumption that no memory is ever detached, and every loop over typed arrays takes a third longer.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build, type Plugin } from "esbuild";

const folder = fileURLToPath(new URL("./", import.meta.url));
/** Lets a bundled file find what lies beside its source. */
const ownUrls: Plugin = {
  name: "own-urls",
  setup: ({ onLoad }) =>
    onLoad({ filter: /\.ts$/ }, ({ path }) => ({
      contents: readFileSync(path, "utf8").replaceAll("import.meta.url", JSON.stringify(pathToFileURL(path).href)),
      loader: "ts",
    })),
};

const benches = readdirSync(folder)
  .filter((file) => file.endsWith(".bench.ts"))
  .map((file) => file.replace(".bench.ts", ""));
const args = process.argv.slice(2);
const options = args.filter((arg) => !benches.includes(arg));
const names = options.length === args.length ? benches : benches.filter((name) => args.includes(name));
// Inside the folder, so that packages are found from there.
const built = mkdtempSync(join(folder, "build-"));
let failed = 0;
try {
  for (const name of names) {
    console.log(`\n# ${name}`);
    const outfile = join(built, `${name}.mjs`);
    await build({
      ...{ entryPoints: [join(folder, `${name}.bench.ts`)], outfile, bundle: true, packages: "external" },
      ...{ platform: "node", format: "esm", logLevel: "error", plugins: [ownUrls] },
    });
    const { status } = spawnSync(process.execPath, [...process.execArgv.filter(isFlag), outfile, ...options], {
      stdio: "inherit",
    });
    if (status !== 0) failed++;
  }
} finally {
  rmSync(built, { recursive: true });
}
process.exitCode = failed > 0 ? 1 : 0;

/** Flags of Node itself, but not those by which this script is run as TypeScript. */
function isFlag(flag: string): boolean {
  return flag.startsWith("--cpu-prof") || flag.startsWith("--expose-gc") || flag.startsWith("--max-");
}
