/**
 * Which sites to open so that serving all rows costs least: the k-median (p-median) problem with weights, costs of
 * opening, capacities, and sites that are open already.
 */
export interface MedianProblem {
  readonly rows: number;
  readonly sites: number;
  /** Site-major sites × rows: what a unit of weight of the row costs there; finite, 0 or more. */
  readonly costs: Float64Array;
  /** Of each row, 0 or more. */
  readonly weights: Float64Array;
  /** Of each site, in cost × weight; 0 or more. */
  readonly opening: Float64Array;
  /** The most weight a site takes; null where no site has a limit. A row may be split. */
  readonly capacity: Float64Array | null;
  /** 1 where a site is open already: it does not count towards `k`, and its opening costs nothing. */
  readonly isFixed: Uint8Array;
  /** The most sites that may be opened. */
  readonly k: number;
}

export interface MedianSolution {
  /** The sites opened, ascending, without those that were open. */
  readonly opened: readonly number[];
  /** Of serving all rows, openings included; Infinity if no set of sites can. */
  readonly cost: number;
  /** No choice of sites costs less than this. */
  readonly bound: number;
  /** Whether `cost` is proven the least. */
  readonly isExact: boolean;
}
