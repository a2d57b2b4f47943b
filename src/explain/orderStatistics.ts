/**
 * Quickselect (Hoare's FIND, median of three) of several order statistics.
 *
 * @param values - length n; reordered
 * @param ranks - ascending positions in the sorted order, each in [0, n)
 * @returns the value at each rank
 */
export function orderStatistics(values: Float64Array, ranks: readonly number[]): number[] {
  let low = 0;
  return ranks.map((rank) => {
    select(values, rank, low, values.length - 1);
    low = rank;
    return values[rank]!;
  });
}

function select(values: Float64Array, rank: number, from: number, to: number): void {
  let [low, high] = [from, to];
  while (low < high) {
    const pivot = medianOfThree(values[low]!, values[(low + high) >> 1]!, values[high]!);
    let [i, j] = [low, high];
    while (i <= j) {
      while (values[i]! < pivot) i++;
      while (values[j]! > pivot) j--;
      if (i > j) break;
      const swapped = values[i]!;
      values[i++] = values[j]!;
      values[j--] = swapped;
    }
    if (rank <= j) high = j;
    else if (rank >= i) low = i;
    else return;
  }
}

const medianOfThree = (a: number, b: number, c: number): number =>
  Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
