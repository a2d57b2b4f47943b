declare module "unbzip2-stream/lib/bit_iterator.js" {
  /** Reads so many bits; null aligns to the next byte. */
  interface BitReader {
    (count: number | null): number;
    readonly bytesRead: number;
  }
  function bitIterator(nextBuffer: () => Uint8Array | undefined): BitReader;
  export = bitIterator;
}

declare module "unbzip2-stream/lib/bzip2.js" {
  type BitReader = ReturnType<typeof import("unbzip2-stream/lib/bit_iterator.js")>;

  const bz2: {
    /** Size of the blocks, in 100,000 bytes. */
    header(bits: BitReader): number;
    /** Undoes a block; the checksum so far, or null behind the last block. */
    decompress(
      bits: BitReader,
      push: (byte: number) => void,
      buffer: Int32Array,
      size: number,
      crc: number | null,
    ): number | null;
  };
  export = bz2;
}
