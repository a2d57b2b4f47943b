import { checkArgument } from "../../core/options/checkOptions.js";
import { text as TEXT } from "../../core/options/shapes.js";
import { triageError } from "../errors.js";
import { checkPolicy } from "./checkPolicy.js";
import type { Policy } from "./policy.js";

/**
 * Reads a policy, YAML or JSON, and checks all of it: by its schema, and that its regions, zones, times and durations are
 * ones.
 *
 * @throws `bad-policy` with the path, the line and what is wrong, for the first problem
 * @example
 * ```ts
 * const policy = parsePolicy(await readFile("policy.yaml", "utf8"));
 * ```
 */
export function parsePolicy(text: string): Policy {
  checkArgument("parsePolicy", "the first argument", text, TEXT);
  const { policy, problems } = checkPolicy(text);
  if (policy !== null) return policy;
  throw triageError("bad-policy", problems[0]!);
}
