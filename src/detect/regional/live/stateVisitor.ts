/** Columns of numbers that a detector's state is made of. */
export type StateColumn = Uint8Array | Uint16Array | Uint32Array | Int32Array | Float32Array | Float64Array;

/**
 * Is shown every piece of a detector's state by name, to note it or to put back what was noted. One walk thus serves all:
 * a detector is saved, goes on with more sites, and drops the rows of buckets long gone.
 *
 * Sites are only ever added behind those that are there, and so are level groups.
 */
export interface StateVisitor {
  /** A column with `width` values for each site, those of a site side by side. */
  sites(name: string, column: StateColumn, width?: number): void;
  /** A column of rows of sites: a row an hour of the week. */
  rows(name: string, column: StateColumn): void;
  /** A column of rows of `width` values, a row a bucket. */
  buckets(name: string, column: StateColumn, width: number): void;
  /** A column of which what is there is kept; it may be longer afterwards. */
  values(name: string, column: StateColumn): void;
  number(name: string, value: number, put: (value: number) => void): void;
  /** A bucket's number. */
  bucket(name: string, value: number, put: (value: number) => void): void;
  /** Anything that JSON can say. `bucketNumber` of a bucket is the same however often rows were dropped. */
  json<T>(name: string, value: () => T, put: (value: T) => void): void;
  /** The number, counted from 1970, of the bucket of row 0. */
  readonly firstBucket: number;
}

/** A part of a detector that can be saved and go on elsewhere. */
export interface Stateful {
  visit(visitor: StateVisitor): void;
}
