import { isGeopivotError } from "../../src/core/errors.js";

/** How many damaged inputs of a kind a fuzzer tries: `GEOPIVOT_FUZZ_CASES`, or 10,000. */
export const FUZZ_CASES = Number(process.env.GEOPIVOT_FUZZ_CASES ?? 10_000);
const MOST_MS = 5_000;
const MOST_BYTES = 2 ** 30;

/** What an engine says of its own failures, which no reader is to see. */
const INTERNAL =
  /undefined|is not a function|not iterable|Cannot (?:read|access|convert)|Invalid (?:array|typed)|out of bounds|BigInt|TypeError|RangeError/;

const SCRAPS = [
  ...[
    "",
    '"',
    "'",
    ",",
    "\n",
    "\r\n",
    "\t",
    " ",
    "-",
    "/",
    ":",
    "::",
    ".",
    "=",
    "[",
    "]",
    "{",
    "}",
    "\\",
    "\\x",
    "%",
    "$",
  ],
  ...["0", "-1", "4294967296", "340282366920938463463374607431768211456", "1e999", "1e-999", "NaN", "null", "true"],
  ...[
    "\u0000",
    "\uFEFF",
    "\u2028",
    "\uD800",
    "ÿ",
    "__proto__",
    "constructor",
    "toString",
    "9999-12-31T23:59:59Z",
    "2024-02-30",
  ],
  ...["[[[[[[[[", "{{{{{{{{", "1/2/2024", "198.51.100.7", "2001:db8::1", "x".repeat(3000)],
];

/** A sequence of numbers in [0, 1) of a seed (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A text with scraps put in, parts left out and repeated. */
export function damagedText(text: string, random: () => number): string {
  let damaged = text;
  for (let edits = 1 + Math.floor(random() * 6); edits > 0; edits--) {
    const at = Math.floor(random() * (damaged.length + 1));
    const cut = random() < 0.5 ? 0 : Math.floor(random() * 12);
    const scrap = SCRAPS[Math.floor(random() * SCRAPS.length)]!;
    damaged = damaged.slice(0, at) + scrap + damaged.slice(at + cut);
  }
  return random() < 0.05 ? damaged.repeat(50) : damaged;
}

/** Bytes of which a few are others, of which the end may be missing. */
export function damagedBytes(bytes: Uint8Array, random: () => number): Uint8Array {
  const damaged = Uint8Array.from(bytes);
  for (let edits = 1 + Math.floor(random() * 6); edits > 0; edits--) {
    const at = Math.floor(random() * damaged.length);
    damaged[at] = random() < 0.3 ? [0, 255, 127, 128][Math.floor(random() * 4)]! : Math.floor(random() * 256);
  }
  return random() < 0.1 ? damaged.subarray(0, Math.floor(random() * damaged.length)) : damaged;
}

/** Runs work on a damaged input: it answers, or is refused in plain words, soon and in bounded memory. */
export async function withstands(about: string, work: () => unknown): Promise<void> {
  const start = performance.now();
  try {
    await work();
  } catch (error) {
    if (!isGeopivotError(error)) throw new Error(`${about}: ${error instanceof Error ? error.stack : error}`);
    if (INTERNAL.test(error.message)) throw new Error(`${about}: internal text: ${error.message}`);
  }
  if (performance.now() - start > MOST_MS) throw new Error(`${about}: took ${performance.now() - start} ms`);
  if (process.memoryUsage.rss() > MOST_BYTES) throw new Error(`${about}: ${process.memoryUsage.rss()} bytes`);
}
