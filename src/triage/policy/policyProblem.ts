/** Something wrong with a policy. */
export interface PolicyProblem {
  /** `routes[2].match.region`; empty for the whole. */
  readonly path: string;
  /** Counts from 1. */
  readonly line: number;
  readonly problem: string;
}
