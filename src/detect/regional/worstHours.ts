/** Buckets in which a place lost most, both included. */
export interface Span {
  readonly from: number;
  readonly to: number;
  readonly observed: number;
  readonly expected: number;
}

/**
 * The stretch in which a place lost most beyond a share of what was expected: the largest sum of
 * (1 - share) × expected - observed over consecutive buckets (Kadane); null where it lost that share in none.
 */
export function worstHours(
  observed: (bucket: number) => number,
  expected: (bucket: number) => number,
  from: number,
  to: number,
  share: number,
): Span | null {
  let best: Span | null = null;
  let [most, sum, start] = [0, 0, from];
  for (let t = from; t <= to; t++) {
    if (sum <= 0) [sum, start] = [0, t];
    sum += (1 - share) * expected(t) - observed(t);
    if (sum <= most) continue;
    most = sum;
    best = { from: start, to: t, observed: 0, expected: 0 };
  }
  if (best === null) return null;
  let [o, e] = [0, 0];
  for (let t = best.from; t <= best.to; t++) {
    o += observed(t);
    e += expected(t);
  }
  return { ...best, observed: o, expected: e };
}
