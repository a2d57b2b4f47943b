/** Counts by place and time that come from elsewhere than a log: probes that answered, sales, sessions. */
export interface PlaceCounts {
  /** Start of the first bucket, epoch milliseconds. */
  readonly originMs: number;
  readonly bucketMs: number;
  readonly places: readonly {
    /** ISO 3166-1 alpha-2. */
    readonly country: string;
    readonly region?: string;
    readonly city?: string;
    /** Degrees. */
    readonly lat: number;
    readonly lon: number;
  }[];
  /**
   * Counts of each place, a row of one length each. NaN, null and undefined are "no data" and count as the place's last
   * known count; what is below 0 is refused (many exports write -1 for "no data": make it NaN).
   */
  readonly counts: readonly ArrayLike<number | null | undefined>[];
}
