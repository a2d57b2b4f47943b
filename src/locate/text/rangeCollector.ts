import type { Prefix } from "../address/parseNetwork.js";
import { type PrefixId, prefixRanges } from "../ranges/prefixRanges.js";
import { Ranges4Builder } from "../ranges/ranges4.js";
import { Ranges6Builder } from "../ranges/ranges6.js";
import type { Layer } from "../sources/layer.js";

/**
 * Collects ranges with their ids: those that come in ascending order within each family and do not overlap as they are; or
 * networks in any order, of which the longest prefix that holds an address counts.
 */
export class RangeCollector {
  readonly #ranges4 = new Ranges4Builder();
  readonly #ranges6 = new Ranges6Builder();
  /** The first address after the last range of each family. */
  #next4 = 0n;
  #next6 = 0n;
  /** Networks in any order; undefined for ranges in order, which take a tenth of the memory. */
  readonly #networks: PrefixId[] | undefined;

  /** @param isAnyOrder - whether ranges are networks that may come in any order and within each other */
  constructor(isAnyOrder: boolean) {
    this.#networks = isAnyOrder ? [] : undefined;
  }

  /** Adds a range; false where it begins within or before an earlier one and must not. */
  add(prefix: Prefix, id: number): boolean {
    if (this.#networks !== undefined) this.#networks.push({ prefix, id });
    else if (prefix.first < (prefix.family === 4 ? this.#next4 : this.#next6)) return false;
    else this.#push(prefix, id);
    return true;
  }

  /** All ranges as a layer. */
  layer(): Layer {
    if (this.#networks !== undefined) {
      const covers = (family: 4 | 6): boolean => this.#networks!.some(({ prefix }) => prefix.family === family);
      return { ...prefixRanges(this.#networks), covers4: covers(4), covers6: covers(6) };
    }
    const covers4 = this.#next4 > 0n;
    const covers6 = this.#next6 > 0n;
    if (this.#next4 < 1n << 32n) this.#ranges4.push(Number(this.#next4), 0);
    if (this.#next6 < 1n << 128n) this.#push6(this.#next6, 0);
    return { ranges4: this.#ranges4.ranges(), ranges6: this.#ranges6.ranges(), covers4, covers6 };
  }

  #push({ family, first, last }: Prefix, id: number): void {
    if (family === 4) {
      if (first > this.#next4) this.#ranges4.push(Number(this.#next4), 0);
      this.#ranges4.push(Number(first), id);
      this.#next4 = last + 1n;
    } else {
      if (first > this.#next6) this.#push6(this.#next6, 0);
      this.#push6(first, id);
      this.#next6 = last + 1n;
    }
  }

  #push6(start: bigint, id: number): void {
    const word = (shift: bigint): number => Number((start >> shift) & 0xffffffffn);
    this.#ranges6.push(word(96n), word(64n), word(32n), word(0n), id);
  }
}
