/** A straight line: value at 0 and change per unit. */
export interface Line {
  readonly intercept: number;
  readonly slope: number;
}

/** More points than this are taken together, neighbours with neighbours: slopes are tried pair by pair. */
const MOST_POINTS = 64;

/**
 * The line that most of the weighted points follow, whatever the rest do: the weighted median of the slopes between all
 * pairs, and of what is left over (Theil 1950, Sen 1968). Up to 29% of the weight may lie anywhere.
 *
 * More than 64 points are first taken together along x, by weighted medians of runs of about equal weight.
 *
 * @param weights - not negative
 * @returns undefined where there are no two different x with weight
 */
export function medianLine(x: ArrayLike<number>, y: ArrayLike<number>, weights: ArrayLike<number>): Line | undefined {
  const order = Array.from(x, (_, i) => i).filter((i) => weights[i]! > 0);
  order.sort((a, b) => x[a]! - x[b]!);
  const points = order.map((i) => ({ x: x[i]!, y: y[i]!, weight: weights[i]! }));
  const few = points.length > MOST_POINTS ? runsOf(points) : points;
  const slopes: number[] = [];
  const pairWeights: number[] = [];
  for (let a = 0; a < few.length; a++) {
    for (let b = a + 1; b < few.length; b++) {
      const dx = few[b]!.x - few[a]!.x;
      if (dx <= 0) continue;
      slopes.push((few[b]!.y - few[a]!.y) / dx);
      pairWeights.push(few[a]!.weight * few[b]!.weight * dx);
    }
  }
  if (slopes.length === 0) return undefined;
  const slope = weightedMedian(slopes, pairWeights);
  const rest = points.map((p) => p.y - slope * p.x);
  return {
    intercept: weightedMedian(
      rest,
      points.map((p) => p.weight),
    ),
    slope,
  };
}

/** The smallest value with at least half of the weight at or below it; NaN without weight. */
export function weightedMedian(values: ArrayLike<number>, weights: ArrayLike<number>): number {
  const order = Array.from(values, (_, i) => i).filter((i) => weights[i]! > 0);
  order.sort((a, b) => values[a]! - values[b]!);
  const half = order.reduce((sum, i) => sum + weights[i]!, 0) / 2;
  let sum = 0;
  for (const i of order) {
    sum += weights[i]!;
    if (sum >= half) return values[i]!;
  }
  return Number.NaN;
}

interface Point {
  readonly x: number;
  readonly y: number;
  readonly weight: number;
}

function runsOf(points: readonly Point[]): Point[] {
  const total = points.reduce((sum, p) => sum + p.weight, 0);
  const runs: Point[][] = [];
  let below = 0;
  for (const point of points) {
    const run = Math.min(MOST_POINTS - 1, Math.floor((MOST_POINTS * (below + point.weight / 2)) / total));
    runs[run] ??= [];
    runs[run].push(point);
    below += point.weight;
  }
  return runs.flat(0).map((run) => {
    const weights = run.map((p) => p.weight);
    return {
      x: weightedMedian(
        run.map((p) => p.x),
        weights,
      ),
      y: weightedMedian(
        run.map((p) => p.y),
        weights,
      ),
      weight: weights.reduce((sum, w) => sum + w, 0),
    };
  });
}
