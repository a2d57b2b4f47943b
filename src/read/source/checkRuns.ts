/** A run may pass the end of its values by so many: packed runs are padded to whole groups of eight. */
const PADDING = 64;

/** What is read of a page by runs: values of so many bits each, in bytes [at, end). */
export interface Runs {
  readonly at: number;
  readonly end: number;
  readonly bits: number;
  /** Values that there are at the most. */
  readonly values: number;
}

/**
 * Walks the runs of Parquet's hybrid of run lengths and packed bits without unpacking them, and refuses one that is much
 * longer than there are values: a decoder that believes it fills memory for as long as there is any.
 *
 * Throws `RangeError`.
 */
export function checkRuns(page: Uint8Array, { at, end, bits, values }: Runs): void {
  let seen = 0;
  while (seen < values && at < end) {
    let header = 0;
    for (let scale = 1; ; scale *= 128) {
      if (at >= end || scale > 2 ** 35) throw new RangeError("a run ends behind its page");
      const byte = page[at++]!;
      header += (byte & 127) * scale;
      if (byte < 128) break;
    }
    const isPacked = header % 2 === 1;
    const count = isPacked ? Math.floor(header / 2) * 8 : header / 2;
    if (count > values - seen + PADDING) throw new RangeError("a run is longer than its page");
    at += isPacked ? (count / 8) * bits : Math.ceil(bits / 8);
    seen += count;
  }
}
