import type { DetectorState } from "./detectorState.js";

/** What is saved of the regional detectors; null before their first bucket. */
export interface RegionalState {
  readonly started: number;
  readonly first: number;
  readonly capacity: number;
  readonly pendingSince: number;
  /** Of the places, then of each dimension's values. */
  readonly series: readonly {
    readonly book: unknown;
    /** How many there is room for, and how many are known; default all. */
    readonly sites: number;
    readonly known?: number;
    readonly states: ReadonlyMap<string, DetectorState>;
  }[];
  readonly world: readonly DetectorState[];
}
