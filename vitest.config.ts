import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

// `npm test` runs test/**; what takes minutes is named *.slow.test.ts and runs with `npm run test:slow`.
export default defineConfig({
  // The examples import the package by its name.
  resolve: {
    alias: [
      { find: /^geopivot$/, replacement: fileURLToPath(new URL("src/index.ts", import.meta.url)) },
      { find: /^geopivot\/spatial$/, replacement: fileURLToPath(new URL("src/spatial.ts", import.meta.url)) },
      { find: /^geopivot\/report$/, replacement: fileURLToPath(new URL("src/report/index.ts", import.meta.url)) },
    ],
  },
  test: {
    include: process.env.GEOPIVOT_SLOW ? ["test/**/*.slow.test.ts"] : ["test/**/*.test.ts"],
    exclude: process.env.GEOPIVOT_SLOW ? ["node_modules/**"] : ["node_modules/**", "test/**/*.slow.test.ts"],
    testTimeout: process.env.GEOPIVOT_SLOW ? 1_800_000 : 120_000,
    hookTimeout: 120_000,
    pool: "forks",
  },
});
