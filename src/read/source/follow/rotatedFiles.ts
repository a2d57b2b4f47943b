import { readdir, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { beginsLike, type FileIdentity, isAt } from "./fileIdentity.js";

/** A file that a log was rotated to. */
export interface RotatedFile {
  readonly path: string;
  readonly changedMs: number;
}

/** What rotation puts behind a name: `.1`, `-20260302`, `.2026-03-02T10.gz` … */
const SUFFIX = /^[.\-_]\d[\d.\-_:T]*(\.?(gz|zst|bz2|br))?$/;

/** The files that a log was rotated to, the one that was written to longest ago first. */
export async function rotatedFiles(path: string): Promise<RotatedFile[]> {
  const base = basename(path);
  const names = await readdir(dirname(path)).catch(() => []);
  const files: RotatedFile[] = [];
  for (const name of names) {
    if (!name.startsWith(base) || !SUFFIX.test(name.slice(base.length))) continue;
    const at = join(dirname(path), name);
    const info = await stat(at).catch(() => undefined);
    if (info?.isFile() === true) files.push({ path: at, changedMs: info.mtimeMs });
  }
  return files.sort((a, b) => a.changedMs - b.changedMs || compareRotations(a.path, b.path));
}

/** Where a file is now: under the log's own name, or one that it was rotated to; undefined if it is gone. */
export async function findFile(path: string, identity: FileIdentity): Promise<string | undefined> {
  const paths = [path, ...(await rotatedFiles(path)).map((file) => file.path).reverse()];
  // A number of a file may be given to another once it is gone: what it begins with counts.
  for (const one of paths) if ((await isAt(one, identity)) && (await beginsLike(one, identity))) return one;
  for (const one of paths) if (await beginsLike(one, identity)) return one;
  return undefined;
}

/** Files that a log was rotated to after the file with an identity had its last line, the oldest first. */
export async function filesAfter(path: string, identity: FileIdentity, changedMs: number): Promise<string[]> {
  const later: string[] = [];
  for (const file of await rotatedFiles(path)) {
    if (file.changedMs < changedMs) continue;
    if ((await isAt(file.path, identity)) || (await beginsLike(file.path, identity))) continue;
    later.push(file.path);
  }
  return later;
}

/** `log.2` is older than `log.1`, `log-20260301` older than `log-20260302`. */
function compareRotations(a: string, b: string): number {
  const [first, second] = [a, b].map((path) => Number(/\.(\d{1,4})(\.\w+)?$/.exec(path)?.[1] ?? Number.NaN)) as [
    number,
    number,
  ];
  if (Number.isNaN(first) || Number.isNaN(second)) return a < b ? -1 : 1;
  return second - first;
}
