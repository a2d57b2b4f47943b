/** Turns complete lines into rows of the columns that it was made for. */
export interface LineDecoder {
  /**
   * Reads the lines of bytes[start, end) until the columns are full.
   *
   * Every line ends in a newline; at least 16 bytes behind `end` may be read.
   *
   * @param last - nothing follows; otherwise a record that does not end before `end` may be left for later
   * @returns where the first line not read begins; `end` if all were. Less than `end` while the columns are not full
   *   means that more bytes are needed
   */
  scan(bytes: Uint8Array, start: number, end: number, last: boolean): number;
}

/** Where lines that are no events are told of. */
export interface LineSink {
  /** Lines met so far, this one included. */
  line: number;
  skipped: number;
  reject(reason: import("./readReport.js").RejectReason, bytes: Uint8Array, start: number, end: number): void;
}
