import { defineConfig } from "tsup";

const shared = {
  format: ["esm", "cjs"] as ("esm" | "cjs")[],
  target: "node20",
  sourcemap: true,
  // import.meta.url and __dirname mean the same in both builds: workers and data files are found beside the code.
  shims: true,
  splitting: true,
};

export default defineConfig([
  {
    ...shared,
    entry: { index: "src/index.ts", report: "src/report/index.ts", simulate: "src/simulate/index.ts" },
    dts: true,
    clean: true,
  },
  {
    ...shared,
    entry: { readWorker: "src/read/parallel/readWorker.ts", cubeWorker: "src/cube/parallel/cubeWorker.ts" },
    format: ["cjs"],
    // A thread starts sooner from one file, and CommonJS that is split is rewritten for engines of long ago.
    splitting: false,
    dts: false,
    clean: false,
  },
  {
    ...shared,
    entry: { cli: "src/cli/main.ts" },
    format: ["esm"],
    dts: false,
    clean: false,
    banner: { js: "#!/usr/bin/env node" },
  },
]);
