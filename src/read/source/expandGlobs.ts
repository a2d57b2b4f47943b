import { existsSync } from "node:fs";
import { readError } from "../errors.js";
import type { LogSource } from "./openSource.js";

/**
 * Sources with their patterns replaced by the files that match, sorted so that rotated logs come oldest first
 * (`access.log.2.gz` before `access.log.1`, before `access.log`). A path that exists is never a pattern.
 *
 * @throws `file-not-found` if a pattern matches nothing
 */
export async function expandGlobs(sources: readonly LogSource[]): Promise<readonly LogSource[]> {
  const expanded: LogSource[] = [];
  for (const source of sources) {
    // Without a special character it is no pattern, and the library that knows patterns need not be loaded.
    if (typeof source !== "string" || !/[!()*+?@[\]{}]/.test(source) || existsSync(source)) expanded.push(source);
    else {
      const { glob, isDynamicPattern } = await import("tinyglobby");
      if (!isDynamicPattern(source)) {
        expanded.push(source);
        continue;
      }
      const files = await glob(source.replaceAll("\\", "/"), { onlyFiles: true, dot: true, expandDirectories: false });
      if (files.length === 0) throw readError("file-not-found", { file: source });
      expanded.push(...files.sort(byRotation));
    }
  }
  return expanded;
}

function byRotation(a: string, b: string): number {
  const [nameA, numberA] = rotation(a);
  const [nameB, numberB] = rotation(b);
  if (nameA !== nameB) return nameA < nameB ? -1 : 1;
  return numberB - numberA || (a < b ? -1 : 1);
}

/** A rotated log's name without its number, and the number; 0 for the one that is being written. */
function rotation(path: string): [string, number] {
  const match = /^(.*?)(?:\.(\d{1,4}))?(?:\.(?:gz|zst|bz2|br))?$/.exec(path)!;
  return [match[1]!, Number(match[2] ?? 0)];
}
