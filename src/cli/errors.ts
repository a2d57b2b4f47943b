import { errorKind } from "../core/errors.js";

/** What a person can get wrong on the command line beyond what its parser sees. */
export const cliError = errorKind<{
  "bad-option": { option: string; value: string; expected: string };
  "two-outputs-to-stdout": { options: string };
}>({
  "bad-option": (d) => `${d.option} ${JSON.stringify(d.value)}: expected ${d.expected}`,
  "two-outputs-to-stdout": (d) => `only one of ${d.options} can write to stdout`,
});
