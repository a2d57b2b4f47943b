import { Command } from "commander";
import { version } from "../../package.json";
import { commandSummaries } from "./commands/commandSummaries.js";

/**
 * The whole command line. What is wrong with its arguments is thrown as commander's error.
 *
 * @param argv - the arguments: only commands that they name are loaded, the others are there for help and suggestions;
 *   `completion` asks all of them for their options
 * @param signal - the signal that Ctrl-C raises
 */
export async function program(argv: readonly string[], signal: AbortSignal): Promise<Command> {
  const top = new Command("geopivot")
    .description("Says where: regional outages, latency hotspots and suspicious traffic out of access logs.")
    .version(version)
    .showHelpAfterError("(geopivot --help lists the commands and their options)")
    .exitOverride();
  for (const { name, description, operands, optionless, load } of commandSummaries) {
    const command =
      argv.includes(name) || argv[0] === "completion"
        ? (await load())(signal)
        : outline(name, description, operands, optionless);
    top.addCommand(
      command.copyInheritedSettings(top).showHelpAfterError(`(geopivot ${name} --help lists its options)`),
    );
  }
  return top;
}

/** A command as the list of commands shows it: an option of any name makes it say "[options]". */
function outline(name: string, description: string, operands: string, optionless = false): Command {
  const command = new Command(name).description(description);
  if (!optionless) command.option("--out");
  return operands === "" ? command : command.argument(operands);
}
