import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from "node:fs";
import { appendFile, open, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { monitorError } from "../errors.js";
import { frame, unframed } from "./frame.js";
import { packState, unpackState } from "./packState.js";

/** "GPMON" and the version of what follows. */
const MAGIC = [0x47, 0x50, 0x4d, 0x4f, 0x4e, 0, 0] as const;
export const STATE_VERSION = 2;
const HEAD_BYTES = MAGIC.length + 1;

/**
 * The kinds of files: a snapshot of the detectors, the journal of what came after it, the buckets that had closed before it
 * since the one before, and what was known of users then.
 */
export type StateFileKind = "snapshot" | "journal" | "buckets" | "users";

/** A folder of state: files of a kind with ascending numbers, each whole or not there. */
export class StateStore {
  readonly dir: string;
  #queue: Promise<unknown> = Promise.resolve();

  /** Throws what making the folder throws. */
  constructor(dir: string) {
    this.dir = dir;
    mkdirSync(dir, { recursive: true });
  }

  /** The numbers of the files of a kind, ascending. */
  numbers(kind: StateFileKind): number[] {
    const pattern = new RegExp(`^${kind}-(\\d+)\\.gpm$`);
    return readdirSync(this.dir)
      .flatMap((name) => pattern.exec(name)?.[1] ?? [])
      .map(Number)
      .sort((a, b) => a - b);
  }

  path(kind: StateFileKind, number: number): string {
    return join(this.dir, `${kind}-${String(number).padStart(8, "0")}.gpm`);
  }

  /**
   * The pieces of a file, unpacked one at a time; none where there is no such file.
   *
   * Throws `bad-monitor-state` for what is damaged or of a version that is not known.
   */
  *read(kind: StateFileKind, number: number): Generator<{ readonly version: number; readonly value: unknown }> {
    const file = this.path(kind, number);
    if (!existsSync(file)) return;
    const bytes = readFileSync(file);
    // A crash may have cut a journal short before anything was in it.
    if (kind === "journal" && bytes.length < HEAD_BYTES) return;
    if (bytes.length < HEAD_BYTES || MAGIC.some((byte, i) => bytes[i] !== byte))
      throw monitorError("bad-monitor-state", { file, why: "it is no state of a monitor" });
    const version = bytes[MAGIC.length]!;
    if (version < 1 || version > STATE_VERSION)
      throw monitorError("bad-monitor-state", {
        file,
        why: `it is of version ${version}, and this reads versions 1 to ${STATE_VERSION}`,
      });
    for (const piece of unframed(bytes, HEAD_BYTES, file)) yield { version, value: unpackState(piece, file) };
  }

  /** Writes a file of pieces: beside the others until it is whole, and on the disk before it takes its name. */
  write(kind: StateFileKind, number: number, pieces: readonly Uint8Array[]): Promise<void> {
    return this.#then(async () => {
      const file = this.path(kind, number);
      const beside = `${file}.new`;
      const handle = await open(beside, "w");
      try {
        await handle.write(header());
        for (const piece of pieces) await handle.write(await frame(piece));
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(beside, file);
    });
  }

  /** Adds a piece to a file; resolves to its bytes when it is written. */
  append(kind: StateFileKind, number: number, value: unknown): Promise<number> {
    const framed = frame(packState(value));
    framed.catch(() => {});
    return this.#then(async () => {
      const file = this.path(kind, number);
      const piece = await framed;
      if (!existsSync(file)) await appendFile(file, header());
      await appendFile(file, piece);
      return piece.length;
    });
  }

  /** Removes the files of a kind with numbers below one. */
  dropBefore(kind: StateFileKind, number: number): Promise<void> {
    return this.#then(async () => {
      for (const old of this.numbers(kind)) if (old < number) await rm(this.path(kind, old), { force: true });
    });
  }

  /** Puts all files aside, for somebody to look at; where that fails, they stay and are not read. */
  setAside(): void {
    const stamp =
      Math.max(0, ...readdirSync(this.dir).map((name) => Number(/^refused-(\d+)$/.exec(name)?.[1] ?? 0))) + 1;
    const aside = join(this.dir, `refused-${stamp}`);
    mkdirSync(aside, { recursive: true });
    for (const name of readdirSync(this.dir))
      if (name.endsWith(".gpm")) renameSync(join(this.dir, name), join(aside, name));
  }

  /** Resolves once all that was asked for is written. */
  async settled(): Promise<void> {
    await this.#queue;
  }

  /** One thing after the other, whatever became of the one before. */
  #then<T>(task: () => Promise<T>): Promise<T> {
    const done = this.#queue.then(task, task);
    this.#queue = done.catch(() => {});
    return done;
  }
}

function header(): Uint8Array {
  return Uint8Array.of(...MAGIC, STATE_VERSION);
}
