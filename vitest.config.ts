import { defineConfig } from "vitest/config";

// `npm test` runs test/**; what takes minutes is named *.slow.test.ts and runs with `npm run test:slow`.
export default defineConfig({
  test: {
    include: process.env.GEOPIVOT_SLOW ? ["test/**/*.slow.test.ts"] : ["test/**/*.test.ts"],
    exclude: process.env.GEOPIVOT_SLOW ? ["node_modules/**"] : ["node_modules/**", "test/**/*.slow.test.ts"],
    testTimeout: process.env.GEOPIVOT_SLOW ? 1_800_000 : 120_000,
    hookTimeout: 120_000,
    pool: "forks",
  },
});
