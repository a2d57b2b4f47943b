/**
 * Shortens what tsup has built: the package is to stay small, and names that nobody sees from outside are a tenth of it.
 * tsup splits CommonJS by a tool that cannot read short code, so this comes after it.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { transformSync } from "esbuild";

const files = readdirSync("dist", { recursive: true, encoding: "utf8" }).filter((file) => /\.c?js$/.test(file));
for (const file of files.map((name) => join("dist", name))) {
  const { code } = transformSync(readFileSync(file, "utf8"), { minify: true, platform: "node", target: "node20" });
  writeFileSync(file, code);
}
