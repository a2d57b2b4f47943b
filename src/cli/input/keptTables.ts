import { createHash } from "node:crypto";
import { mkdir, open, readdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import type { CompiledDatabases } from "../../locate/openLocator.js";

/** So much is kept at the most: the tables used longest ago go first. */
const MOST_BYTES = 512 * 1024 * 1024;
/** The end of an .mmdb file tells when it was built, and one that was written over changes there. */
const TAIL_BYTES = 64 * 1024;
/** What was left half written so long ago is nobody's any more. */
const ABANDONED_MS = 3_600_000;
/** Changes when tables are compiled another way, so that older ones are made anew. */
const VERSION = 1;

/** What is kept of some databases: the table of those that were compiled, and those that were not. */
interface Manifest {
  readonly table: string;
  readonly bytes: number;
  readonly deferred: readonly string[];
}

/**
 * Databases as they were compiled before, in the user's cache folder, so that the next command need not compile them.
 *
 * They are found by the path, size, time of change and last bytes of each database. Nothing here ever fails a command: where
 * a folder cannot be read or written, databases are compiled as if there were no cache.
 */
export class KeptTables {
  readonly #folder: string;
  readonly #mostBytes: number;

  constructor(folder: string, mostBytes = MOST_BYTES) {
    this.#folder = folder;
    this.#mostBytes = mostBytes;
  }

  /**
   * What to open in place of databases; undefined where they are to be compiled.
   *
   * @param key - {@link keyOf} them, where it is known
   */
  async find(databases: readonly string[], key?: string): Promise<readonly string[] | undefined> {
    try {
      const manifest = JSON.parse(await readFile(this.#manifest(key ?? (await keyOf(databases))), "utf8")) as Manifest;
      const table = join(this.#folder, manifest.table);
      if ((await stat(table)).size !== manifest.bytes) return undefined;
      const now = new Date();
      await utimes(table, now, now).catch(() => undefined); // a folder that is for reading only
      return [table, ...databases.filter((path) => manifest.deferred.includes(path))];
    } catch {
      return undefined;
    }
  }

  /** Forgets what is kept of databases, because it turned out to be damaged. */
  async forget(databases: readonly string[]): Promise<void> {
    await rm(this.#manifest(await keyOf(databases)), { force: true }).catch(() => undefined);
  }

  /**
   * Keeps databases as they were compiled; returns the bytes that it took, 0 where nothing could be kept.
   *
   * @param key - of the databases before they were opened, by {@link keyOf}: what has changed since is not kept
   */
  async keep(key: string, databases: readonly string[], { deferred, save }: CompiledDatabases): Promise<number> {
    if (deferred.length === databases.length) return 0;
    const table = `${key}.table`;
    try {
      await mkdir(this.#folder, { recursive: true, mode: 0o700 });
      await save(join(this.#folder, table));
      const bytes = (await stat(join(this.#folder, table))).size;
      if (bytes > this.#mostBytes || (await keyOf(databases)) !== key) {
        await rm(join(this.#folder, table), { force: true });
        return 0;
      }
      const manifest = this.#manifest(key);
      const temporary = `${manifest}.${process.pid}.tmp`;
      await writeFile(temporary, JSON.stringify({ table, bytes, deferred } satisfies Manifest));
      await rename(temporary, manifest);
      await this.#tidy(key);
      return bytes;
    } catch {
      return 0;
    }
  }

  /** Removes the tables used longest ago until what is left fits, and what was left half written. */
  async #tidy(newest: string): Promise<void> {
    const files = await Promise.all(
      (await readdir(this.#folder)).map(async (name) => {
        const { size, mtimeMs } = await stat(join(this.#folder, name));
        return { name, size, mtimeMs };
      }),
    );
    const tables = files.filter(({ name }) => name.endsWith(".table")).sort((a, b) => b.mtimeMs - a.mtimeMs);
    let kept = 0;
    for (const { name, size } of tables) {
      kept += size;
      if (kept <= this.#mostBytes || name === `${newest}.table`) continue;
      for (const gone of [name, name.replace(/table$/, "json")]) await rm(join(this.#folder, gone), { force: true });
    }
    for (const { name, mtimeMs } of files)
      if (name.endsWith(".tmp") && mtimeMs < Date.now() - ABANDONED_MS) await rm(join(this.#folder, name));
  }

  #manifest(key: string): string {
    return join(this.#folder, `${key}.json`);
  }
}

/** A name for databases as they are now. Throws what reading them throws. */
export async function keyOf(databases: readonly string[]): Promise<string> {
  const hash = createHash("sha256").update(`${VERSION}\n`);
  for (const path of databases) {
    const file = await open(path, "r");
    try {
      const { size, mtimeMs } = await file.stat();
      const tail = Buffer.alloc(Math.min(size, TAIL_BYTES));
      await file.read(tail, 0, tail.length, size - tail.length);
      hash.update(`${path}\0${resolve(path)}\0${size}\0${mtimeMs}\n`).update(tail);
    } finally {
      await file.close();
    }
  }
  return hash.digest("hex").slice(0, 32);
}

/** The folder for what can be made anew: `$XDG_CACHE_HOME/geopivot`, else `~/.cache/geopivot`. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  const base = env.XDG_CACHE_HOME;
  return join(base?.startsWith("/") ? base : join(homedir(), ".cache"), "geopivot");
}
