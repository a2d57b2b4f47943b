import { Argument, Command } from "commander";
import { completionScript, SHELLS, type Shell } from "../output/completionScript.js";
import { writeStdout } from "../output/writeOutput.js";

/** `geopivot completion SHELL`. */
export function completionCommand(): Command {
  return new Command("completion")
    .description("a script by which bash, zsh or fish completes commands and options")
    .addArgument(new Argument("<shell>").choices(SHELLS))
    .action(async (shell: Shell, _options, command: Command) => {
      await writeStdout(completionScript(shell, command.parent!));
    });
}
