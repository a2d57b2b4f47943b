import { errorKind } from "../core/errors.js";

/** What a person can get wrong on the command line beyond what its parser sees. */
export const cliError = errorKind<{
  "bad-option": { option: string; value: string; expected: string };
  "no-such-name": { option: string; name: string; has: readonly string[]; near?: string };
  "bad-map-name": { name: string; has: readonly string[]; near?: string };
  "no-such-value": { name: string; value: string; has: readonly string[]; near?: string };
  "bad-file": { path: string; why: string };
  "two-outputs-to-stdout": { options: string };
  "cannot-write": { path: string; reason: string };
  "overwrites-input": { output: string; input: string };
  "cannot-listen": { address: string; why: string };
  /** Holds no value of the environment. */
  "missing-secret": { receiver: string; variable: string };
  "receiver-twice": { receiver: string };
}>({
  "bad-option": (d) => `${d.option} ${JSON.stringify(d.value)}: expected ${d.expected}`,
  "no-such-name": (d) => `${d.option} ${JSON.stringify(d.name)}: the log has no such field${meant(d)}`,
  "bad-map-name": (d) =>
    `--map ${d.name}=…: ${JSON.stringify(d.name)} is nothing that this command looks at${meant(d)}`,
  "no-such-value": (d) => `--where ${d.name}=${d.value}: the log has no such ${d.name}${meant(d)}`,
  "bad-file": (d) => `${d.path}: ${d.why}`,
  "two-outputs-to-stdout": (d) => `only one of ${d.options} can write to stdout`,
  "cannot-write": (d) => `${d.path} cannot be written: ${d.reason}`,
  "missing-secret": (d) =>
    `the policy's receiver ${JSON.stringify(d.receiver)} needs the environment's ${d.variable}, which is not set`,
  "receiver-twice": (d) =>
    `the policy's receiver ${JSON.stringify(d.receiver)} has the name of one that the command line gives`,
  "cannot-listen": (d) => `--listen ${d.address}: ${d.why}`,
  "overwrites-input": (d) => `${d.output} would overwrite the input ${d.input}`,
});

/** What was probably meant, or what there is. */
function meant({ near, has }: { readonly near?: string; readonly has: readonly string[] }): string {
  if (near !== undefined) return `; did you mean ${near}?`;
  return has.length > 0 ? `; it has ${has.join(", ")}` : "";
}
