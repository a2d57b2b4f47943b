import { randomUUID } from "node:crypto";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * Writes a result to a file, whole or not at all, or to stdout for `-`.
 *
 * The text goes to a file beside the target first and is renamed over it, so that an interrupted run leaves what was
 * there before. The target's folder is made if it is missing. Content may come in pieces.
 */
export async function writeOutput(path: string, content: string | Uint8Array | Iterable<string>): Promise<void> {
  if (path === "-") {
    const whole = typeof content === "string" || content instanceof Uint8Array;
    for (const piece of whole ? [content] : content) await writeStdout(piece);
    return;
  }
  await mkdir(dirname(path), { recursive: true });
  const partial = `${path}.${randomUUID()}.part`;
  try {
    await writeFile(partial, content, { flag: "wx" });
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}

/** Resolves once the text is handed over, so that exiting right after it loses nothing of a pipe. */
export function writeStdout(content: string | Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(content, (error) =>
      error && (error as NodeJS.ErrnoException).code !== "EPIPE" ? reject(error) : resolve(),
    );
  });
}
