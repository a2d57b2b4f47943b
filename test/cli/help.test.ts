import { expect, test } from "vitest";
import { commandExamples } from "../../src/cli/commands/commandExamples.js";
import { commandSummaries } from "../../src/cli/commands/commandSummaries.js";
import { program } from "../../src/cli/program.js";

const names = commandSummaries.map(({ name }) => name);
const all = await program(names, new AbortController().signal);

/** What a command prints for --help. */
function help(name: string): string {
  let text = "";
  const command = all.commands.find((one) => one.name() === name)!;
  command.configureOutput({ writeOut: (part) => void (text += part) }).outputHelp();
  return text;
}

test.each(names)("help of %s: two examples or more, of options that it has, and no defaults in JSON", (name) => {
  const text = help(name);
  const examples = text.split("\nExamples:\n")[1]!.trim().split("\n");
  expect(examples.length).toBeGreaterThanOrEqual(2);
  expect(text).not.toMatch(/default:\s+(\[|\{|")|\(\)/);
  for (const line of examples)
    for (const run of line.split(/&&|\|/).filter((part) => part.includes("geopivot "))) {
      const [, used] = run.match(/geopivot (\w+)/)!;
      const { options } = all.commands.find((one) => one.name() === used)!;
      const has = options.map(({ long }) => long);
      for (const [option] of run.matchAll(/--[a-z-]+/g)) expect(has, line).toContain(option);
    }
});

test("there are examples of commands that there are", () => {
  expect(Object.keys(commandExamples).sort()).toEqual([...names].sort());
});
