import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = new URL("../../../shared/data/", import.meta.url);

/** Path of a file of reference data that lies beside the project, not in it. */
export function sharedData(path: string): string {
  return fileURLToPath(new URL(path, root));
}

/** Tells whether the reference data is there; `test.skipIf(!hasSharedData("h3"))` says that it is not. */
export function hasSharedData(path = "."): boolean {
  return existsSync(new URL(path, root));
}
