import type { EvidenceKind, Spread } from "../scan/evidence.js";

/** Window sums count this many times, to begin with, as if they showed no more than chance. */
const PRIOR_WINDOWS = 20;
/** A residual further out than this many deviations is an anomaly, not noise: it counts as one that far out. */
const CAP = 4;
const FORGET = 0.9995;

/**
 * Learns how much more than chance the sums of a window vary: of single sites, and of whole zones (level groups).
 *
 * Method of moments on windows that do not overlap. Of a zone's relative extra variance, what its sites explain by
 * themselves falls as they are more; the rest is the zone's own.
 */
export class Dispersion {
  readonly #kind: EvidenceKind;
  readonly #site: { excess: number; square: number };
  readonly #zone: { excess: number; square: number; sites: number };

  constructor(kind: EvidenceKind, priorExpected: number) {
    this.#kind = kind;
    const prior = PRIOR_WINDOWS * priorExpected * priorExpected;
    this.#site = { excess: 0, square: prior };
    this.#zone = { excess: 0, square: prior, sites: 0 };
  }

  /** Takes in a window's sums by site and by group. */
  learn(observed: Float64Array, expected: Float64Array, groupOf: Uint32Array, groups: number): void {
    const o = new Float64Array(groups);
    const e = new Float64Array(groups);
    const squares = new Float64Array(groups);
    this.#fade();
    let { excess, square } = this.#site;
    for (let p = 0; p < observed.length; p++) {
      const m = expected[p]!;
      if (m <= 0) continue;
      excess += this.#excess(observed[p]!, m, excess / square);
      square += m * m;
      const g = groupOf[p]!;
      o[g]! += observed[p]!;
      e[g]! += m;
      squares[g]! += m * m;
    }
    this.#site.excess = excess;
    this.#site.square = square;
    for (let g = 0; g < groups; g++) {
      if (e[g]! <= 0) continue;
      this.#zone.excess += this.#excess(o[g]!, e[g]!, this.#zone.excess / this.#zone.square);
      this.#zone.square += e[g]! * e[g]!;
      this.#zone.sites += squares[g]!;
    }
  }

  /** The spread as learned so far. */
  spread(): Spread {
    const site = Math.max(0, this.#site.excess / this.#site.square);
    const zone = Math.max(0, (this.#zone.excess - site * this.#zone.sites) / this.#zone.square);
    return { site, zone };
  }

  #excess(observed: number, expected: number, extra: number): number {
    const variance = expected + Math.max(0, extra) * expected * expected;
    const residual = this.#kind === "latency" ? observed : observed - expected;
    return Math.min(residual * residual, CAP * CAP * variance) - expected;
  }

  #fade(): void {
    this.#site.excess *= FORGET;
    this.#site.square *= FORGET;
    this.#zone.excess *= FORGET;
    this.#zone.square *= FORGET;
    this.#zone.sites *= FORGET;
  }
}
