import type { Cube } from "../../../cube/cube.js";
import type { LostSource } from "./lostSources.js";

/**
 * The share of each site's traffic whose sources report, by bucket and site; undefined where all of them always do.
 *
 * @param n - sites
 * @param siteOf - site by group of the cube
 * @param first - buckets before it are covered by few sources, and count as unreported
 */
export function reportedShares(
  cube: Cube,
  n: number,
  siteOf: Uint32Array,
  bucketCount: number,
  lost: readonly LostSource[],
  first: number,
): Float32Array | undefined {
  if (lost.length === 0 && first === 0) return undefined;
  const { groups } = cube;
  const reported = new Float32Array(n * bucketCount).fill(1);
  reported.fill(0, 0, first * n);
  for (const { dimension, code, from, to } of lost) {
    const codes = groups.codes[dimension]!;
    const [mine, all] = [new Float64Array(n), new Float64Array(n)];
    for (let g = 0; g < groups.length; g++) {
      const t = groups.bucket[g]!;
      if (t >= from && t <= to) continue;
      all[siteOf[g]!]! += groups.count[g]!;
      if (codes[g] === code) mine[siteOf[g]!]! += groups.count[g]!;
    }
    for (let s = 0; s < n; s++) {
      if (mine[s] === 0) continue;
      const left = 1 - mine[s]! / all[s]!;
      for (let t = from; t <= to; t++) reported[t * n + s]! *= left < 0.02 ? 0 : left;
    }
  }
  return reported;
}
