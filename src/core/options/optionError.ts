import { errorKind } from "../errors.js";

/** What a caller can get wrong in any call: a name that is no option, or a value of the wrong kind. */
export const optionError = errorKind<{
  "unknown-option": { call: string; option: string; known: readonly string[]; near?: string };
  "wrong-option": { call: string; option: string; given: string; expected: string };
  "wrong-argument": { call: string; argument: string; given: string; expected: string };
  "not-in-browser": { call: string; instead: string };
}>({
  "unknown-option": (d) =>
    `${d.call} has no option ${JSON.stringify(d.option)}; ${d.near === undefined ? `it has ${d.known.join(", ")}` : `did you mean ${d.near}?`}`,
  "wrong-option": (d) =>
    `${d.option.startsWith("the ") ? "" : "option "}${d.option} of ${d.call} is ${d.given}, expected ${d.expected}`,
  "wrong-argument": (d) =>
    `${d.argument} of ${d.call} ${d.argument.endsWith("s") ? "are" : "is"} ${d.given}, expected ${d.expected}`,
  "not-in-browser": (d) => `${d.call} is not in geopivot/browser: ${d.instead}`,
});
