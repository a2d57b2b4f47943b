import { stat } from "node:fs/promises";
import { Command } from "commander";
import { saveTable } from "../../locate/openLocator.js";
import { findDatabases } from "../../locate/sources/findDatabases.js";
import { readNetworks } from "../input/openCommandLocator.js";
import { databaseOption, networksOption } from "../input/options.js";
import { refuseOverwriting, writeStdout } from "../output/writeOutput.js";

/** `geopivot compile --db FILE… --out FILE`: databases as one table that opens in a fraction of the time. */
export function compileCommand(signal: AbortSignal): Command {
  return new Command("compile")
    .description("fuse databases into one table that --db opens in a fraction of the time")
    .requiredOption("--out <file>", "where to write the table")
    .addOption(databaseOption())
    .addOption(networksOption())
    .action(async (options: { out: string; db?: string[]; networks?: string }) => {
      const databases = options.db ?? findDatabases();
      await refuseOverwriting([...databases, ...(options.networks ? [options.networks] : [])], [options.out]);
      const networks = options.networks === undefined ? [] : await readNetworks(options.networks);
      await saveTable(options.out, { databases, networks, signal, nowMs: Date.now() });
      const { size } = await stat(options.out);
      await writeStdout(`${databases.length} databases -> ${options.out} (${(size / 1e6).toFixed(1)} MB)\n`);
    });
}
