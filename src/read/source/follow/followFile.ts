import { createReadStream } from "node:fs";
import { type FileHandle, open, stat } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { decompressed, isCompressed } from "../decompress.js";
import { fileError } from "../openSource.js";
import { type FileIdentity, hasSameHead, identityAt, identityOf } from "./fileIdentity.js";
import { type CutLines, LineCutter } from "./lineCutter.js";
import { filesAfter, findFile } from "./rotatedFiles.js";

/** A file of a log, and where in the log its first byte lies: a log is all its files, one behind the other. */
export interface LogFile extends FileIdentity {
  readonly base: number;
}

/** Where to go on: the files of a log that were told, and the offset in the log up to which it was read. */
export interface LogPosition {
  readonly files: readonly LogFile[];
  readonly offset: number;
}

export interface FollowOptions {
  /** Where to begin: with what the file holds, with what is written from now on, or where a reader before stopped. Default "start". */
  readonly from?: "start" | "end" | LogPosition;
  /** How often the file is looked at. Default 250. */
  readonly pollMs?: number;
  /** Ends it; what was read until then was given out. */
  readonly signal?: AbortSignal;
}

/** What following a log tells. */
export type FollowEvent =
  /** Whole lines. */
  | ({ readonly kind: "lines" } & CutLines)
  /** Lines of another file follow, which lies at `path` for now. To be kept before they are, for a {@link LogPosition}. */
  | { readonly kind: "file"; readonly file: LogFile; readonly path: string }
  /** All that there is was told. Told once until there is more. */
  | { readonly kind: "idle" }
  /** What was to follow is gone: rotated away while nobody read it. */
  | { readonly kind: "lost"; readonly offset: number };

/** Of a log that is followed, so little is read at once that a batch of events holds it. */
const READ_BYTES = 1 << 16;

/**
 * The lines of a log as they are written, through rotation by renaming, by copying and truncating, and by compression, with
 * their offsets in the log: what a reader that is restarted goes on from.
 *
 * When the name stands for a new file that has been written to, the old one is read to its end first, then files that came
 * between, then the new one. Where a file was copied and cut off, what had not been read is looked for in the copy. A file
 * that is compressed is read to its end, and is not followed.
 *
 * @throws `file-not-found`, `is-directory`, `not-readable`; of compressed files `truncated-input`, `corrupt-input`
 */
export async function* followFile(path: string, options: FollowOptions = {}): AsyncGenerator<FollowEvent> {
  const { from = "start", pollMs = 250, signal } = options;
  const opened = await openLog(path);
  if (opened.isCompressed) {
    await opened.file.close();
    yield* readWhole(path, 0, new LineCutter(0), signal);
    yield { kind: "idle" };
    return;
  }
  const follower = new Follower(path, opened.file, pollMs, signal);
  try {
    if (typeof from === "object") yield* follower.resume(from);
    else if (from === "end") await follower.skipToEnd();
    yield* follower.follow();
  } finally {
    await follower.close();
  }
}

async function openLog(path: string): Promise<{ file: FileHandle; isCompressed: boolean }> {
  const file = await open(path, "r").catch((cause: NodeJS.ErrnoException) => {
    throw fileError(path, cause);
  });
  const info = await file.stat();
  const head = new Uint8Array(64);
  const bytesRead = info.isFile() ? (await file.read(head, 0, head.length, 0)).bytesRead : 0;
  if (info.isFile()) return { file, isCompressed: isCompressed(head.subarray(0, bytesRead), path) };
  await file.close();
  throw fileError(
    path,
    Object.assign(new Error("no file that can be followed"), { code: info.isDirectory() ? "EISDIR" : "EINVAL" }),
  );
}

/** Reads what is left of a file that nothing is written to any more, from an offset in it. */
async function* readWhole(
  path: string,
  from: number,
  cutter: LineCutter,
  signal?: AbortSignal,
): AsyncGenerator<FollowEvent> {
  const stream = createReadStream(path, { highWaterMark: READ_BYTES }) as AsyncIterable<Uint8Array>;
  let skip = from;
  for await (const chunk of decompressed(stream, path)) {
    for (let at = Math.min(skip, chunk.length); at < chunk.length; at += READ_BYTES) {
      if (signal?.aborted) return;
      const cut = cutter.push(chunk.subarray(at, at + READ_BYTES));
      if (cut !== undefined) yield { kind: "lines", ...cut };
    }
    skip = Math.max(0, skip - chunk.length);
  }
  const last = cutter.flush();
  if (last !== undefined) yield { kind: "lines", ...last };
}

class Follower {
  readonly #path: string;
  readonly #pollMs: number;
  readonly #signal: AbortSignal | undefined;
  #file: FileHandle;
  /** The file as it was told; undefined while nothing of it was. */
  #told: LogFile | undefined;
  #cutter = new LineCutter(0);
  /** How far the open file is read. */
  #position = 0;
  #isIdle = false;

  constructor(path: string, file: FileHandle, pollMs: number, signal: AbortSignal | undefined) {
    this.#path = path;
    this.#file = file;
    this.#pollMs = pollMs;
    this.#signal = signal;
  }

