import { readFile } from "node:fs/promises";
import type { Locator } from "../locate/locator.js";
import { openLocator } from "../locate/openLocator.js";
import { findDatabases } from "../locate/sources/findDatabases.js";
import type { UserNetwork } from "../locate/sources/userNetworks.js";
import { cliError } from "./errors.js";
import type { InputOptions } from "./options.js";

/** Opens the databases that the command line names, or those found by default. */
export async function openCommandLocator(
  options: Pick<InputOptions, "db" | "networks">,
  signal: AbortSignal,
): Promise<Locator> {
  const databases = options.db ?? findDatabases();
  const networks = options.networks === undefined ? [] : await readNetworks(options.networks);
  return openLocator({ databases, networks, signal, nowMs: Date.now(), deferIpv6: true });
}

/** Says what is not quite right with the input, once, when there is a result to be read beside it. */
export function warn(warnings: readonly string[]): void {
  for (const warning of warnings) process.stderr.write(`geopivot: ${warning}\n`);
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
