/** Outcomes this much less likely than the likeliest are left out, and have a probability of 0 if asked for. */
const NEGLIGIBLE = 1e-300;

/**
 * Fisher's exact test of two shares, with mid-p: the probability, given both totals, of more hits in the second sample
 * than were seen, plus half of that of as many.
 *
 * The full p-value of a discrete test is larger than it promises to be; mid-p is close to it on average (Lancaster 1961;
 * Agresti, "Categorical Data Analysis", 2013, section 16.6).
 *
 * @param hits1 - integer in [0, n1]
 * @param hits2 - integer in [0, n2]
 * @returns how surprising it is that the second share is so much `greater`, and so much `less`; they add up to 1
 */
export function fisherMidP(hits1: number, n1: number, hits2: number, n2: number): { greater: number; less: number } {
  const hits = hits1 + hits2;
  const most = Math.min(hits, n2);
  const least = Math.max(0, hits - n1);
  if (most === least) return { greater: 0.5, less: 0.5 };
  const mode = Math.min(most, Math.max(least, Math.floor(((hits + 1) * (n2 + 1)) / (n1 + n2 + 2))));
  // Relative to the likeliest outcome, each probability is the one before it times a ratio of whole numbers.
  const up = (x: number): number => ((n2 - x) * (hits - x)) / ((x + 1) * (n1 - hits + x + 1));
  let above = 0;
  let below = 0;
  let same = 0;
  const add = (x: number, weight: number): void => {
    if (x > hits2) above += weight;
    else if (x < hits2) below += weight;
    else same = weight;
  };
  for (let x = mode, weight = 1; x <= most && weight > NEGLIGIBLE; weight *= up(x), x++) add(x, weight);
  for (let x = mode - 1, weight = 1 / up(mode - 1); x >= least && weight > NEGLIGIBLE; x--, weight /= up(x))
    add(x, weight);
  const total = above + below + same;
  return { greater: (above + same / 2) / total, less: (below + same / 2) / total };
}
