import { greatCircleKm } from "../../core/sphere.js";

/**
 * How alike the detours of two ends are, in three ways. Variances are of the logarithm of latency over the line of
 * distance; lengths are round numbers from a city's surroundings to a continent's.
 */
const OWN = { variance: 0.01, lengthKm: 3000, itself: 0.3, network: 0.3 };
const WIDE = { variance: 0.08, itself: 0.01 };
const NEAR = { variance: 0.002, itself: 0.1 };

/** How far detours are alike, in kilometres: of continents, and of cities. */
export interface KernelLengths {
  readonly wideKm: number;
  readonly nearKm: number;
}

/** Where there is too little to choose by. */
export const USUAL_LENGTHS: KernelLengths = { wideKm: 12_000, nearKm: 600 };

/** Columns that tell where ends are; as {@link EndTable} has them. */
export interface EndColumns {
  readonly lat: ArrayLike<number>;
  readonly lon: ArrayLike<number>;
  readonly network: ArrayLike<number>;
  readonly site: ArrayLike<number>;
}

/** Similarities of ends; each a number for one end and one row of others. */
export interface EndSimilarity {
  /** What an end adds to all its pairs: the last mile, a server's own cost. */
  readonly own: Float64Array;
  /** Factors of products over both ends, square roots of the variance included. */
  readonly wide: Float64Array;
  readonly near: Float64Array;
}

/** Memory for similarities with `count` ends. */
export function endSimilarity(count: number): EndSimilarity {
  return { own: new Float64Array(count), wide: new Float64Array(count), near: new Float64Array(count) };
}

/** Writes the similarity of two ends to a place in columns: exponential in the distance between them. */
export function writeSimilarity(
  out: EndSimilarity,
  at: number,
  km: number,
  isSame: boolean,
  isSameNetwork: boolean,
  { wideKm, nearKm }: KernelLengths,
): void {
  const same = isSame ? 1 : 0;
  const decay = (lengthKm: number): number => Math.exp(-km / lengthKm);
  out.own[at] = OWN.variance * (decay(OWN.lengthKm) + OWN.itself * same + (isSameNetwork ? OWN.network : 0));
  out.wide[at] = (Math.sqrt(WIDE.variance) * (decay(wideKm) + WIDE.itself * same)) / (1 + WIDE.itself);
  out.near[at] = (Math.sqrt(NEAR.variance) * (decay(nearKm) + NEAR.itself * same)) / (1 + NEAR.itself);
}

/** The similarities of some ends with each other, row-major. */
export function similaritiesAmong(ends: EndColumns, rows: ArrayLike<number>, lengths: KernelLengths): EndSimilarity {
  const n = rows.length;
  const out = endSimilarity(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      const [a, b] = [rows[i]!, rows[j]!];
      const km = greatCircleKm(ends.lat[a]!, ends.lon[a]!, ends.lat[b]!, ends.lon[b]!);
      const isSameNetwork = ends.network[a]! > 0 && ends.network[a] === ends.network[b];
      writeSimilarity(out, i * n + j, km, ends.site[a] === ends.site[b], isSameNetwork, lengths);
      writeSimilarity(out, j * n + i, km, ends.site[a] === ends.site[b], isSameNetwork, lengths);
    }
  }
  return out;
}
