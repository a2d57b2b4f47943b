import { existsSync } from "node:fs";

/**
 * Where the compiled code of a thread is: beside this in the package, in `dist/` for who runs the sources; undefined if
 * unbuilt.
 */
export function workerUrl(file: string): URL | undefined {
  return [new URL(`./${file}`, import.meta.url), new URL(`../../../dist/${file}`, import.meta.url)].find((url) =>
    existsSync(url),
  );
}
