import { decodeIntegers, decodePlanes, encodeIntegers, encodePlanes } from "../io/columnCodec.js";
import type { Measure } from "./measure.js";
import { sumMeasure } from "./sumMeasure.js";

export interface ByteColumns {
  /** Sum of the known response sizes. */
  readonly bytes: Float64Array;
}

const sums = sumMeasure<ByteColumns>({
  name: "bytes",
  columns: { bytes: "f64" },
  amounts: {
    bytes:
      ({ bytes: sizes }) =>
      (row) =>
        Math.max(0, sizes[row]! || 0),
  },
  sql: { bytes: "sum(weight * bytes)" },
  figures: { bytes: { empty: 0, sum: (state) => state.bytes } },
});

/** Bytes sent. They are saved as whole numbers where they all are, which is shorter. */
export const bytes: Measure<ByteColumns> = {
  ...sums,
  save: ({ bytes: sizes }) => {
    const wholeBytes = sizes.every((size) => Number.isSafeInteger(size) && size >= 0);
    return {
      columns: {},
      packed: { bytes: wholeBytes ? encodeIntegers(sizes) : encodePlanes(sizes) },
      facts: { wholeBytes },
    };
  },
  load: ({ fact, section, groups }) => {
    const decode = fact("wholeBytes") ? decodeIntegers<Float64Array> : decodePlanes<Float64Array>;
    return { bytes: decode(section("bytes"), new Float64Array(groups)) };
  },
};
