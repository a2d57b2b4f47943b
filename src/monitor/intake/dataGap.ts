const DAY_MS = 86_400_000;

/** A gap as it is saved: `to` is null while nothing has come since. */
export interface GapState {
  readonly from: number;
  readonly to: number | null;
}

/**
 * Slices of which part is not known: what waited was lost with the process, or nothing was counted while it was down. Their
 * buckets are no data, which is no evidence.
 */
export class DataGap {
  #from = Number.POSITIVE_INFINITY;
  #to = Number.NEGATIVE_INFINITY;
  readonly #longest: number;

  /** @param sliceMs - a gap is a day long at the most: what does not come back for longer is silence */
  constructor(sliceMs: number) {
    this.#longest = Math.ceil(DAY_MS / sliceMs);
  }

  /** Whether nothing has come since it began. */
  get isOpen(): boolean {
    return this.#to === Number.POSITIVE_INFINITY;
  }

  covers(slice: number): boolean {
    return slice >= this.#from && slice <= Math.min(this.#to, this.#from + this.#longest);
  }

  /** Begins a gap, or goes on with the one that lasts. @param slice - the first that may be incomplete */
  begin(slice: number): void {
    if (!this.isOpen && !this.covers(slice)) this.#from = slice;
    this.#to = Number.POSITIVE_INFINITY;
  }

  /** @param slice - the last that may be incomplete: the one of the first events since */
  end(slice: number): void {
    this.#to = slice;
  }

  save(): GapState | null {
    if (!Number.isFinite(this.#from)) return null;
    return { from: this.#from, to: this.isOpen ? null : this.#to };
  }

  restore(state: GapState | null | undefined): void {
    this.#from = state?.from ?? Number.POSITIVE_INFINITY;
    this.#to =
      state === null || state === undefined ? Number.NEGATIVE_INFINITY : (state.to ?? Number.POSITIVE_INFINITY);
  }
}
