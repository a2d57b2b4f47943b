import { cubeError } from "../../errors.js";
import { decodeIntegers, decodePlanes } from "../../io/columnCodec.js";
import { savedCount } from "./savedState.js";

/**
 * Values of a saved column that stand by themselves, or behind an index. Throws `bad-cube-file`.
 *
 * @param distinct - how many values there are behind the index; 0 if there is none
 */
export function repeatedValues(
  planes: Uint8Array,
  index: () => Uint8Array,
  distinct: unknown,
  rows: number,
): Uint32Array {
  if (distinct === 0) return decodePlanes(planes, new Uint32Array(rows));
  const values = decodePlanes(planes, new Uint32Array(savedCount(distinct)));
  const at = decodeIntegers(index(), new Uint32Array(rows));
  for (let i = 0; i < rows; i++) {
    if (at[i]! >= values.length) throw cubeError("bad-cube-file", { reason: "an index points nowhere" });
    at[i] = values[at[i]!]!;
  }
  return at;
}
