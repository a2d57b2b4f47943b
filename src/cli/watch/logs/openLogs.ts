import { resolve } from "node:path";
import { headOfFile } from "../../../read/source/follow/fileIdentity.js";
import { fileError } from "../../../read/source/openSource.js";
import { inTimeOrder } from "./inTimeOrder.js";
import type { LineBatchesOptions } from "./lineBatches.js";
import type { LogItem } from "./logBatch.js";
import type { LogPositions } from "./logPositions.js";
import { readLog, readStdin } from "./readLog.js";

export interface OpenLogsOptions extends LineBatchesOptions {
  readonly positions: LogPositions;
  /** How much of a log was taken before. */
  readonly nextOffset: (log: string) => number | undefined;
  readonly from: "start" | "end";
  /** Whether files are read to their end and no further. */
  readonly isReplay: boolean;
  readonly signal: AbortSignal;
  readonly onWarning: (text: string) => void;
}

/** All logs as one series of batches. */
export function openLogs(files: readonly string[], options: OpenLogsOptions): AsyncIterable<LogItem> {
  return inTimeOrder(files.map((file) => (file === "-" ? readStdin(process.stdin, options) : openLog(file, options))));
}

/** Whether some logs go on where a process before stopped. */
export function isResumed(files: readonly string[], { positions, nextOffset }: OpenLogsOptions): boolean {
  return files.some((file) => positions.position(resolve(file), nextOffset(resolve(file))) !== undefined);
}

function openLog(file: string, options: OpenLogsOptions): AsyncGenerator<LogItem> {
  const path = resolve(file);
  const { positions, nextOffset, from } = options;
  const log = readLog(path, {
    ...options,
    from: options.isReplay ? "start" : (positions.position(path, nextOffset(path)) ?? from),
    onFile: (known) => (options.isReplay ? Promise.resolve() : positions.save(path, known)),
  });
  return options.isReplay ? untilIdle(log) : log;
}

async function* untilIdle(log: AsyncGenerator<LogItem>): AsyncGenerator<LogItem> {
  for await (const item of log) {
    if (item === "idle") return;
    yield item;
  }
}

/** Refuses what cannot be read before anything else is begun. Throws `file-not-found`, `is-directory`, `not-readable`. */
export async function checkLogs(files: readonly string[]): Promise<void> {
  for (const file of files.filter((one) => one !== "-"))
    await headOfFile(file, 4).catch((cause: NodeJS.ErrnoException) => {
      if (cause.code?.startsWith("E") === true) throw fileError(file, cause);
      throw cause;
    });
}
