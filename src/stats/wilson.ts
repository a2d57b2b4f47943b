/** Two-sided 95%. */
export const Z_95 = 1.959963984540054;

/**
 * Wilson's score interval of a share.
 *
 * @param hits - in [0, n]
 * @param n - trials; with none the share may be anything: [0, 1]
 * @param z - half-width in standard errors; default 95%
 *
 * Source: Wilson 1927; keeps its coverage where the share is near 0 or 1 and n is small.
 */
export function wilson(hits: number, n: number, z = Z_95): readonly [low: number, high: number] {
  if (n === 0) return [0, 1];
  const share = hits / n;
  const scale = 1 / (1 + (z * z) / n);
  const middle = share + (z * z) / (2 * n);
  const half = z * Math.sqrt((share * (1 - share)) / n + (z * z) / (4 * n * n));
  return [hits === 0 ? 0 : scale * (middle - half), hits === n ? 1 : scale * (middle + half)];
}
