import { errorKind } from "../core/errors.js";

/** What a caller can ask wrongly of the detectors. */
export const detectError = errorKind<{
  "bad-detect-option": { option: string; value: string; expected: string };
  "bad-counts": { why: string };
}>({
  "bad-detect-option": (d) => `option ${d.option} is ${d.value}, expected ${d.expected}`,
  "bad-counts": (d) => `the counts do not fit: ${d.why}`,
});
