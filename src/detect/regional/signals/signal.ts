import type { Stateful } from "../live/stateVisitor.js";
import type { EvidenceKind } from "../scan/evidence.js";

/** One kind of evidence, bucket by bucket: what was observed and what was to be expected, from the past alone. */
export interface Signal extends Stateful {
  readonly kind: EvidenceKind;
  /** The smallest count (of errors) or expectation that is judged at all. */
  readonly minimum: number;
  /** Writes bucket `t` by site; expectation 0 where it cannot be told. */
  fill(t: number, observed: Float32Array, expected: Float32Array): void;
  /** Takes bucket `t` in as past. `masked` is odd for each site that was in an incident then. */
  learn(t: number, masked: Uint8Array): void;
  /** Relative variance of each site's own expectation. */
  readonly own: Float64Array;
  /** Relative standard deviation of each site's expectation that it shares with others. */
  readonly shared: Float64Array;
  /**
   * The least that came at these sites at such hours of such days so far, over buckets [from, to]: the past itself rather than
   * what was fitted to it.
   * Null where there is no such past, or where it tells no more.
   *
   * @param expected - expectations by bucket and site, for how far these buckets lie from the season
   * @param masked - not 0 for what of them is looked at no longer
   */
  pastOf?(
    sites: readonly number[],
    from: number,
    to: number,
    expected: Float32Array,
    masked: Uint8Array,
  ): number | null;
  /** Takes in sites that are known now, from one on, where there was room for them. */
  admit?(from: number): void;
  /** Whether there is history enough to judge bucket `t`. */
  ready(t: number): boolean;
}
