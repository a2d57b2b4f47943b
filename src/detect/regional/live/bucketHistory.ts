import { Cube } from "../../../cube/cube.js";
import { effectiveRequests } from "../../../cube/verbs/effectiveRequests.js";
import type { FleetBucket } from "./instanceShares.js";

/** Buckets that closed, for those who look back. */
export interface BucketHistory {
  /** Their traffic as one cube; the same object as long as no bucket was added. */
  readonly cube: Cube;
  /** A cube without groups, with the tables of all. */
  readonly tables: Cube;
}

/** How much of a bucket is known. */
export interface BucketCoverage {
  /** Whether some of what came may have been lost: then nothing is told by how much came. */
  readonly isPartial: boolean;
  /** Who counted it, where several do. */
  readonly fleet?: FleetBucket;
}

/** A bucket of which everything is known. */
export const WHOLE: BucketCoverage = { isPartial: false };

/** The same with rows that count as much evidence as they are; made when it is asked for. */
export class EvidenceHistory {
  readonly #history: BucketHistory;
  #kept: { readonly of: Cube; readonly cube: Cube } | undefined;

  constructor(history: BucketHistory) {
    this.#history = history;
  }

  get cube(): Cube {
    const { cube } = this.#history;
    if (this.#kept?.of !== cube) this.#kept = { of: cube, cube: evidenceOf(cube) };
    return this.#kept.cube;
  }
}

/** Evidence goes by what rows are worth, not by the requests that they stand for. */
export function evidenceOf(cube: Cube): Cube {
  return cube.groups.squares ? new Cube(effectiveRequests(cube.parts)) : cube;
}
