import type { TimeBlocks } from "./timeBlocks.js";

/** How many requests each row stands for. */
export interface EventWeights {
  /** Multiples of `COUNT_STEP`, so that sums of them are exact in whatever order. */
  readonly exact: Float64Array;
  /** Whole numbers that are the same on average: lists and sketches count so. */
  readonly whole: Uint32Array;
}

/** A batch of events in a cube's own numbers; columns have `length` rows, some of them more. */
export interface EncodedEvents {
  readonly length: number;
  readonly bucketMs: number;
  /** The bucket of the earliest event, counted from 1970. */
  readonly firstBucket: number;
  /** How many buckets, places and values of each dimension there may be. */
  readonly sizes: readonly number[];
  readonly timeMs: Float64Array;
  /** The times once more, block by block. */
  readonly blocks: TimeBlocks;
  /** Ids of the events' own place table. */
  readonly place: Uint32Array;
  /** Row of the cube's places + 1, by place id. */
  readonly rowOfPlace: Uint32Array;
  /** Codes of the cube's dimensions. */
  readonly codes: readonly Uint32Array[];
  readonly status: Uint16Array;
  readonly bytes: Float64Array;
  readonly latencyMs: Float32Array;
  /** How many requests each row stands for; undefined if each is one. */
  readonly weights?: EventWeights | undefined;
  /** Codes of `ClientCodes`; without rows if clients are not kept. */
  readonly client: Uint32Array;
  readonly userLow: Uint32Array;
  readonly userHigh: Uint32Array;
}
