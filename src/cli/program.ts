import { Command, Help } from "commander";
import { version } from "../../package.json";
import { commandExamples } from "./commands/commandExamples.js";
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
    .configureHelp({ optionDescription: (option) => tidyDefault(new Help().optionDescription(option)) })
    .exitOverride();
  for (const { name, description, operands, optionless, load } of commandSummaries) {
    const command =
      argv.includes(name) || argv[0] === "completion"
        ? (await load())(signal)
        : outline(name, description, operands, optionless);
    top.addCommand(
      command
        .copyInheritedSettings(top)
        .showHelpAfterError(`(geopivot ${name} --help lists its options)`)
        .addHelpText("after", `\nExamples:\n${commandExamples[name]!.map((line) => `  ${line}`).join("\n")}`),
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

/** A default as a user would type it, and none where nothing is: commander writes JSON. */
function tidyDefault(description: string): string {
  return description
    .replace(/,? ?default: (\[\]|\{\})/, "")
    .replace(" ()", "")
    .replace(/default: \["(.*)"\]\)$/, (_, list: string) => `default: ${list.replaceAll('","', ",")})`)
    .replace(/default: "(.*)"\)$/, "default: $1)");
}
