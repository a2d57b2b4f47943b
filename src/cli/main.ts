import { Command } from "commander";
import { version } from "../../package.json";
import { analyzeCommand } from "./analyze.js";
import { compareCommand } from "./compare.js";
import { EXIT, verdictOf } from "./exitCodes.js";
import { locateCommand } from "./locate.js";
import { pivotCommand } from "./pivot.js";
import { reportCommand } from "./report.js";
import { simulateCommand } from "./simulate.js";

/** One file a command; each takes the signal that Ctrl-C raises. */
const commands = [analyzeCommand, compareCommand, locateCommand, pivotCommand, reportCommand, simulateCommand];

async function main(): Promise<void> {
  const interrupt = new AbortController();
  process.once("SIGINT", () => {
    interrupt.abort();
    process.once("SIGINT", () => process.exit(EXIT.interrupted));
  });
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(EXIT.done);
    throw error;
  });
  const program = new Command("geopivot")
    .description("Says where: regional outages, latency hotspots and suspicious traffic out of access logs.")
    .version(version)
    .showHelpAfterError("(geopivot --help lists the commands and their options)")
    .exitOverride();
  for (const make of commands) program.addCommand(make(interrupt.signal).copyInheritedSettings(program));
  try {
    await program.parseAsync();
  } catch (error) {
    const { exitCode, line } = verdictOf(error);
    if (line !== "") process.stderr.write(`geopivot: ${line}\n`);
    process.exitCode = exitCode;
  }
}

await main();
