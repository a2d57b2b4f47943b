/** What one place lost in an outage, in its own worst hours. */
export interface PlaceOutage {
  readonly place: number;
  readonly startMs: number;
  /** null while it lasts. */
  readonly endMs: number | null;
  readonly observed: number;
  readonly expected: number;
}

/** A drop in counts: where, and from when to when. */
export interface CountOutage {
  /** Numbers of the places affected. */
  readonly places: readonly number[];
  /** Each of them by itself. */
  readonly parts: readonly PlaceOutage[];
  /** Of the first place that lost so much. */
  readonly startMs: number;
  /** null while it lasts. */
  readonly endMs: number | null;
  /** End of the bucket after which it was told. */
  readonly detectedAtMs: number;
  readonly observed: number;
  readonly expected: number;
}
