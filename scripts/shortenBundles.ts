/**
 * Shortens what tsup has built. In the library's modules, names stay for stack traces; CommonJS, the command line, and a
 * browser's modules, which are bundled and shortened again, lose those that nobody sees from outside. tsup splits CommonJS
 * by a tool that cannot read short code, so this comes after it.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { transformSync } from "esbuild";

const library = reachable(
  readdirSync("dist")
    .filter((file) => /^[a-z]+\.js$/.test(file) && !["cli.js", "browser.js"].includes(file))
    .map((file) => join("dist", file)),
);
const files = readdirSync("dist", { recursive: true, encoding: "utf8" }).filter((file) => /\.c?js$/.test(file));
for (const file of files.map((name) => join("dist", name))) {
  const { code } = transformSync(readFileSync(file, "utf8"), {
    minifyWhitespace: true,
    minifySyntax: true,
    minifyIdentifiers: !library.has(file),
    platform: "node",
    target: "node20",
  });
  writeFileSync(file, code);
}

/** Some modules and all that they import of the build, by whatever way. */
function reachable(entries: readonly string[]): Set<string> {
  const found = new Set<string>();
  const waiting = [...entries];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (found.has(file)) continue;
    found.add(file);
    for (const [, path] of readFileSync(file, "utf8").matchAll(/(?:from|import)\s*\(?["'](\.[^"']+)["']/g))
      waiting.push(join(dirname(file), path!));
  }
  return found;
}
