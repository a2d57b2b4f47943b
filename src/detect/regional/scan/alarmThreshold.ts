import type { StateVisitor } from "../live/stateVisitor.js";

/** How many peaks the belief in well calibrated probabilities is worth. */
const PRIOR_PEAKS = 60;
/** Fewer peaks than this are not extrapolated. */
const MIN_PEAKS = 12;
/** The last peaks are those that the tail is fitted to. */
const MOST_PEAKS = 2000;

/**
 * Tells how surprising the most surprising zone of a bucket must be, so that quiet traffic alarms as often as promised.
 *
 * A zone's negLogP is -ln of its probability by chance, and the most surprising of thousands of overlapping zones and
 * windows is surprising every hour. How surprising is learned from the log itself: the peaks of past blocks of time,
 * beyond their median, follow an exponential tail (peaks over threshold), extrapolated to the promised rate. Where
 * probabilities are exact its scale is 1; a scale above 1 is what the model does not know.
 */
export class AlarmThreshold {
  readonly #peaks: number[] = [];
  readonly #blockBuckets: number;
  readonly #blocksPerWeek: number;
  readonly #logTests: number;
  #current = 0;
  #filled = 0;
  #fit: { base: number; scale: number } | null = null;

  /**
   * @param blockBuckets - buckets in a block: long enough that peaks of two blocks are nearly independent
   * @param blocksPerWeek - blocks in a week
   * @param logTests - ln of about how many independent zones and windows a week has, until peaks tell
   */
  constructor(blockBuckets: number, blocksPerWeek: number, logTests: number) {
    this.#blockBuckets = blockBuckets;
    this.#blocksPerWeek = blocksPerWeek;
    this.#logTests = logTests;
  }

  /** The largest negLogP of the block so far: smaller ones tell nothing more. */
  get peak(): number {
    return this.#current;
  }

  /** Takes in the largest negLogP of one more bucket. */
  push(negLogP: number): void {
    this.#current = Math.max(this.#current, negLogP);
    if (++this.#filled < this.#blockBuckets) return;
    this.#peaks.push(this.#current);
    if (this.#peaks.length >= 2 * MOST_PEAKS) this.#peaks.splice(0, MOST_PEAKS);
    this.#current = 0;
    this.#filled = 0;
    this.#fit = null;
  }

  /** The negLogP beyond which there are, on quiet traffic, `alarmsPerWeek` blocks a week. */
  at(alarmsPerWeek: number): number {
    if (this.#peaks.length < MIN_PEAKS) return this.#logTests - Math.log(alarmsPerWeek);
    this.#fit ??= this.#fitTail();
    return this.#fit.base + this.#fit.scale * Math.log(this.#blocksPerWeek / 2 / alarmsPerWeek);
  }

  /** Peaks so far and the tail shrinkToFit to them: for those who want to see what a threshold rests on. */
  describe(): { readonly peaks: number; readonly base: number; readonly scale: number } {
    return { peaks: this.#peaks.length, ...(this.#fit ?? { base: this.#logTests, scale: 1 }) };
  }

  visit(v: StateVisitor): void {
    v.json(
      "threshold",
      () => ({ peaks: this.#peaks.slice(-MOST_PEAKS), current: this.#current, filled: this.#filled }),
      ({ peaks, current, filled }) => {
        this.#peaks.splice(0, this.#peaks.length, ...peaks);
        [this.#current, this.#filled, this.#fit] = [current, filled, null];
      },
    );
  }

  #fitTail(): { base: number; scale: number } {
    const sorted = this.#peaks.slice(-MOST_PEAKS).sort((a, b) => a - b);
    const base = sorted[sorted.length >> 1]!;
    const beyond = sorted.filter((v) => v > base);
    const sum = beyond.reduce((total, v) => total + Math.min(v - base, 12), 0);
    return { base, scale: Math.max(0.6, (sum + PRIOR_PEAKS) / (beyond.length + PRIOR_PEAKS)) };
  }
}
