import { errorKind } from "../core/errors.js";

/** What a caller can do wrong with a cube, and what a saved cube can be wrong about. */
export const cubeError = errorKind<{
  "bad-cube-option": { option: string; value: string; expected: string };
  "too-many-buckets": { buckets: number; limit: number };
  "too-many-values": { dimension: string; limit: number };
  "cube-too-large": { bytes: number; limit: number };
  "cubes-differ": { what: string; left: string; right: string };
  "no-such-dimension": { dimension: string; known: readonly string[] };
  "not-a-part": { reason: string };
  "bad-cube-file": { reason: string };
  "bad-filter": { text: string; want: string };
  "no-such-field": { text: string; name: string };
  "nothing-left": { text: string };
}>({
  "bad-cube-option": (d) => `option ${d.option} is ${d.value}, expected ${d.expected}`,
  "too-many-buckets": (d) =>
    `the events span ${d.buckets} time buckets, more than ${d.limit}: choose a longer bucket, or a window with fromMs and toMs`,
  "too-many-values": (d) =>
    `dimension "${d.dimension}" has more than ${d.limit} values: raise maxValues, or let the rest count as "other"`,
  "cube-too-large": (d) =>
    `the cube takes ${d.bytes} bytes, more than ${d.limit}: choose a longer bucket, fewer dimensions or a coarser resolution, or raise maxBytes`,
  "cubes-differ": (d) => `the cubes differ in ${d.what}: ${d.left} and ${d.right}`,
  "no-such-dimension": (d) => `the cube has no dimension "${d.dimension}"; it has ${d.known.join(", ") || "none"}`,
  "not-a-part": (d) => `what is to be taken away is no part of the cube: ${d.reason}`,
  "bad-cube-file": (d) => `not a saved cube: ${d.reason}`,
  "no-such-field": (d) => `condition ${JSON.stringify(d.text)}: no event of the log has a ${d.name}`,
  "nothing-left": (d) => `condition ${JSON.stringify(d.text)}: no event of the log meets it`,
  "bad-filter": (d) => `${JSON.stringify(d.text)} is no condition, expected ${d.want}`,
});
