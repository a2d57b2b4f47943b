import { mkdirSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";

/** Writes a bench's results beside what it ran on to bench/results/NAME.json, which is not kept in the repository. */
export function saveResults(name: string, results: object): void {
  const folder = new URL("../results/", import.meta.url);
  mkdirSync(folder, { recursive: true });
  const machine = { cpu: cpus()[0]?.model ?? "unknown", node: process.version };
  writeFileSync(new URL(`${name}.json`, folder), `${JSON.stringify({ ...machine, ...results }, null, 2)}\n`);
}
