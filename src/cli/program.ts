import { Command } from "commander";
import { version } from "../../package.json";
import { analyzeCommand } from "./commands/analyze.js";
import { compareCommand } from "./commands/compare.js";
import { compileCommand } from "./commands/compile.js";
import { eventsCommand } from "./commands/events.js";
import { explainCommand } from "./commands/explain.js";
import { locateCommand } from "./commands/locate.js";
import { pivotCommand } from "./commands/pivot.js";
import { reportCommand } from "./commands/report.js";
import { simulateCommand } from "./commands/simulate.js";

/** One file a command; each takes the signal that Ctrl-C raises. */
const commands = [
  analyzeCommand,
  compareCommand,
  compileCommand,
  eventsCommand,
  explainCommand,
  locateCommand,
  pivotCommand,
  reportCommand,
  simulateCommand,
];

/** The whole command line. What is wrong with its arguments is thrown as commander's error. */
export function program(signal: AbortSignal): Command {
  const top = new Command("geopivot")
    .description("Says where: regional outages, latency hotspots and suspicious traffic out of access logs.")
    .version(version)
    .showHelpAfterError("(geopivot --help lists the commands and their options)")
    .exitOverride();
  for (const make of commands) top.addCommand(make(signal).copyInheritedSettings(top));
  return top;
}
