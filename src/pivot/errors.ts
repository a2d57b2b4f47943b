import { errorKind } from "../core/errors.js";

/** What a question to a cube can be wrong about. */
export const pivotError = errorKind<{
  "no-such-dimension": { dimension: string; known: readonly string[] };
  "no-such-measure": { measure: string; known: readonly string[] };
  "bad-measure": { measure: string; why: string };
  "measure-not-kept": { measure: string; needs: string };
  "bad-pivot-option": { option: string; value: string; expected: string };
  "bad-where": { text: string };
}>({
  "no-such-dimension": (d) => `no dimension "${d.dimension}"; there are ${d.known.join(", ")}`,
  "no-such-measure": (d) => `no measure "${d.measure}"; there are ${d.known.join(", ")}`,
  "bad-measure": (d) => `measure "${d.measure}" is none: ${d.why}`,
  "measure-not-kept": (d) => `measure "${d.measure}" needs a cube that keeps ${d.needs}`,
  "bad-pivot-option": (d) => `option ${d.option} is ${d.value}, expected ${d.expected}`,
  "bad-where": (d) => `${JSON.stringify(d.text)} is not a condition: write name=value, name=value|value or name!=value`,
});
