import { errorKind } from "../../core/errors.js";

/** Everything that planning throws on purpose. */
export const planError = errorKind<{
  "no-such-server": { server: string; known: readonly string[] };
  "bad-plan-option": { option: string; value: string; expected: string };
  "no-traffic": { reason: string };
}>({
  "no-such-server": (d) =>
    `there is no server ${JSON.stringify(d.server)}; the catalogue has ${d.known.map((name) => JSON.stringify(name)).join(", ")}`,
  "bad-plan-option": (d) => `${d.option} is ${d.value}, expected ${d.expected}`,
  "no-traffic": (d) => `there is nothing to plan for: ${d.reason}`,
});
