import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A runtime of JavaScript: how it runs a file, or why it is not there. */
export interface Runtime {
  readonly name: string;
  /** The program and its arguments before the file; undefined where it is not there. */
  readonly run?: readonly string[];
  /** How it installs what package.json names, where it has a way of its own. */
  readonly install?: readonly string[];
}

/** The Node that runs this, and those, Bun and Deno out of npm, each in a folder of its own below `folder`. */
export function runtimes(folder: string): Runtime[] {
  const own: Runtime = { name: `node ${process.versions.node}`, run: [process.execPath] };
  return [own, ...["20", "22", "24"].map((major) => node(folder, major)), bun(folder), deno(folder)].filter(
    ({ name }, at) => at === 0 || !own.name.startsWith(`${name}.`),
  );
}

function node(folder: string, major: string): Runtime {
  const path = program(join(folder, `node${major}`), `node@${major}`, "node");
  return { name: `node ${major}`, ...(path && { run: [path] }) };
}

function bun(folder: string): Runtime {
  const path = program(join(folder, "bun"), "bun", "bun");
  return { name: "bun", ...(path && { run: [path], install: [path, "install"] }) };
}

function deno(folder: string): Runtime {
  const path = program(join(folder, "deno"), "deno", "deno");
  // Deno installs from registries alone, not from a packed file: it runs what npm has installed.
  return { name: "deno", ...(path && { run: [path, "run", "-A", "--node-modules-dir=manual"] }) };
}

/** A program out of a package of npm's, installed if it is not there; undefined where it cannot be had. */
function program(folder: string, packageName: string, name: string): string | undefined {
  const path = join(folder, "node_modules", ".bin", name);
  if (!existsSync(path)) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "package.json"), '{ "private": true }\n');
    // Their programs come by scripts that newer npms ask about.
    const args = ["install", "--no-audit", "--no-fund", "--no-save", packageName];
    spawnSync("npm", args, { cwd: folder, encoding: "utf8", timeout: 180_000 });
  }
  return spawnSync(path, ["--version"]).status === 0 ? path : undefined;
}
