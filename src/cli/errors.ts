import { errorKind } from "../core/errors.js";

/** What a person can get wrong on the command line beyond what its parser sees. */
export const cliError = errorKind<{
  "bad-option": { option: string; value: string; expected: string };
  "bad-file": { path: string; why: string };
  "two-outputs-to-stdout": { options: string };
  "cannot-write": { path: string; reason: string };
  "overwrites-input": { output: string; input: string };
}>({
  "bad-option": (d) => `${d.option} ${JSON.stringify(d.value)}: expected ${d.expected}`,
  "bad-file": (d) => `${d.path}: ${d.why}`,
  "two-outputs-to-stdout": (d) => `only one of ${d.options} can write to stdout`,
  "cannot-write": (d) => `${d.path} cannot be written: ${d.reason}`,
  "overwrites-input": (d) => `${d.output} would overwrite the input ${d.input}`,
});
