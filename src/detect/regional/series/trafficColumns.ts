/** The smallest things a regional detector tells apart: a place, split by the dimensions that zones may be made of. */
export interface Sites {
  readonly length: number;
  /** How many of them there are yet, where the others are room for more. Default all. */
  readonly known?: number;
  /** Index of the country in `countries`; 0 is unknown. */
  readonly country: Uint32Array;
  /** Index of the subdivision in `regions`; 0 is unknown. */
  readonly region: Uint32Array;
  /** Index of the city in `cities`; 0 is unknown. */
  readonly city: Uint32Array;
  /** Degrees; NaN where unknown. */
  readonly lat: Float64Array;
  readonly lon: Float64Array;
  /** ISO 3166-1 alpha-2. */
  readonly countries: readonly string[];
  /** Name and country of each subdivision. */
  readonly regions: readonly { readonly name: string; readonly country: string }[];
  readonly cities: readonly { readonly name: string; readonly region: string; readonly country: string }[];
  /** Dimensions that split places (a PoP, a network): the value of each site. */
  readonly splits: readonly {
    readonly name: string;
    readonly codes: Uint32Array;
    readonly values: readonly string[];
  }[];
}

/** Requests by site and bucket: row-major, a row a bucket, a column a site. */
export interface Traffic {
  /** Start of bucket 0, epoch milliseconds. */
  readonly originMs: number;
  readonly bucketMs: number;
  /** Closed buckets only: one that may still receive requests is left out. */
  readonly bucketCount: number;
  /** Buckets that there is room for, where more are to come. Default `bucketCount`. */
  readonly capacity?: number;
  /** When watching began, epoch milliseconds, where the rows since then are no longer all there. Default `originMs`. */
  readonly startedMs?: number;
  readonly sites: Sites;
  readonly requests: Float32Array;
  readonly errors: Float32Array;
  /** Visits, the independent units of evidence: distinct clients of a bucket, or requests where clients are not known. */
  readonly visits: Float32Array;
  /** Visits that failed: each client's share of requests that did, summed. */
  readonly failed: Float32Array;
  /** Requests that were turned away (a status of 400 to 499 that is no error), and the visits that they are the share of. */
  readonly refused: Float32Array;
  readonly refusedVisits: Float32Array;
  /** The first bucket that most sources cover; default 0. */
  readonly firstBucket?: number | undefined;
  /** The share of a site's traffic whose sources report; default all of it, always. */
  readonly reported?: Float32Array | undefined;
  readonly latency: LatencyRows;
}

/** How many buckets since watching began are no longer there. */
export function droppedBuckets({ originMs, startedMs = originMs, bucketMs }: Traffic): number {
  return Math.round((originMs - startedMs) / bucketMs);
}

/** Latencies by bucket: the entries of bucket t are rows [starts[t], starts[t + 1]). */
export interface LatencyRows {
  readonly starts: Uint32Array;
  readonly site: Uint32Array;
  /** Logarithmic bin, {@link SERIES_LATENCY_BINS} of them. */
  readonly bin: Uint16Array;
  readonly count: Uint32Array;
  /** The same in visits: a client's many requests weigh as much as another's one. */
  readonly weight: Float32Array;
}

/** Bins of the cube are taken four together, 16 an octave: ranks need no finer ones. */
const BINS_TOGETHER = 4;
/** 64 bins an octave from 2^-20 ms: what is below 2^-5 ms (30 µs) counts in the first bin. */
const FIRST_BIN = 15 * 64 + 1;
/** 24 octaves: what is above 2^19 ms (9 minutes) counts in the last bin. */
export const SERIES_LATENCY_BINS = 24 * 16;

/** The bin here of a bin of the cube. */
export function coarseBin(cubeBin: number): number {
  const bin = Math.floor((cubeBin - FIRST_BIN) / BINS_TOGETHER);
  return bin < 0 ? 0 : bin < SERIES_LATENCY_BINS ? bin : SERIES_LATENCY_BINS - 1;
}

/** The middle of a bin, in milliseconds. */
export function latencyOfBin(bin: number): number {
  return 2 ** (-5 + Math.floor(bin / 16)) * (1 + ((bin % 16) + 0.5) / 16);
}
