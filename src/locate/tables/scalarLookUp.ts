import type { AddressColumn } from "../../core/addressColumn.js";
import { embeddedIpv4 } from "../address/embeddedIpv4.js";
import type { CompiledTable } from "./compiledTable.js";
import { BLOCK_ROWS, Ipv6Rows } from "./ipv6Rows.js";
import { findIpv4, findIpv4s } from "./table4.js";
import { findIpv6, findIpv6s } from "./table6.js";

/** Looks rows of a column of addresses up. */
export interface RowLookUp {
  /**
   * Writes the place id and the network id of the rows [from, end), at most {@link BLOCK_ROWS}; 0 where there is none.
   *
   * @param networks - not written if undefined
   */
  find(column: AddressColumn, from: number, end: number, places: Uint32Array, networks: Uint32Array | undefined): void;
}

/** {@link RowLookUp} by loops, which run everywhere. */
export function scalarLookUp(table: CompiledTable): RowLookUp {
  const rows6 = new Ipv6Rows();
  const pairs6 = new Uint32Array(BLOCK_ROWS);
  return {
    find(column, from, end, places, networks) {
      if (!findIpv4s(table.table4, column.family, column.value, from, end, places)) {
        rows6.collect(column, from, end, table.table4, (row, pair) => {
          places[row] = pair;
        });
        findIpv6s(table.table6, rows6.words, rows6.count, pairs6);
        for (let i = 0; i < rows6.count; i++) places[rows6.rows[i]!] = pairs6[i]!;
      }
      splitPairs(table, places, networks, from, end);
    },
  };
}

/** The pair id of the IPv6 address with these four words. */
export function pairOfIpv6({ table4, table6 }: CompiledTable, words: Uint32Array): number {
  const [w0, w1, w2, w3] = words as unknown as [number, number, number, number];
  const inner = embeddedIpv4(w0, w1, w2, w3);
  return inner >= 0 ? findIpv4(table4, inner) : findIpv6(table6, w0, w1, w2, w3);
}

/** Replaces the pair ids in rows [from, to) of `places` by their place ids, and writes their network ids. */
function splitPairs(
  { pairPlace, pairNetwork, plainPairs }: CompiledTable,
  places: Uint32Array,
  networks: Uint32Array | undefined,
  from: number,
  to: number,
): void {
  if (networks !== undefined) {
    for (let i = from; i < to; i++) {
      const pair = places[i]!;
      networks[i] = pair < plainPairs ? 0 : pairNetwork[pair - plainPairs]!;
    }
  }
  for (let i = from; i < to; i++) {
    const pair = places[i]!;
    if (pair >= plainPairs) places[i] = pairPlace[pair - plainPairs]!;
  }
}
