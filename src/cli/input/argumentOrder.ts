import { closeSync, openSync, readSync, statSync } from "node:fs";
import { constants, gunzipSync } from "node:zlib";

const HEAD_BYTES = 4096;
/** Endings of what can be nothing but a database. */
const DATABASE_NAME = /\.(?:mmdb|bin|table|gpt|geopivot)$/i;
/** What a line of ranges begins with: an address, a network, or an address as a number. */
const RANGE_START = /^"?(?:\d{1,3}(?:\.\d{1,3}){3}(?:\/\d+)?|\d+|[0-9a-f]*:[0-9a-f:.]*(?:\/\d+)?)"?[,;\t]/i;
/** Names in the header of a table of ranges. */
const RANGE_HEADER = /\b(?:network|start_ip|end_ip|ip_from|ip_start|start-ip|join_key|first_ip|range_start)\b/i;
/** Parquet, Arrow, bzip2 and zstandard: logs. */
const LOG_MAGIC = /^(?:PAR1|ARROW1|BZh|\x28\xb5\x2f\xfd)/;

/**
 * Arguments with every database that follows a `--db` as an option of its own, and with the logs among them apart: `--db a b
 * access.log` reads `access.log`. The first behind `--db` is a database in any case; of those that follow, what its name or
 * its first line tells.
 */
export function separateDatabases(args: readonly string[]): string[] {
  const separated: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!;
    if (arg === "--") return [...separated, ...args.slice(i)];
    if (arg !== "--db" || args[i + 1] === undefined) {
      separated.push(arg);
      continue;
    }
    separated.push(`--db=${args[++i]!}`);
    for (; args[i + 1] !== undefined && isFileName(args[i + 1]!); i++)
      separated.push(isDatabase(args[i + 1]!) ? `--db=${args[i + 1]!}` : args[i + 1]!);
  }
  return separated;
}

function isFileName(arg: string): boolean {
  return arg === "-" || !arg.startsWith("-");
}

function isDatabase(path: string): boolean {
  if (DATABASE_NAME.test(path)) return true;
  const head = headOf(path);
  const line = head.split("\n").find((one) => one.trim() !== "" && !one.startsWith("#")) ?? "";
  return RANGE_START.test(line) || RANGE_HEADER.test(line) || (head.includes("\0") && !LOG_MAGIC.test(head));
}

/** The first bytes of a file, unpacked; empty where it cannot be read, which is told where it is opened. */
function headOf(path: string): string {
  try {
    // A pipe has nothing to look at that would not be lost.
    if (!statSync(path).isFile()) return "";
    const fd = openSync(path, "r");
    try {
      const bytes = Buffer.alloc(HEAD_BYTES);
      const head = bytes.subarray(0, readSync(fd, bytes, 0, HEAD_BYTES, 0));
      const isGzip = head[0] === 0x1f && head[1] === 0x8b;
      return (isGzip ? gunzipSync(head, { finishFlush: constants.Z_SYNC_FLUSH }) : head).toString("latin1");
    } finally {
      closeSync(fd);
    }
  } catch {
    return "";
  }
}
