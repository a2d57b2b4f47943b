import { InvalidArgumentError, Option } from "commander";
import { LoginRule, type LoginRuleOptions } from "../../detect/suspicious/logins/loginRule.js";

/** `--login 'path=/oauth/token failed=400'`, as often as there are paths. */
export function loginOption(): Option {
  return new Option(
    "--login <rule>",
    "a path of log-ins and what its failures look like, as 'path=/oauth/token failed=400' (also succeeded=, method=); repeat it for more",
  ).argParser(parseLogin);
}

export function parseLogin(text: string, before: readonly LoginRuleOptions[] = []): readonly LoginRuleOptions[] {
  const given = new Map<string, string>();
  for (const part of text.trim().split(/\s+/)) {
    const at = part.indexOf("=");
    const name = part.slice(0, Math.max(0, at));
    if (!["path", "failed", "succeeded", "method"].includes(name) || at === part.length - 1 || given.has(name))
      throw new InvalidArgumentError(
        `expected path=…, failed=…, succeeded= and method= once each, found ${JSON.stringify(part)}.`,
      );
    given.set(name, part.slice(at + 1));
  }
  const path = given.get("path");
  if (path === undefined) throw new InvalidArgumentError("expected path=….");
  const list = (name: string): string[] | undefined => given.get(name)?.split(",");
  const [failed, succeeded, methods] = [list("failed"), list("succeeded"), list("method")];
  const rule = { path, ...(failed && { failed }), ...(succeeded && { succeeded }), ...(methods && { methods }) };
  try {
    new LoginRule(rule);
  } catch (error) {
    throw new InvalidArgumentError(`${(error as Error).message}.`);
  }
  return [...before, rule];
}
