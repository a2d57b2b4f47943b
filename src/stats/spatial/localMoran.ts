import { benjaminiHochberg } from "../benjaminiHochberg.js";
import { normalUpperTail } from "../normal.js";
import { checkValues, deviations, type SpatialWeights, spatialLag } from "./spatialWeights.js";

/** Local Moran's I by region. */
export interface LocalMoran {
  readonly i: Float64Array;
  readonly expected: Float64Array;
  readonly variance: Float64Array;
  readonly z: Float64Array;
  /** Two-sided. */
  readonly pValue: Float64Array;
  /** Adjusted for the number of regions (Benjamini–Hochberg): significant at or below the share of false ones accepted. */
  readonly adjusted: Float64Array;
}

export interface LocalMoranOptions {
  /**
   * What is held fixed: each region's own value, while the others are shuffled (`conditional`, default; Sokal 1998), or
   * nothing (`total`; Anselin 1995).
   */
  readonly randomization?: "conditional" | "total";
}

/**
 * Local Moran's I: which regions lie among their like, and which among their opposite. The same as spdep's `localmoran`.
 *
 * Throws `lengths-differ` and `bad-value`.
 */
export function localMoran(
  values: ArrayLike<number>,
  weights: SpatialWeights,
  options: LocalMoranOptions = {},
): LocalMoran {
  checkValues(weights, values);
  const n = values.length;
  const z = deviations(values);
  const lag = spatialLag(weights, z);
  const m2 = z.reduce((sum, v) => sum + v * v, 0) / n;
  const b2 = z.reduce((sum, v) => sum + v ** 4, 0) / n / (m2 * m2);
  const result = {
    i: new Float64Array(n),
    expected: new Float64Array(n),
    variance: new Float64Array(n),
    z: new Float64Array(n),
  };
  const pValue = new Float64Array(n);
  for (let k = 0; k < n; k++) {
    const { sum, squares } = rowSums(weights, k);
    const own = z[k]!;
    result.i[k] = (own / m2) * lag[k]!;
    if (options.randomization === "total") {
      result.expected[k] = -sum / (n - 1);
      result.variance[k] =
        (squares * (n - b2)) / (n - 1) +
        ((sum * sum - squares) * (2 * b2 - n)) / ((n - 1) * (n - 2)) -
        (sum / (n - 1)) ** 2;
    } else {
      result.expected[k] = -((own * own) / m2) * (sum / (n - 1));
      result.variance[k] =
        (own / m2) ** 2 * (n / (n - 2)) * (squares - (sum * sum) / (n - 1)) * (m2 - (own * own) / (n - 1));
    }
    result.z[k] = (result.i[k]! - result.expected[k]!) / Math.sqrt(result.variance[k]!);
    pValue[k] = Math.min(1, 2 * normalUpperTail(Math.abs(result.z[k]!)));
  }
  return { ...result, pValue, adjusted: benjaminiHochberg(pValue) };
}

function rowSums({ starts, weight }: SpatialWeights, row: number): { sum: number; squares: number } {
  let [sum, squares] = [0, 0];
  for (let k = starts[row]!; k < starts[row + 1]!; k++) {
    sum += weight[k]!;
    squares += weight[k]! ** 2;
  }
  return { sum, squares };
}
