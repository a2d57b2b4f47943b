import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { expect, test } from "vitest";

const built = existsSync("dist/index.js") && existsSync("dist/reportPage.json");

test.skipIf(!built)("the packed package works in a fresh project on Node 20, 22, 24, Bun and Deno", () => {
  const { status, stdout } = spawnSync("npx", ["tsx", "scripts/tryRuntimes.ts"], { encoding: "utf8" });
  console.log(stdout); // what was skipped is to be seen
  expect(stdout).toContain("all held");
  expect(status).toBe(0);
});
