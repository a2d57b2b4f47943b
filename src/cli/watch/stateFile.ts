import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { fileErrorReason } from "../output/fileErrorReason.js";

/**
 * A small JSON document that survives: written whole or not at all, the latest wins. What cannot be written is said once,
 * counted, and tried again with the next.
 */
export class StateFile {
  readonly path: string | undefined;
  /** Writes that failed. */
  failures = 0;
  readonly #warn: (text: string) => void;
  #next: unknown;
  #writing: Promise<void> | undefined;
  #isFailing = false;

  /** @param path - undefined where nothing is kept */
  constructor(path: string | undefined, warn: (text: string) => void) {
    this.path = path;
    this.#warn = warn;
  }

  /**
   * What was written last; undefined where there is nothing. A document that `check` throws at is kept beside under another
   * name, and said.
   */
  async read<T>(check: (value: unknown) => T): Promise<T | undefined> {
    if (this.path === undefined) return undefined;
    let text: string;
    try {
      text = await readFile(this.path, "utf8");
    } catch (error) {
      if (!["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? ""))
        this.#warn(`${this.path} cannot be read: ${fileErrorReason(error) ?? String(error)}`);
      return undefined;
    }
    try {
      return check(JSON.parse(text));
    } catch (error) {
      const aside = `${this.path}.damaged`;
      await rename(this.path, aside).catch(() => undefined);
      this.#warn(`${this.path} was not taken (${(error as Error).message}); it is kept as ${aside}`);
      return undefined;
    }
  }

  /** Writes a value, unless a later one comes before; resolves when it, or the later one, is on the disk or has failed. */
  write(value: unknown): Promise<void> {
    if (this.path === undefined) return Promise.resolve();
    this.#next = value;
    if (this.#writing !== undefined) return this.#writing.then(() => this.#writing);
    this.#writing = this.#writeAll(this.path).finally(() => {
      this.#writing = undefined;
    });
    return this.#writing;
  }

  async #writeAll(path: string): Promise<void> {
    while (this.#next !== undefined) {
      const value = this.#next;
      this.#next = undefined;
      try {
        await replaceFile(path, JSON.stringify(value));
        this.#isFailing = false;
      } catch (error) {
        this.failures++;
        if (!this.#isFailing) this.#warn(`${path} cannot be written: ${fileErrorReason(error) ?? String(error)}`);
        this.#isFailing = true;
      }
    }
  }
}

async function replaceFile(path: string, text: string): Promise<void> {
  const partial = `${path}.part`;
  try {
    await writeFile(partial, text, { mode: 0o600, flush: true });
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true }).catch(() => undefined);
    throw error;
  }
}
