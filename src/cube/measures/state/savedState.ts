import { cubeError } from "../../errors.js";

/** The sections of a saved cube in which a measure keeps its state, in their order. */
export interface SavedSections {
  readonly columns: Readonly<Record<string, Uint8Array>>;
  /** Sections whose form depends on what they hold, and what the header says of that; they come behind all others. */
  readonly packed?: Readonly<Record<string, Uint8Array>>;
  readonly facts?: Readonly<Record<string, unknown>>;
}

/** What is read of a saved cube. Everything in it may be anything. */
export interface SavedState {
  readonly groups: number;
  readonly isWeighted: boolean;
  /** Throws `bad-cube-file` if there is no such section. */
  readonly section: (name: string) => Uint8Array;
  readonly fact: (name: string) => unknown;
}

/** Counts of weighted events are multiples of this, so that sums are exact in whatever order. */
export const COUNT_STEP = 2 ** -12;

/** A number of rows that a file claims. Throws `bad-cube-file`. */
export function savedCount(value: unknown): number {
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0 || value > 2 ** 32)
    throw cubeError("bad-cube-file", { reason: "a count is no count" });
  return value;
}
