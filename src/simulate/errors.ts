import { errorKind } from "../core/errors.js";

export const simulateError = errorKind<{
  "bad-spec": { path: string; problem: string };
  "no-such-area": { incident: number };
}>({
  "bad-spec": (d) => `traffic spec: ${d.path} ${d.problem}`,
  "no-such-area": (d) => `traffic spec: incidents[${d.incident}].area holds none of the simulated cities`,
});
