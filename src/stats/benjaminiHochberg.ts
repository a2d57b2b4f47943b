/**
 * Adjusts p-values so that calling significant all at or below q keeps the expected share of false discoveries at q
 * (Benjamini and Hochberg 1995). The same as R's `p.adjust(p, "BH")`.
 *
 * @param pValues - each in [0, 1]; NaN stays NaN and counts for nothing
 * @param tests - how many tests were made, where that is more than those listed. Default: how many are listed
 */
export function benjaminiHochberg(pValues: ArrayLike<number>, tests?: number): Float64Array {
  const adjusted = new Float64Array(pValues.length).fill(Number.NaN);
  const order = Array.from(pValues, (_, i) => i).filter((i) => !Number.isNaN(pValues[i]!));
  order.sort((a, b) => pValues[b]! - pValues[a]! || b - a);
  const total = Math.max(tests ?? order.length, order.length);
  let smallest = 1;
  order.forEach((i, k) => {
    smallest = Math.min(smallest, (pValues[i]! * total) / (order.length - k));
    adjusted[i] = smallest;
  });
  return adjusted;
}
