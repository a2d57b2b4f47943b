import { readFile } from "node:fs/promises";
import { isGeopivotError } from "../../core/errors.js";
import { parsePolicy } from "../../triage/policy/parsePolicy.js";
import type { Policy } from "../../triage/policy/policy.js";
import { STARTER_POLICY } from "../../triage/policy/starterPolicy.js";
import { cliError } from "../errors.js";

/** The policy that `--policy` names; the starter's where it names none. */
export async function readPolicy(path: string | undefined): Promise<Policy> {
  if (path === undefined) return parsePolicy(STARTER_POLICY);
  const text = await readFile(path, "utf8");
  try {
    return parsePolicy(text);
  } catch (error) {
    if (!isGeopivotError(error)) throw error;
    throw cliError("bad-file", { path, why: error.message }, error);
  }
}
