/** Turns complete lines into rows of the columns that it was made for. */
export interface LineDecoder {
  /**
   * Reads the lines of bytes[start, end) until the columns are full.
   *
   * Every line ends in a newline; at least 16 bytes behind `end` may be read.
   *
   * @returns where the first line not read begins; `end` if all were
   */
  scan(bytes: Uint8Array, start: number, end: number): number;
}

/** Where lines that are no events are told of. */
export interface LineSink {
  /** Lines met so far, this one included. */
  line: number;
  skipped: number;
  reject(reason: import("./readReport.js").RejectReason, bytes: Uint8Array, start: number, end: number): void;
}
