import { execFileSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { commandSummaries } from "../../src/cli/commands/commandSummaries.js";
import { completionScript, SHELLS } from "../../src/cli/output/completionScript.js";
import { program } from "../../src/cli/program.js";

let scripts: Record<string, string>;

beforeAll(async () => {
  const all = await program(["completion"], new AbortController().signal);
  scripts = Object.fromEntries(SHELLS.map((shell) => [shell, completionScript(shell, all)]));
});

/** What bash offers for the last of some words. */
function offered(...words: string[]): string[] {
  const code = `${scripts.bash}
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _geopivot; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return execFileSync("bash", ["-c", code, "bash", "geopivot", ...words], { encoding: "utf8" })
    .trim()
    .split("\n");
}

test("bash offers commands, their options, and what an option chooses from", () => {
  expect(offered("")).toEqual(expect.arrayContaining(commandSummaries.map(({ name }) => name)));
  expect(offered("an")).toEqual(["analyze"]);
  expect(offered("pivot", "access.log", "--cs")).toEqual(["--csv"]);
  expect(offered("analyze", "--db", "city.mmdb", "--trus")).toEqual(["--trust"]);
  expect(offered("pivot", "--trust", "1.1.1.1", "--fail-o")).toEqual([""]);
  expect(offered("completion", "--he")).toEqual(["--help"]);
  // A file's name is the shell's own business.
  expect(offered("analyze", "acc")).toEqual([""]);
});

test("every script names every command and every option", async () => {
  const all = await program(["completion"], new AbortController().signal);
  for (const shell of SHELLS)
    for (const { name, options } of all.commands.map((command) => ({
      name: command.name(),
      options: command.options,
    }))) {
      expect(scripts[shell], `${shell} ${name}`).toContain(name);
      for (const { long } of options)
        expect(scripts[shell], `${shell} ${name} ${long}`).toContain(shell === "fish" ? `-l ${long!.slice(2)}` : long!);
    }
});

test.each(SHELLS.filter((shell) => isThere(shell)))("%s reads its script", (shell) => {
  const file = join(mkdtempSync(join(tmpdir(), "geopivot-")), shell);
  writeFileSync(file, scripts[shell]!);
  execFileSync(shell, ["-n", file]);
});

function isThere(shell: string): boolean {
  try {
    execFileSync(shell, ["-c", "true"]);
    return true;
  } catch {
    return false;
  }
}
