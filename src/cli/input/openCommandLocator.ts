import { readFile } from "node:fs/promises";
import { isGeopivotError } from "../../core/errors.js";
import type { Locator } from "../../locate/locator.js";
import { type CompiledDatabases, openLocator } from "../../locate/openLocator.js";
import { findDatabases } from "../../locate/sources/findDatabases.js";
import type { UserNetwork } from "../../locate/sources/userNetworks.js";
import { cliError } from "../errors.js";
import { cacheFolder, KeptTables, keyOf } from "./keptTables.js";
import type { InputOptions } from "./options.js";

/** What is compiled faster than this is compiled anew each time. */
const WORTH_KEEPING_MS = 200;

/**
 * Opens the databases that the command line names, or those found by default: as they were kept when a command compiled
 * them before, else compiled anew and kept once the command has done its work.
 */
export async function openCommandLocator(
  options: Pick<InputOptions, "db" | "networks" | "cache">,
  signal: AbortSignal,
): Promise<Locator> {
  const databases = options.db ?? foundDatabases(options.networks !== undefined);
  const networks = options.networks === undefined ? [] : await readNetworks(options.networks);
  const common = { networks, signal, nowMs: Date.now(), deferIpv6: true };
  if (options.cache === false) return openLocator({ databases, ...common });
  const tables = new KeptTables(cacheFolder());
  const key = await keyOf(databases).catch(() => undefined); // what is wrong with them is said below
  let latest: CompiledDatabases | undefined;
  const onCompiled = (compiled: CompiledDatabases): void => {
    if (key === undefined || compiled.compileMs < WORTH_KEEPING_MS) return;
    if (latest === undefined) process.once("beforeExit", () => keepAtLast(tables, key, databases, latest!));
    latest = compiled;
  };
  const kept = key === undefined ? undefined : await tables.find(databases, key);
  if (kept !== undefined) {
    try {
      return await openLocator({ databases: kept, ...common, onCompiled });
    } catch {
      signal.throwIfAborted();
      await tables.forget(databases); // if it was not the table's fault, the same is thrown below
    }
  }
  return openLocator({ databases, ...common, onCompiled });
}

/** The databases found by default; where there are none, the user's own networks may do. */
function foundDatabases(hasNetworks: boolean): readonly string[] {
  try {
    return findDatabases();
  } catch (error) {
    if (hasNetworks && isGeopivotError(error) && error.code === "no-database") return [];
    throw error;
  }
}

/** When the command has done its work, nobody waits for this but the shell. */
async function keepAtLast(
  tables: KeptTables,
  key: string,
  databases: readonly string[],
  compiled: CompiledDatabases,
): Promise<void> {
  const bytes = await tables.keep(key, databases, compiled);
  if (bytes > 0 && process.stderr.isTTY)
    warn([`kept the compiled databases for next time: ${cacheFolder()} (${Math.round(bytes / 1e6)} MB; --no-cache)`]);
}

/** What was said: a command that reads two logs opens its databases twice. */
const said = new Set<string>();

/** Says what is not quite right with the input, once, when there is a result to be read beside it. */
export function warn(warnings: readonly string[]): void {
  for (const warning of warnings) if (!said.has(warning)) process.stderr.write(`geopivot: ${warning}\n`);
  for (const warning of warnings) said.add(warning);
}

/** The networks of a `--networks` file; their fields are checked where they are used. */
export async function readNetworks(path: string): Promise<UserNetwork[]> {
  const text = await readFile(path, "utf8");
  try {
    const list: unknown = JSON.parse(text);
    if (Array.isArray(list)) return list as UserNetwork[]; // openLocator checks each entry
  } catch {
    // the sentence below says all there is to say
  }
  throw cliError("bad-option", { option: "--networks", value: path, expected: "a JSON list of {cidr, name, …}" });
}
