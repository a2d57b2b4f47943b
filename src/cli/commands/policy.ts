import { readFile } from "node:fs/promises";
import { Command } from "commander";
import { checkPolicy } from "../../triage/policy/checkPolicy.js";
import schema from "../../triage/policy/policy.schema.json";
import { STARTER_POLICY } from "../../triage/policy/starterPolicy.js";
import { cliError } from "../errors.js";
import { jsonText } from "../output/jsonText.js";
import { printable } from "../output/printable.js";
import { writeStdout } from "../output/writeOutput.js";

/** `geopivot policy init`, `policy check FILE`, `policy schema`. */
export function policyCommand(): Command {
  return new Command("policy")
    .description("init: a policy to start with; check FILE: what is wrong with one; schema: its JSON Schema")
    .argument("<action...>", "init | check FILE | schema")
    .option("--json", "check: problems as a list of { path, line, problem }")
    .action(async ([action, ...files]: string[], { json = false }: { json?: boolean }) => {
      if (action === "check" && files.length === 1) await check(files[0]!, json);
      else if (action === "init" && files.length === 0) await writeStdout(STARTER_POLICY);
      else if (action === "schema" && files.length === 0) await writeStdout(`${jsonText(schema, 2)}\n`);
      else
        throw cliError("bad-option", {
          option: "policy",
          value: [action, ...files].join(" "),
          expected: "init, check FILE or schema",
        });
    });
}

async function check(path: string, json: boolean): Promise<void> {
  const { problems } = checkPolicy(await readFile(path, "utf8"));
  if (json) await writeStdout(`${jsonText(problems, 2)}\n`);
  else if (problems.length === 0) await writeStdout(`${printable(path)}: fine\n`);
  else
    for (const { path: at, line, problem } of problems)
      await writeStdout(`${printable(`${path}:${line}: ${at || "the policy"} ${problem}`)}\n`);
  const [first] = problems;
  if (first === undefined) return;
  const more = problems.length === 1 ? "" : ` (and ${problems.length - 1} more)`;
  throw cliError("bad-file", {
    path,
    why: `line ${first.line}: ${first.path || "the policy"} ${first.problem}${more}`,
  });
}
