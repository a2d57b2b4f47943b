import { existsSync } from "node:fs";

/**
 * Where the compiled code of a thread is: beside this in the package, in `dist/` for who runs the sources; undefined if
 * unbuilt, and in a bundle that does not say where it lies: one thread reads there.
 */
export function workerUrl(file: string): URL | undefined {
  const here: string | undefined = import.meta.url; // esbuild leaves it out of CommonJS
  if (!here) return undefined;
  return [new URL(`./${file}`, here), new URL(`../../../dist/${file}`, here)].find((url) => existsSync(url));
}
