import { expect, test } from "vitest";
import { commandSummaries } from "../../src/cli/commands/commandSummaries.js";
import { program } from "../../src/cli/program.js";

const signal = new AbortController().signal;

test.each(commandSummaries)("the list of commands says of $name what the command says of itself", async (summary) => {
  const command = (await summary.load())(signal);
  expect(command.name()).toBe(summary.name);
  expect(command.description()).toBe(summary.description);
  expect(
    command.registeredArguments
      .map((argument) => `<${argument.name()}...>`.replace("...>", argument.variadic ? "...>" : ">"))
      .join(" "),
  ).toBe(summary.operands);
});

test("help is the same whether commands are loaded or not", async () => {
  const all = await program(
    commandSummaries.map(({ name }) => name),
    signal,
  );
  const none = await program(["--help"], signal);
  expect(none.helpInformation()).toBe(all.helpInformation());
});
