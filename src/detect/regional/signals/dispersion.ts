import type { StateVisitor } from "../live/stateVisitor.js";
import type { EvidenceKind, Spread } from "../scan/evidence.js";

/** A class of expectations is worth this many windows that vary by no more than was believed before. */
const PRIOR_WINDOWS = 20;
/** … and the mean of all classes this many that vary by chance alone. */
const POOLED_PRIOR = 5;
/** A residual further out than this many deviations is an anomaly, not noise: it counts as one that far out. */
const CAP = 4;
const FORGET = 0.9995;
/** Relative variance that a zone is believed to have beyond chance before anything is known: 5% up and down. */
const PRIOR_VARIANCE = 0.0025;
/** Classes of expectations: a power of two each, from 1/8 on. */
const FIRST_CLASS = -3;
export const CLASSES = 26;
/** How much each class is believed to vary before anything is known. */
const PRIORS = Float64Array.from({ length: CLASSES }, (_, k) => 1 + PRIOR_VARIANCE * 1.4 * 2 ** (k + FIRST_CLASS));

/**
 * Learns by how much the sums of a window vary more than counts of independent events do: variance over expectation, for
 * zones of each size, as what hangs together (sessions, cities, a country's mood) differs from size to size.
 *
 * Residuals are taken from windows that do not overlap, those of drops from below alone: bursts up tell nothing of how far
 * down traffic goes. Outliers are capped, and a larger zone is taken to vary at least as much as a smaller one.
 */
export class Dispersion {
  readonly #kind: EvidenceKind;
  readonly #squares = new Float64Array(CLASSES);
  readonly #windows = new Float64Array(CLASSES);
  #factors: Float64Array | null = null;

  constructor(kind: EvidenceKind) {
    this.#kind = kind;
  }

  /** Takes in a window's sums by zone: pairs of observed and expected. */
  learn(pairs: Float64Array, zones: number): void {
    const factors = this.#learned();
    for (let k = 0; k < CLASSES; k++) {
      this.#squares[k]! *= FORGET;
      this.#windows[k]! *= FORGET;
    }
    for (let z = 0; z < zones; z++) {
      const e = pairs[2 * z + 1]!;
      if (e < 0.125) continue;
      const k = classOf(e);
      const cap = CAP * CAP * factors[k]! + (CAP * CAP) / e;
      this.#squares[k]! += Math.min(cap, this.#square(pairs[2 * z]!, e));
      this.#windows[k]!++;
    }
    this.#factors = null;
  }

  /** The same where the loop is a kernel's: `take` is given squares, windows and factors by class. */
  learnBy(take: (squares: Float64Array, windows: Float64Array, factors: Float64Array) => void): void {
    take(this.#squares, this.#windows, this.#learned());
    this.#factors = null;
  }

  /** The spread as learned so far. */
  spread(): Spread {
    const factors = this.#learned();
    return { extra: (expected) => expected * (factorAt(factors, expected) - 1) };
  }

  visit(v: StateVisitor, name: string): void {
    v.values(`${name}.squares`, this.#squares);
    v.values(`${name}.windows`, this.#windows);
    this.#factors = null;
  }

  #square(observed: number, expected: number): number {
    if (this.#kind === "latency") return (observed * observed) / expected;
    const residual = observed - expected;
    if (this.#kind === "errors") return (residual * residual) / expected;
    return residual < 0 ? (2 * residual * residual) / expected : 0;
  }

  #learned(): Float64Array {
    if (this.#factors !== null) return this.#factors;
    const factors = new Float64Array(CLASSES);
    let least = 1;
    const pooled = this.#pooled();
    for (let k = 0; k < CLASSES; k++) {
      const prior = Math.max(least, pooled, PRIORS[k]!);
      const learned = (this.#squares[k]! + PRIOR_WINDOWS * prior) / (this.#windows[k]! + PRIOR_WINDOWS);
      least = factors[k] = Math.max(least, learned);
    }
    this.#factors = factors;
    return factors;
  }

  /** The mean of all windows: what a class of which little was seen yet is believed to have at least. */
  #pooled(): number {
    let [squares, windows] = [POOLED_PRIOR, POOLED_PRIOR];
    for (let k = 0; k < CLASSES; k++) {
      squares += this.#squares[k]!;
      windows += this.#windows[k]!;
    }
    return squares / windows;
  }
}

/** No more than chance. */
export const NO_SPREAD: Spread = { extra: () => 0 };

function classOf(expected: number): number {
  // The whole part of log2(8 e), exactly: 8 e is at least 1.
  return Math.min(CLASSES - 1, 31 - Math.clz32(Math.min(8 * expected, 2 ** 31)));
}

/** Between the middles of two classes, what lies between; above the last with data it grows as relative variances do. */
function factorAt(factors: Float64Array, expected: number): number {
  if (!(expected > 0)) return 1;
  const at = Math.log2(expected) - FIRST_CLASS - 0.5;
  if (at <= 0) return factors[0]!;
  if (at >= CLASSES - 1) return factors[CLASSES - 1]!;
  const k = Math.floor(at);
  const part = at - k;
  return factors[k]! * (1 - part) + factors[k + 1]! * part;
}
