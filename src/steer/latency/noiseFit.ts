import { Random } from "../../core/random.js";
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
}

const NUGGETS = [0.0003, 0.003, 0.03, 0.15];
/** Pairs that a nugget is chosen by; and the ones asked where each pair has neighbours of its own. */
const MOST_TO_CHOOSE_BY = 600;
const MOST_TO_ASK = 200;
/** Standard deviations beyond which a pair counts for less, and how often that is looked at. */
const ODD = 3;
const ROUNDS = 2;
/** Below this many pairs the normal distribution's width is taken. */
const LEAST_PAIRS = 20;
const NORMAL_WIDTH = 1.6449;

/** A pair as the others tell of it. */
interface HeldOut extends Posterior {
  readonly row: number;
}

/**
 * Learns the noise of pairs from the pairs themselves, each predicted without itself: the nugget is the one with the
 * least mean error; pairs that are odd even so count for less (reweighting as for Student's t); the width of intervals
 * is the 90% quantile of standardized errors (cross-conformal prediction, Vovk 2015).
 */
export function fitNoise(data: PairData, near: Neighbourhoods | null): NoiseFit {
  const nugget = chooseNugget(data, near);
  let noise = noiseOf(data, nugget);
  let heldOut = near === null ? leaveOneOut(data, noise, all(data)) : askNear(data, near, noise);
  for (let round = 0; near === null && round < ROUNDS; round++) {
    noise = withOddity(data, nugget, heldOut);
    heldOut = leaveOneOut(data, noise, all(data));
  }
  return { nugget, noise, width: widthOf(data, nugget, noise, heldOut) };
}

function chooseNugget(data: PairData, near: Neighbourhoods | null): number {
  const rows = sample(all(data), MOST_TO_CHOOSE_BY);
  const errors = NUGGETS.map((nugget) => {
    const noise = noiseOf(data, nugget);
    const heldOut = near === null ? leaveOneOut(data, noise, rows) : askNear(data, near, noise);
    return heldOut.reduce((sum, { row, mean }) => sum + Math.abs(data.residual[row]! - mean), 0);
  });
  return NUGGETS[errors.indexOf(Math.min(...errors))] ?? NUGGETS[0]!;
}

function noiseOf({ own, chance }: PairData, nugget: number): Float64Array {
  return own.map((variance, row) => variance + nugget + chance[row]!);
}

function leaveOneOut(data: PairData, noise: Float64Array, rows: Uint32Array): HeldOut[] {
  return new PairProcess(data, rows, noise).leaveOneOut().map((told, i) => ({ row: rows[i]!, ...told }));
}

function askNear(data: PairData, near: Neighbourhoods, noise: Float64Array): HeldOut[] {
  return [...sample(all(data), MOST_TO_ASK)].map((row) => {
    const rows = near.around(data.client[row]!);
    return { row, ...new PairProcess(data, rows, noise).without(rows.indexOf(row)) };
  });
}

function withOddity(data: PairData, nugget: number, heldOut: readonly HeldOut[]): Float64Array {
  const noise = noiseOf(data, nugget);
  const scores = heldOut.map(({ row, mean, variance }) => Math.abs(data.residual[row]! - mean) / Math.sqrt(variance));
  const scale = quantile(scores, 0.5) / 0.6745 || 1;
  heldOut.forEach(({ row, variance }, i) => {
    const odd = scores[i]! / (ODD * scale);
    if (odd > 1) noise[row]! += (variance * (odd * odd - 1)) / 2;
  });
  return noise;
}

function widthOf(data: PairData, nugget: number, noise: Float64Array, heldOut: readonly HeldOut[]): number {
  if (heldOut.length < LEAST_PAIRS) return NORMAL_WIDTH;
  const plain = noiseOf(data, nugget);
  const scores = heldOut.map(({ row, mean, variance }) => {
    const fresh = variance - noise[row]! + plain[row]!;
    return Math.abs(data.residual[row]! - mean) / Math.sqrt(fresh);
  });
  return quantile(scores, 0.9);
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
