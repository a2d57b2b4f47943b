/** A range of addresses and what it stands for. */
export interface NetworkRange {
  readonly family: 4 | 6;
  /** First and last address, as integers of 32 or 128 bits. */
  readonly first: bigint;
  readonly last: bigint;
  readonly group: number;
}

/** Finds the ranges that hold an address, by bisection. Ranges may overlap. */
export class NetworkGroups {
  readonly #ranges: Readonly<Record<4 | 6, readonly NetworkRange[]>>;
  /** By range: the greatest last address among it and those before it. */
  readonly #reach: Readonly<Record<4 | 6, readonly bigint[]>>;

  constructor(ranges: readonly NetworkRange[]) {
    const sorted = (family: 4 | 6): NetworkRange[] =>
      ranges
        .filter((range) => range.family === family)
        .sort((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : 0));
    const reach = (list: readonly NetworkRange[]): bigint[] => {
      let most = -1n;
      return list.map(({ last }) => (most = last > most ? last : most));
    };
    this.#ranges = { 4: sorted(4), 6: sorted(6) };
    this.#reach = { 4: reach(this.#ranges[4]), 6: reach(this.#ranges[6]) };
  }

  /** Groups of the ranges that hold the address, in no order, with repeats. */
  findAll(family: 4 | 6, address: bigint): number[] {
    const ranges = this.#ranges[family];
    let end = 0;
    for (let above = ranges.length; end < above; ) {
      const middle = (end + above) >>> 1;
      if (ranges[middle]!.first <= address) end = middle + 1;
      else above = middle;
    }
    const groups: number[] = [];
    for (let i = end - 1; i >= 0 && this.#reach[family][i]! >= address; i--) {
      if (ranges[i]!.last >= address) groups.push(ranges[i]!.group);
    }
    return groups;
  }
}
