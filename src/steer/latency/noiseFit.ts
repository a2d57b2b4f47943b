import { Random } from "../../core/random.js";
import { type KernelLengths, USUAL_LENGTHS } from "./endKernel.js";
import type { Neighbourhoods } from "./neighbourhoods.js";
import type { PairData } from "./pairData.js";
import { PairProcess, type Posterior } from "./pairProcess.js";

/** What is learned about how far pairs stray from what other pairs tell of them. */
export interface NoiseFit {
  /** Variance of what every pair has to itself. */
  readonly nugget: number;
  /** By pair: all that no other pair tells of, chance and oddity included. */
  readonly noise: Float64Array;
  /** How many standard deviations to each side hold 90% of the truths. */
  readonly width: number;
  readonly lengths: KernelLengths;
}

const NUGGETS = [0.0003, 0.003, 0.03, 0.15];
/** Lengths to choose from, and the fewest pairs to choose by. */
const LENGTHS: readonly KernelLengths[] = [
  USUAL_LENGTHS,
  { wideKm: 6000, nearKm: 600 },
  { wideKm: 24_000, nearKm: 600 },
  { wideKm: 12_000, nearKm: 300 },
  { wideKm: 12_000, nearKm: 1200 },
];
const LEAST_TO_CHOOSE = 100;
/** Errors within a few per cent of each other are told apart by chance. */
const CLEARLY_LESS = 0.97;
/** Pairs that a nugget is chosen by; and the ones asked where each pair has neighbours of its own. */
const MOST_TO_CHOOSE_BY = 600;
const MOST_TO_ASK = 200;
/** A pair counts for less from so many times the error on that nine of ten stay below. */
const ODD = 20;
/** Below this many pairs the normal distribution's width is taken. */
const LEAST_PAIRS = 20;
const NORMAL_WIDTH = 1.6449;

/** A pair as the others tell of it. */
interface HeldOut extends Posterior {
  readonly row: number;
}

/**
 * Learns from the pairs themselves, each predicted without itself: the nugget, and then the lengths over which detours are
 * alike, are those with the least mean error; the width of intervals is the 90% quantile of standardized errors
 * (cross-conformal prediction, Vovk 2015); pairs that are far off even so, as a wrong entry is, count for less (reweighting
 * as for Student's t).
 */
export function fitNoise(usual: PairData, near: Neighbourhoods | null): NoiseFit {
  const rows = sample(all(usual), MOST_TO_CHOOSE_BY);
  const error = (data: PairData, nugget: number): number =>
    heldOutOf(data, noiseOf(data, nugget), near, rows).reduce(
      (sum, { row, mean }) => sum + Math.abs(data.residual[row]! - mean),
      0,
    );
  const nugget = best(NUGGETS, (one) => error(usual, one));
  // Where each pair has neighbours of its own, trying lengths takes too long, and near pairs tell most whatever they are.
  const choice = near === null && rows.length >= LEAST_TO_CHOOSE ? LENGTHS : [USUAL_LENGTHS];
  const lengths = best(choice, (one) => error({ ...usual, lengths: one }, nugget), CLEARLY_LESS);
  const data = { ...usual, lengths };
  const noise = noiseOf(data, nugget);
  const heldOut = heldOutOf(data, noise, near, all(data));
  const width = widthOf(data, heldOut);
  return { nugget, noise: withOddity(data, noise, heldOut, width), width, lengths };
}

/** The one with the least error; the first, unless that is less than `margin` times its error. */
function best<T>(choices: readonly T[], errorOf: (choice: T) => number, margin = 1): T {
  if (choices.length === 1) return choices[0]!;
  const errors = choices.map(errorOf);
  const least = Math.min(...errors);
  return least < margin * errors[0]! ? choices[errors.indexOf(least)]! : choices[0]!;
}

function heldOutOf(data: PairData, noise: Float64Array, near: Neighbourhoods | null, rows: Uint32Array): HeldOut[] {
  if (near === null)
    return new PairProcess(data, rows, noise).leaveOneOut().map((told, i) => ({ row: rows[i]!, ...told }));
  return Array.from(sample(rows, MOST_TO_ASK), (row) => {
    const around = near.around(data.client[row]!);
    return { row, ...new PairProcess(data, around, noise).without(around.indexOf(row)) };
  });
}

function noiseOf({ own, chance }: PairData, nugget: number): Float64Array {
  return own.map((variance, row) => variance + nugget + chance[row]!);
}

function withOddity(data: PairData, noise: Float64Array, heldOut: readonly HeldOut[], width: number): Float64Array {
  const out = noise.slice();
  for (const one of heldOut) {
    const odd = scoreOf(data, one) / (ODD * width);
    if (odd > 1) out[one.row]! += one.variance * (odd * odd - 1) * width * width;
  }
  return out;
}

function widthOf(data: PairData, heldOut: readonly HeldOut[]): number {
  if (heldOut.length < LEAST_PAIRS) return NORMAL_WIDTH;
  const scores = heldOut.map((one) => scoreOf(data, one));
  return quantile(scores, 0.9);
}

/** How many standard deviations a pair is off. */
function scoreOf({ residual }: PairData, { row, mean, variance }: HeldOut): number {
  return Math.abs(residual[row]! - mean) / Math.sqrt(variance);
}

/** The value of rank ⌈q (n + 1)⌉, as conformal prediction asks for. */
function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length, Math.ceil(q * (sorted.length + 1))) - 1] ?? 0;
}

function all({ residual }: PairData): Uint32Array {
  return Uint32Array.from(residual, (_, row) => row);
}

/** At most so many rows, drawn without replacement and always the same. */
function sample(rows: Uint32Array, most: number): Uint32Array {
  if (rows.length <= most) return rows;
  const random = new Random(1);
  const left = rows.slice();
  for (let i = 0; i < most; i++) {
    const j = i + Math.floor(random.next() * (left.length - i));
    [left[i], left[j]] = [left[j]!, left[i]!];
  }
  return left.subarray(0, most).sort();
}
