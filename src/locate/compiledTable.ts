import { type Allocate, copied } from "../core/grown.js";
import { buildTable6 } from "./buildTable6.js";
import type { Layer } from "./layer.js";
import type { PairTable } from "./pairTable.js";
import { buildTable4, type Table4 } from "./table4.js";
import type { Table6 } from "./table6.js";

/** Everything that a look-up reads: address → pair id → place id and network id. */
export interface CompiledTable {
  readonly table4: Table4;
  readonly table6: Table6;
  /** Place id and network id of each pair id. */
  readonly pairPlace: Uint32Array;
  readonly pairNetwork: Uint32Array;
  /** Pairs below this are of the place with their own number and no network, which spares looking them up. */
  readonly plainPairs: number;
  /** Whether a database says anything about the family. */
  readonly covers4: boolean;
  readonly covers6: boolean;
}

/** Builds the indexes over a layer's ranges, in steps. */
export function* compileTable(layer: Layer, pairs: PairTable, allocate: Allocate): Generator<undefined, CompiledTable> {
  const table4 = yield* buildTable4(layer.ranges4, allocate);
  const table6 = yield* buildTable6(layer.ranges6, allocate);
  const pairPlace = copied(pairs.place, pairs.length, allocate);
  const pairNetwork = copied(pairs.network, pairs.length, allocate);
  const plainPairs = countPlain(pairPlace, pairNetwork);
  return { table4, table6, pairPlace, pairNetwork, plainPairs, covers4: layer.covers4, covers6: layer.covers6 };
}

function countPlain(pairPlace: Uint32Array, pairNetwork: Uint32Array): number {
  let count = 0;
  while (count < pairPlace.length && pairPlace[count] === count && pairNetwork[count] === 0) count++;
  return count;
}

/**
 * Replaces the pair ids in rows [from, to) of `places` by their place ids, and writes their network ids.
 *
 * @param places - pair ids in, place ids out
 * @param networks - at least as long; not written if undefined
 */
export function splitPairs(
  table: CompiledTable,
  places: Uint32Array,
  networks: Uint32Array | undefined,
  from: number,
  to: number,
): void {
  const { pairPlace, pairNetwork, plainPairs } = table;
  if (networks !== undefined) {
    for (let i = from; i < to; i++) {
      const pair = places[i]!;
      networks[i] = pair < plainPairs ? 0 : pairNetwork[pair]!;
    }
  }
  for (let i = from; i < to; i++) {
    const pair = places[i]!;
    if (pair >= plainPairs) places[i] = pairPlace[pair]!;
  }
}
