import { errorKind } from "../core/errors.js";

/** Everything that the latency model, look-ups and catalogues throw on purpose. */
export const steerError = errorKind<{
  "unknown-server": { server: string; known: readonly string[] };
  "bad-servers": { problems: readonly string[] };
  "bad-sample": { row: number; reason: string };
  "bad-steer-option": { option: string; value: string; expected: string };
  "bad-place": { lat: number; lon: number };
}>({
  "unknown-server": (d) =>
    `there is no server ${JSON.stringify(d.server)}; known are ${d.known.map((name) => JSON.stringify(name)).join(", ")}`,
  "bad-servers": (d) => `the servers cannot be used: ${d.problems.join("; ")}`,
  "bad-sample": (d) => `sample ${d.row}: ${d.reason}`,
  "bad-steer-option": (d) => `${d.option} is ${d.value}, expected ${d.expected}`,
  "bad-place": (d) => `latitude ${d.lat}, longitude ${d.lon} is not a point on Earth`,
});
