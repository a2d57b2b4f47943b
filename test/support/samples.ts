import type { Random } from "../../src/core/random.js";

/** Kinds of data that sketches are held to: smooth, skewed, heavy-tailed and degenerate. */
export const SAMPLES: readonly (readonly [name: string, draw: (random: Random) => number])[] = [
  ["uniform", (random) => 1 + 999 * random.next()],
  ["log-normal", (random) => Math.exp(3 + 1.5 * random.normal())],
  ["Pareto", (random) => 5 / (1 - random.next()) ** (1 / 1.1)],
  ["constant", () => 42.42],
  ["two-point", (random) => (random.next() < 0.5 ? 0.003 : 90_000)],
  ["heavy-duplicate", (random) => [1, 2, 2.01, 150, 1e6][Math.floor(random.next() ** 3 * 5)]!],
];