  async close(): Promise<void> {
    await this.#file.close();
  }

  /** Leaves out what is there already, up to the last whole line. */
  async skipToEnd(): Promise<void> {
    this.#position = (await this.#file.stat()).size;
  }

  /** Reads on where a reader before stopped, whatever the file is called by now. */
  async *resume({ files, offset }: LogPosition): AsyncGenerator<FollowEvent> {
    const file = files.findLast(({ base }) => base <= offset);
    if (file === undefined) {
      this.#cutter = new LineCutter(offset);
      return;
    }
    const at = await findFile(this.#path, file);
    if (at === this.#path) {
      this.#told = file;
      this.#position = offset - file.base;
      this.#cutter = new LineCutter(offset);
      return;
    }
    this.#cutter = new LineCutter(offset);
    if (at === undefined) yield { kind: "lost", offset };
    else {
      yield* readWhole(at, offset - file.base, this.#cutter, this.#signal);
      yield* this.#between(file, (await stat(at)).mtimeMs);
    }
  }

  async *follow(): AsyncGenerator<FollowEvent> {
    while (this.#signal?.aborted !== true) {
      const isReplaced = await this.#isReplaced();
      yield* this.#readOn();
      if (this.#signal?.aborted) return;
      if (isReplaced) yield* this.#takeNext();
      else if (await this.#isCutOff()) yield* this.#startAgain();
      else {
        if (!this.#isIdle) yield { kind: "idle" };
        this.#isIdle = true;
        await this.#wait();
      }
    }
  }

  /** Gives out all lines that the open file has by now. */
  async *#readOn(): AsyncGenerator<FollowEvent> {
    for (;;) {
      const bytes = new Uint8Array(READ_BYTES);
      const { bytesRead } = await this.#file.read(bytes, 0, READ_BYTES, this.#position);
      if (bytesRead === 0 || this.#signal?.aborted) return;
      if (this.#told === undefined) yield await this.#tell();
      // It may have been cut off and written to again: these bytes are another file's then.
      else if (!(await hasSameHead(this.#file, this.#told))) return;
      this.#isIdle = false;
      this.#position += bytesRead;
      const cut = this.#cutter.push(bytes.subarray(0, bytesRead));
      if (cut !== undefined) yield { kind: "lines", ...cut };
    }
  }

  async #tell(): Promise<FollowEvent> {
    this.#told = { ...(await identityOf(this.#file)), base: this.#cutter.end - this.#position };
    return { kind: "file", file: this.#told, path: this.#path };
  }

  /** Whether the name stands for another file, and whoever writes has moved on to it. */
  async #isReplaced(): Promise<boolean> {
    const next = await stat(this.#path).catch(() => undefined);
    if (next === undefined || next.size === 0) return false;
    const { ino, dev } = await this.#file.stat();
    return next.ino !== ino || next.dev !== dev;
  }

  /** Whether the file was cut off, and perhaps written to again since. */
  async #isCutOff(): Promise<boolean> {
    if ((await this.#file.stat()).size < this.#position) return true;
    return this.#told !== undefined && !(await hasSameHead(this.#file, this.#told));
  }

  /** Moves on to the file that the name stands for, past files that came between. */
  async *#takeNext(): AsyncGenerator<FollowEvent> {
    await this.#wait(); // several processes that write do not move on at the same moment
    yield* this.#readOn();
    const { mtimeMs } = await this.#file.stat();
    yield* this.#flush();
    const last = this.#told;
    const next = await open(this.#path, "r").catch(() => undefined);
    if (next === undefined) return;
    await this.#file.close();
    this.#file = next;
    this.#told = undefined;
    this.#position = 0;
    if (last !== undefined) yield* this.#between(last, mtimeMs);
  }

  /** Files that were begun and rotated away since one had its last line. */
  async *#between(last: LogFile, changedMs: number): AsyncGenerator<FollowEvent> {
    const own = await identityOf(this.#file);
    for (const path of await filesAfter(this.#path, last, changedMs)) {
      const identity = await identityAt(path).catch(() => undefined);
      if (identity === undefined || identity.inode === own.inode || identity.head === own.head) continue;
      yield { kind: "file", file: { ...identity, base: this.#cutter.end }, path };
      yield* readWhole(path, 0, this.#cutter, this.#signal);
    }
  }

  /** The file was copied and cut off: reads in the copy what was not read, then the file from its start. */
  async *#startAgain(): AsyncGenerator<FollowEvent> {
    const copy = this.#told && (await findFile(this.#path, this.#told));
    if (copy !== undefined && copy !== this.#path) yield* readWhole(copy, this.#position, this.#cutter, this.#signal);
    yield* this.#flush();
    this.#told = undefined;
    this.#position = 0;
  }

  *#flush(): Generator<FollowEvent> {
    const last = this.#cutter.flush();
    if (last !== undefined) yield { kind: "lines", ...last };
  }

  async #wait(): Promise<void> {
    await sleep(this.#pollMs, undefined, this.#signal ? { signal: this.#signal } : {}).catch(() => {});
  }
}
