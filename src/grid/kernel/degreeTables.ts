/** Sine and cosine of whole degrees, from -180 to 180: those of degree d are at 2 (d + 180) and the place after it. */
export function degreeTable(): Float64Array {
  const table = new Float64Array(2 * 361);
  for (let d = -180; d <= 180; d++) {
    table[2 * (d + 180)] = sinOfDegrees(d);
    table[2 * (d + 180) + 1] = sinOfDegrees(90 - Math.abs(d));
  }
  return table;
}

/** Exact at multiples of 90; elsewhere folded to the first quadrant, where Math.sin loses least. */
function sinOfDegrees(d: number): number {
  if (d < 0) return -sinOfDegrees(-d);
  if (d > 90) return sinOfDegrees(180 - d);
  return d > 45 ? Math.cos(((90 - d) * Math.PI) / 180) : Math.sin((d * Math.PI) / 180);
}
