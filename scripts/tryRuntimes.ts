/**
 * Tries the packed package as a new user has it: in a fresh project, on Node 20, 22, 24, Bun and Deno, in TypeScript, in
 * bundles for a Lambda and for a browser. Run after `npm run build`; prints a line a trial and ends with 1 if one failed.
 *
 *     npx tsx scripts/tryRuntimes.ts [FOLDER]
 *
 * FOLDER keeps the runtimes for the next time; they come from npm. What cannot be had is skipped, and said.
 */
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { browserKb, bundleByEsbuild, bundleByRollup } from "./runtimes/bundles.js";
import { lambdaEvent, SETTINGS, tsconfig, writeProject } from "./runtimes/freshProject.js";
import { type Runtime, runtimes } from "./runtimes/runtimes.js";

const MAX_PACKAGES = 40;
const MAX_UNPACKED = 6_000_000;

const folder = mkdtempSync(join(tmpdir(), "geopivot-runtimes-"));
const kept = resolve(process.argv[2] ?? join(folder, "runtimes"));
let failed = 0;

/** One trial: its line is "ok", "FAILED" or "skipped", its name, and what came of it. */
async function trial(name: string, run: () => string | undefined | Promise<string | undefined>): Promise<void> {
  const sinceMs = Date.now();
  const tell = (word: string, what: string): void => {
    const seconds = ((Date.now() - sinceMs) / 1000).toFixed(1);
    console.log(`${word.padEnd(8)}${name}${what && `: ${what}`} (${seconds} s)`);
  };
  try {
    const said = await run();
    if (said?.startsWith("skipped: ")) tell("skipped", said.slice("skipped: ".length));
    else tell("ok", said ?? "");
  } catch (error) {
    failed++;
    const { message, stdout = "", stderr = "" } = error as Error & { stdout?: string; stderr?: string };
    tell("FAILED", `${message}\n${stdout}\n${stderr}`.trim().slice(0, 3000));
  }
}

function run(command: readonly string[], cwd: string, env: Readonly<Record<string, string>> = {}): string {
  const [program, ...args] = command;
  const options = { cwd, encoding: "utf8", timeout: 300_000, stdio: "pipe", maxBuffer: 2 ** 28 } as const;
  return execFileSync(program!, args, { ...options, env: { ...process.env, GEOPIVOT_DB: "", ...env } });
}

function expect(holds: boolean, otherwise: string): void {
  if (!holds) throw new Error(otherwise);
}

/** Packs the package and installs it by npm into a project. */
async function install(project: string): Promise<void> {
  const [packed] = JSON.parse(run(["npm", "pack", "--json", "--pack-destination", folder], ".")) as {
    readonly filename: string;
    readonly unpackedSize: number;
  }[];
  await trial("size", () => {
    expect(packed!.unpackedSize <= MAX_UNPACKED, `${packed!.unpackedSize} bytes, more than ${MAX_UNPACKED}`);
    return `${packed!.unpackedSize} bytes unpacked`;
  });
  writeProject(project, join(folder, packed!.filename));
  await trial("npm install", () => {
    run(["npm", "install", "--omit=dev", "--no-audit", "--no-fund"], project);
    const lock = readFileSync(join(project, "node_modules/.package-lock.json"), "utf8");
    const count = Object.keys((JSON.parse(lock) as { packages: object }).packages).length;
    expect(count <= MAX_PACKAGES, `${count} packages, more than ${MAX_PACKAGES}`);
    return `${count} packages`;
  });
}

async function tryRuntime({ name, run: command, install }: Runtime, project: string, bundles: string[]): Promise<void> {
  if (command === undefined) return trial(name, () => "skipped: it is not there and npm does not give it");
  let own = project;
  if (install !== undefined) {
    own = join(folder, name);
    writeProject(own, join(project, "geopivot.tgz"));
    await trial(`${name}, install`, () => void run(install, own));
  }
  for (const file of ["esm.mjs", "cjs.cjs"])
    await trial(`${name}, ${file}`, () => {
      const said = run([...command, file], own).trim();
      expect(/^\d+ 871$/.test(said), `it said ${said}`);
      return said;
    });
  await trial(`${name}, geopivot demo`, () => {
    const out = join(folder, `demo of ${name}`);
    const said = run([...command, join("node_modules/geopivot/dist/cli.js"), "demo", "--out", out], own);
    const { findings } = JSON.parse(readFileSync(join(out, "findings.json"), "utf8")) as { findings: object[] };
    expect(findings.length === 7 && said.includes("The map:"), `${findings.length} findings:\n${said}`);
    expect(readFileSync(join(out, "report.html"), "utf8").trimEnd().endsWith("</html>"), "no whole report.html");
    return `${findings.length} findings`;
  });
  for (const file of bundles)
    await trial(`${name}, Lambda of ${file}`, () => {
      const said = run([...command, "run.cjs", `./${file}`], join(folder, "task"))
        .trim()
        .split("\n");
      const { titles, page } = JSON.parse(said.at(-1)!) as { titles: string[]; page: number };
      expect(titles.join().includes("Brazil") && page > 100_000, said.join("\n"));
      return titles.join();
    });
}

async function main(): Promise<void> {
  const project = join(folder, "project");
  await install(project);
  const tsc = resolve("node_modules/typescript/bin/tsc");
  for (const name of Object.keys(SETTINGS) as (keyof typeof SETTINGS)[])
    await trial(`tsc, ${name}`, () => {
      writeFileSync(join(project, "tsconfig.json"), JSON.stringify(tsconfig(name)));
      return run([process.execPath, tsc, "-p", "."], project);
    });
  const sizes = [
    ["export { greatCircleKm } from 'geopivot/spatial'", 5],
    ["export { greatCircleKm } from 'geopivot/browser'", 5],
    ["export * from 'geopivot/browser'", 150],
  ] as const;
  for (const [code, limit] of sizes)
    await trial(`a page's ${code}`, async () => {
      const kb = await browserKb(project, code);
      expect(kb <= limit, `${kb} kB, more than ${limit}`);
      return `${kb.toFixed(1)} kB`;
    });

  // Where the Lambda runs, no package is: the bundle, and the report's page beside it.
  const task = join(folder, "task");
  mkdirSync(task);
  cpSync(join(project, "node_modules/geopivot/dist/reportPage.json"), join(task, "reportPage.json"));
  cpSync(join(project, "run.cjs"), join(task, "run.cjs"));
  writeFileSync(join(task, "event.json"), lambdaEvent());
  const bundles: string[] = [];
  await trial("esbuild of the Lambda", async () => void bundles.push(...(await bundleByEsbuild(project, task))));
  await trial("rollup of the Lambda", () => {
    const files = bundleByRollup(project, task, join(kept, "rollup"));
    bundles.push(...files);
    return files.length > 0 ? undefined : "skipped: npm does not give it";
  });
  for (const runtime of runtimes(kept)) await tryRuntime(runtime, project, bundles);
}

try {
  await main();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(failed === 0 ? "all held" : `${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
