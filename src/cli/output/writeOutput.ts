import { randomUUID } from "node:crypto";
import { chmod, mkdir, open, realpath, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { cliError } from "../errors.js";
import { fileErrorReason } from "./fileErrorReason.js";

/**
 * Writes a result to a file, whole or not at all, or to stdout for `-`.
 *
 * The text goes to a file beside the target first and is renamed over it, so that an interrupted run leaves what was
 * there before. Through a link, what it points to is replaced, and a file that is replaced keeps its permissions; a device
 * or pipe is written to. The target's folder is made if it is missing. Content may come in pieces.
 *
 * @throws `cannot-write`
 */
export async function writeOutput(path: string, content: string | Uint8Array | Iterable<string>): Promise<void> {
  if (path === "-") {
    const whole = typeof content === "string" || content instanceof Uint8Array;
    for (const piece of whole ? [content] : content) await writeStdout(piece);
    return;
  }
  try {
    await writeFileWhole(path, content);
  } catch (error) {
    const reason = fileErrorReason(error);
    throw reason === undefined ? error : cliError("cannot-write", { path, reason }, error);
  }
}

async function writeFileWhole(path: string, content: string | Uint8Array | Iterable<string>): Promise<void> {
  const { target, mode, isFile } = await targetOf(path);
  if (!isFile) {
    await writePieces(target, content, "r+");
    return;
  }
  await mkdir(dirname(target), { recursive: true });
  const partial = `${target}.${randomUUID()}.part`;
  try {
    await writePieces(partial, content, "wx");
    if (mode !== undefined) await chmod(partial, mode);
    await rename(partial, target);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}

/** Piece by piece through a handle: given an iterable, Bun (1.4) leaves zeros behind the end. */
async function writePieces(path: string, content: string | Uint8Array | Iterable<string>, flag: string): Promise<void> {
  const file = await open(path, flag);
  try {
    const whole = typeof content === "string" || content instanceof Uint8Array;
    for (const piece of whole ? [content] : content) await file.writeFile(piece);
  } finally {
    await file.close();
  }
}

interface Target {
  /** The path, links followed. */
  readonly target: string;
  readonly mode: number | undefined;
  readonly isFile: boolean;
}

async function targetOf(path: string): Promise<Target> {
  try {
    const target = await realpath(path);
    const info = await stat(target);
    return { target, mode: info.mode & 0o7777, isFile: info.isFile() || info.isDirectory() };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    return { target: path, mode: undefined, isFile: true };
  }
}

/**
 * Throws `overwrites-input` if an output is one of the inputs, whatever it is called: it is told before anything is read.
 *
 * @param outputs - paths as options give them: `-`, `true` and undefined are none
 */
export async function refuseOverwriting(
  inputs: readonly string[],
  outputs: readonly (string | boolean | undefined)[],
): Promise<void> {
  const named = outputs.filter((output): output is string => typeof output === "string" && output !== "-");
  const identities = await Promise.all(inputs.map(identityOf));
  for (const output of named) {
    const identity = await identityOf(output);
    const at = identity === undefined ? -1 : identities.indexOf(identity);
    if (at >= 0) throw cliError("overwrites-input", { output, input: inputs[at]! });
  }
}

/** Which file a path is, whatever it is called; undefined if it is none yet, or no file. */
async function identityOf(path: string): Promise<string | undefined> {
  const info = await stat(path).catch(() => undefined);
  return info?.isFile() === true ? `${info.dev}:${info.ino}` : undefined;
}

/** Resolves once the text is handed over, so that exiting right after it loses nothing of a pipe. */
export function writeStdout(content: string | Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(content, (error) =>
      error && (error as NodeJS.ErrnoException).code !== "EPIPE" ? reject(error) : resolve(),
    );
  });
}
