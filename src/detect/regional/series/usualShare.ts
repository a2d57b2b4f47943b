/**
 * What is usual of a source at the time of day of a bucket, outside of a silence, a bucket: its own requests, those of
 * others, and its share of all.
 */
export function usualAt(own: Float64Array, all: Float64Array, perDay: number, t: number, from: number, to: number) {
  let [mine, total, buckets] = [0, 0, 0];
  const near = Math.max(1, Math.round(perDay / 24));
  for (let at = t % perDay; at < own.length; at += perDay) {
    for (let k = Math.max(0, at - near); k <= Math.min(own.length - 1, at + near); k++) {
      if (k >= from && k <= to) continue;
      mine += own[k]!;
      total += all[k]!;
      buckets++;
    }
  }
  if (total === 0) {
    for (let k = Math.max(0, from - perDay); k < from; k++) {
      mine += own[k]!;
      total += all[k]!;
      buckets++;
    }
  }
  const perBucket = Math.max(1, buckets);
  return { share: total > 0 ? mine / total : 0, mine: mine / perBucket, rest: (total - mine) / perBucket };
}
