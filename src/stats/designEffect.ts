/**
 * How much larger the variance of a share is than that of independent trials, judged from clusters of trials that hang
 * together (all requests of a client, all of an hour): the ratio of the variance between clusters to the binomial one
 * (Kish, "Survey Sampling", 1965; Rao and Scott 1992 divide counts by it before a test of independence).
 *
 * @param hits - by cluster
 * @param trials - by cluster
 * @returns NaN if nothing can be told: no variance, or fewer than two clusters
 */
export function designEffect(hits: ArrayLike<number>, trials: ArrayLike<number>): number {
  let allHits = 0;
  let all = 0;
  let clusters = 0;
  for (let c = 0; c < trials.length; c++) {
    allHits += hits[c]!;
    all += trials[c]!;
    if (trials[c]! > 0) clusters++;
  }
  const share = allHits / all;
  const binomial = all * share * (1 - share);
  if (clusters < 2 || !(binomial > 0)) return Number.NaN;
  let between = 0;
  for (let c = 0; c < trials.length; c++) between += (hits[c]! - share * trials[c]!) ** 2;
  return ((between / binomial) * clusters) / (clusters - 1);
}
