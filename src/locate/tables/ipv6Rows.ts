import { type AddressColumn, IPV4, IPV6 } from "../../core/addressColumn.js";
import { embeddedIpv4 } from "../address/embeddedIpv4.js";
import { findIpv4, type Table4 } from "./table4.js";

/** Rows that are looked up at a time: few enough to stay in a fast cache. */
export const BLOCK_ROWS = 4096;

/** The IPv6 rows of a block side by side, to be looked up together. */
export class Ipv6Rows {
  count = 0;
  /** Of each the row in its column, and its four words. */
  readonly rows = new Uint32Array(BLOCK_ROWS);
  readonly words: Uint32Array;

  /** @param words - length at least 4 × {@link BLOCK_ROWS} */
  constructor(words: Uint32Array = new Uint32Array(4 * BLOCK_ROWS)) {
    this.words = words;
  }

  /**
   * Collects the IPv6 rows among [from, end).
   *
   * @param other - called with each row that is neither IPv4 nor such a row, and its pair: addresses that carry an IPv4
   *   address, and rows that hold none
   */
  collect(
    { family, value, words: from6 }: AddressColumn,
    from: number,
    end: number,
    table4: Table4,
    other: (row: number, pair: number) => void,
  ): void {
    const { rows, words } = this;
    let count = 0;
    for (let i = from; i < end; i++) {
      const f = family[i]!;
      if (f === IPV4) continue;
      if (f !== IPV6) {
        other(i, 0);
        continue;
      }
      const at = 4 * value[i]!;
      const w0 = from6[at]!;
      const w1 = from6[at + 1]!;
      const w2 = from6[at + 2]!;
      const w3 = from6[at + 3]!;
      const inner = embeddedIpv4(w0, w1, w2, w3);
      if (inner >= 0) {
        other(i, findIpv4(table4, inner));
        continue;
      }
      words[4 * count] = w0;
      words[4 * count + 1] = w1;
      words[4 * count + 2] = w2;
      words[4 * count + 3] = w3;
      rows[count++] = i;
    }
    this.count = count;
  }
}
